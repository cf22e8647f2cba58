"""Edits that land after the end of a job was shown, by another process: the end is shown once more."""

import logging

from bot.domain.errors import StorageError
from bot.domain.job import Job
from bot.ports import JobStore

log = logging.getLogger(__name__)


async def look_after_edit(job: Job, store: JobStore) -> None:
    """Have the end shown again if others have ended the job meanwhile; `job` is the row that was shown.

    An edit may wait for a rate limit, for a repeat, or in a frozen process. Whether it landed before the end
    was shown or after it nobody can tell.
    """
    try:
        if await store.reopen_status(job):
            log.info("job %s: its end is shown again, an edit may have come after it", job.short_id)
    except StorageError as error:
        log.warning("job %s: nobody knows whether its end is shown: %s", job.short_id, error)

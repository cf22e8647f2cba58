"""A second copy of a delivered video, for another place than its own."""

import asyncio
from pathlib import Path

from bot.domain.job import Job
from bot.ports import Workspace


async def kept_copy(workspace: Workspace, job: Job, *, limit: int) -> Path | None:
    """Return a file of the video that is here and has at most `limit` bytes.

    The one that was posted plays everywhere, so it comes first; only the original is kept for long.
    """
    if job.result_message_id is None or not workspace.home.may_have(job):
        return None
    paths = [workspace.path(name) for name in (job.fitted_file, job.result_file) if name is not None]
    return await asyncio.to_thread(_first_that_fits, paths, limit)


def _first_that_fits(paths: list[Path], limit: int) -> Path | None:
    for path in paths:
        try:
            if path.stat().st_size <= limit:
                return path
        except OSError:
            pass  # swept, or deleted meanwhile
    return None

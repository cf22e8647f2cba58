"""Going on from a video where its own API can: what must be true for that."""

import asyncio
import logging
from typing import Protocol

from bot.domain.codes import Code
from bot.domain.errors import ProviderError
from bot.domain.job import Job, JobId
from bot.domain.remote import RemoteStatus
from bot.domain.states import JobState
from bot.domain.video import Source, SourceUse
from bot.jobs.models import Models, address
from bot.ports_provider import VideoProvider

log = logging.getLogger(__name__)

ASKING_SECONDS = 8.0
CHILDREN = 200
_REFUSED = frozenset({Code.SOURCE_GONE, Code.PROVIDER_REFUSED})


class Children(Protocol):
    """The jobs table, asked what was made from a video; raises `DatabaseUnavailable`."""

    async def descendants(self, job_id: JobId, *, limit: int) -> list[Job]:
        """Return what was made from the video and from those, in the order of their making."""


async def native_source(models: Models, children: Children, job: Job, use: SourceUse) -> Source | None:
    """Return what to name to the job's API so that it goes on from its own video, None where it would not.

    It would not where the model has no such order, where the API has forgotten the video (asked with a GET,
    which costs nothing), and where it has refused just this before.
    """
    named = models.named(address(job.provider, job.request.model))
    if named is None or job.remote_id is None:
        return None
    provider, model = named
    if use not in model.sources or provider.retired is not None:
        return None
    if any(was_refused(job, child, use) for child in await children.descendants(job.id, limit=CHILDREN)):
        return None
    return Source(use=use, remote_id=job.remote_id) if await _is_there(provider, job.remote_id) else None


def was_refused(job: Job, child: Job, use: SourceUse) -> bool:
    """Say whether the child is such an order about the job's video that its API did not take."""
    source = child.request.source
    asked = source is not None and source.use is use and source.remote_id == job.remote_id
    failed = child.state is JobState.FAILED and child.failure is not None and child.failure.code in _REFUSED
    return asked and failed


async def _is_there(provider: VideoProvider, remote_id: str) -> bool:
    try:
        async with asyncio.timeout(ASKING_SECONDS):
            video = await provider.poll(remote_id)
    except (ProviderError, TimeoutError) as error:
        log.info("%s does not show %s, so nothing goes on from it there: %s", provider.name, remote_id, error)
        return False
    return video.status is RemoteStatus.DONE

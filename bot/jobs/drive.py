"""One job in the hands of this process, and everything outside that it needs."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.codes import Code
from bot.domain.errors import NoRoom, NotAVideo, ProviderError, StorageError
from bot.domain.job import Job
from bot.domain.progress import Progress
from bot.jobs.attempts import Attempts
from bot.ports import Announcer, Clock, JobStore, Workspace
from bot.ports_media import MediaTools
from bot.ports_provider import ProviderCatalog, VideoProvider

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything outside that a job needs."""

    store: JobStore
    catalog: ProviderCatalog
    announcer: Announcer
    media: MediaTools
    workspace: Workspace
    clock: Clock
    rng: random.Random


@dataclass(slots=True, kw_only=True)
class Drive:
    """One job in the hands of this process: the row, and what is worth nothing after a restart.

    `under_way` counts the jobs of this process at the same provider, this one among them.
    """

    job: Job
    ports: Ports
    lease_is_good: Callable[[], bool]
    under_way: Callable[[], int]
    begin_after: float = 0.0
    polls: int = 0
    fetching: Attempts = field(default_factory=Attempts)
    nothing_posted_yet: bool = False
    settling: asyncio.Task[None] | None = None

    @property
    def provider(self) -> VideoProvider:
        """Return the job's provider.

        Raises:
            ProviderError: its card is no longer configured.
        """
        provider = self.ports.catalog.get(self.job.provider)
        if provider is None:
            raise ProviderError("its card is gone", provider=self.job.provider, code=Code.PROVIDER_LOST)
        return provider

    async def adopt(self, part: Path, name: str) -> int:
        """Give a finished file its name; the disk makes sure of it while the job goes on."""
        await self.settled()  # an earlier file of this job
        length = await self.ports.workspace.adopt(part, name)
        self.settling = asyncio.create_task(self.ports.workspace.settle(name))
        return length

    async def settled(self) -> None:
        """Wait until the disk has made sure; a disk that cannot is a matter for the log."""
        if self.settling is not None:
            try:
                await self.settling
            except (NoRoom, StorageError) as error:
                log.error("job %s: its file may not outlast a power cut: %s", self.job.short_id, error)

    async def is_whole(self, name: str) -> bool:
        """Say whether a file of an earlier process is still there and not cut short."""
        if self.settling is not None:
            return True
        if not self.ports.workspace.home.may_have(self.job):
            return False  # what has its name here is older than what the row means
        if name == self.job.still_file:
            return await asyncio.to_thread(_is_whole_jpeg, self.ports.workspace.path(name))
        try:
            await self.ports.media.check_video(self.ports.workspace.path(name))
        except NotAVideo:
            return False
        return True

    async def save(self, after: Job, note: str = "") -> None:
        """Write the row and go on with what it holds now."""
        self.job = await self.ports.store.save(self.job, after, note)

    def show(self, *, percent: int | None = None, trouble: bool = False, reason: Code | None = None) -> None:
        """Tell the member where the job stands."""
        progress = Progress(percent=percent, trouble=trouble, reason=reason)
        self.ports.announcer.progress(self.job, progress)


def _is_whole_jpeg(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9")

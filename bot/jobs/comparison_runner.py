"""Fills the messages of comparisons and shows their ends, in whichever process drives jobs.

Both are edits of the one message that the command's answer became, so a repeat after a crash posts nothing
twice; a claim keeps two processes from encoding the same videos.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.codes import Code
from bot.domain.comparison import Comparison, ComparisonId, Side
from bot.domain.errors import (
    BotError,
    DeliveryError,
    Forbidden,
    Gone,
    MediaError,
    NoRoom,
    StorageError,
    TooLarge,
    TryLater,
)
from bot.domain.job import Job
from bot.jobs.studio import original
from bot.ports import Clock, JobStore, Workspace
from bot.ports_comparison import ComparisonAnnouncer, ComparisonStore
from bot.ports_media import MediaTools

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
CLAIM_SECONDS = 30.0
LATER_SECONDS = 15.0
"""Discord or the disk is asked again so much later where nobody says when."""
SMALLEST = 10 << 20
"""Bytes that every place takes (reference: discord, uploads)."""
AROUND = 64 << 10
"""Bytes that the request needs beside the two files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPorts:
    """Everything outside that comparisons need."""

    store: ComparisonStore
    jobs: JobStore
    announcer: ComparisonAnnouncer
    media: MediaTools
    workspace: Workspace
    clock: Clock


class ComparisonRunner:
    """Looks at comparisons that are due, every second and when woken.

    `exclusive` says that no other process can open the database: claims of an earlier one are dead.
    """

    def __init__(
        self, ports: ComparisonPorts, *, exclusive: bool, tick_seconds: float = TICK_SECONDS
    ) -> None:
        self._ports = ports
        self._exclusive = exclusive
        self._tick = tick_seconds
        self._wake = asyncio.Event()
        self._away = False
        self._working: dict[ComparisonId, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    async def run(self) -> None:
        """Run until cancelled."""
        try:
            while True:
                self._wake.clear()
                await self._look()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._tick):
                        await self._wake.wait()
        finally:
            tasks = list(self._working.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        store = self._ports.store
        try:
            if self._exclusive:
                await store.free_all()
                self._exclusive = False  # from here on the claims are this process's own
            for comparison in await store.due(self._ports.clock.now()):
                if comparison.id not in self._working:
                    self._begin(comparison.id)
            self._away = False
        except StorageError as error:
            if not self._away:
                log.error("comparisons wait: %s", error)
            self._away = True

    def _begin(self, key: ComparisonId) -> None:
        task = asyncio.create_task(self.advance(key), name=f"comparison {key}")
        self._working[key] = task

        def ended(task: asyncio.Task[None]) -> None:
            self._working.pop(key, None)
            if not task.cancelled() and (error := task.exception()) is not None:
                # Its claim runs out, and then it is tried anew.
                unknown = None if isinstance(error, BotError) else error
                log.error("comparison %s cannot go on: %s", key, error, exc_info=unknown)

        task.add_done_callback(ended)

    async def advance(self, key: ComparisonId) -> None:
        """Do what is due, unless another process does.

        Raises:
            StorageError: the database failed; the row says what is left to do.
        """
        comparison = await self._ports.store.claim(key, CLAIM_SECONDS, self._ports.clock.now())
        if comparison is None:
            return
        async with self._held(key):
            try:
                await self._step(comparison)
            except TryLater as error:
                await self._later(comparison, error, error.retry_after)
            except NoRoom as error:
                await self._later(comparison, error, None)

    async def _later(self, comparison: Comparison, error: BotError, seconds: float | None) -> None:
        log.info("comparison %s has to wait: %s", comparison.id, error)
        at = self._ports.clock.now() + int((seconds or LATER_SECONDS) * 1000)
        await self._ports.store.look_at(comparison.id, at)

    @contextlib.asynccontextmanager
    async def _held(self, key: ComparisonId) -> AsyncIterator[None]:
        """Keep the claim for as long as the block runs."""

        async def hold() -> None:
            while True:
                await asyncio.sleep(CLAIM_SECONDS / 3)
                with contextlib.suppress(StorageError):
                    await self._ports.store.hold(key, CLAIM_SECONDS)

        holding = asyncio.create_task(hold(), name=f"holding comparison {key}")
        try:
            yield
        finally:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)

    async def _step(self, comparison: Comparison) -> None:
        store, now = self._ports.store, self._ports.clock.now()
        left = await self._ports.jobs.get(comparison.left)
        right = await self._ports.jobs.get(comparison.right)
        if left is None or right is None:
            return  # with a job its comparisons go
        if comparison.revealed_at is None and now >= comparison.ends_at:
            await store.end(comparison.id, now)
            comparison = await store.get(comparison.id) or comparison
        if comparison.revealed_at is not None:
            await self._reveal(comparison, left, right)
        elif not comparison.filled:
            await self._fill(comparison, {Side.A: left, Side.B: right})

    async def _reveal(self, comparison: Comparison, left: Job, right: Job) -> None:
        votes = await self._ports.store.votes(comparison.id)
        try:
            await self._ports.announcer.reveal(comparison, left, right, votes)
        except TryLater:
            raise
        except DeliveryError as error:
            log.warning("comparison %s: its end cannot be shown: %s", comparison.id, error)
        await self._ports.store.settle(comparison)

    async def _fill(self, comparison: Comparison, jobs: dict[Side, Job]) -> None:
        """Show the videos; where that can never be, say so and forget the comparison."""
        store, announcer = self._ports.store, self._ports.announcer
        try:
            if any(job.result is None for job in jobs.values()):
                raise Gone("a video was deleted before it could be compared")
            limit = await announcer.upload_limit(comparison)
            try:
                await self._open(comparison, jobs, limit)
            except TooLarge:
                if limit <= SMALLEST:
                    raise
                await self._open(comparison, jobs, SMALLEST)
        except TryLater:
            raise
        except (DeliveryError, MediaError) as error:
            log.warning("comparison %s cannot be shown: %s", comparison.id, error)
            # Forbidden or Gone may be the message itself, and then nobody can be told.
            with contextlib.suppress(Forbidden, Gone):
                await announcer.give_up(comparison, _reason(error))
            await store.remove(comparison.id)
        else:
            await store.opened(comparison)

    async def _open(self, comparison: Comparison, jobs: dict[Side, Job], limit: int) -> None:
        made: list[str] = []
        try:
            videos = {
                side: await self._ready(comparison, side, job, (limit - AROUND) // 2, made)
                for side, job in jobs.items()
            }
            await self._ports.announcer.open(comparison, videos)
        finally:
            await self._ports.workspace.discard(made)

    async def _ready(self, comparison: Comparison, side: Side, job: Job, limit: int, made: list[str]) -> Path:
        """Return a file of the video with at most `limit` bytes; new ones are added to `made`."""
        workspace, media = self._ports.workspace, self._ports.media
        path = original(job, workspace)
        if path is None or not await asyncio.to_thread(path.is_file):
            path = self._new(comparison, f"{side}-posted", made)
            await self._ports.announcer.fetch(job, path)
        size = (await asyncio.to_thread(path.stat)).st_size
        if size <= limit and not await media.needs_conversion(path):
            return path
        await workspace.check_room()
        smaller = self._new(comparison, f"{side}-small", made)
        await media.shrink_video(path, smaller, limit=limit, progress=_nobody_looks)
        return smaller

    def _new(self, comparison: Comparison, kind: str, made: list[str]) -> Path:
        """Name a file so that the housekeeper sweeps it where this process is killed."""
        name = f"fitted/{kind}-{comparison.id}.mp4"
        made.append(name)
        return self._ports.workspace.path(name)


def _nobody_looks(_percent: int) -> None:
    pass


def _reason(error: BotError) -> Code:
    return Code.COMPARE_TOO_LARGE if isinstance(error, MediaError | TooLarge) else Code.COMPARE_GONE

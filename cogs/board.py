"""Edits of status messages: the latest text wins, one in flight a message, at a pace that Discord bears."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from bot.domain.errors import DeliveryError, TextRefused, TryLater
from bot.domain.job import Job, JobId
from bot.domain.progress import Progress
from bot.domain.states import JobState
from bot.ports import Clock
from cogs.status import edit_interval

log = logging.getLogger(__name__)

STAGE_SECONDS = 1.0
"""Seconds between edits when the stage itself has changed."""
SETTLE_SECONDS = 0.25
"""A stage that passes in a blink is not worth an edit, and the upload is faster without one beside it."""

EDITS_A_SECOND = 20
"""So many over all channels: Discord takes 50 requests a second of a bot, and answers and videos go first."""

Edit = Callable[[Job, str], Awaitable[None]]
Write = Callable[[str], Awaitable[None]]
Look = Callable[[Job], Awaitable[None]]
Pace = Callable[[int, int], float]


async def no_matter(_job: Job) -> None:
    """Where one process has all jobs, nothing is edited behind its back."""


class Render(Protocol):
    """Writes the text of a status message, with or without what the member typed."""

    def __call__(self, job: Job, progress: Progress, *, prompt: bool = True) -> str:
        """Return the text."""


@dataclass(slots=True)
class _Entry:
    channel: int
    job: Job
    progress: Progress
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    shown: str | None = None
    shown_state: JobState | None = None
    shown_at: float = float("-inf")
    task: asyncio.Task[None] | None = None
    dirty: bool = True
    dead: bool = False
    prompt: bool = True
    new_stage: asyncio.Event = field(default_factory=asyncio.Event)


class StatusBoard:
    """Keeps status messages up to date without ever delaying a job.

    `edited` is told of each edit that is not the last one, when it has landed: another process may have shown
    the end meanwhile.
    """

    def __init__(
        self,
        *,
        edit: Edit,
        render: Render,
        clock: Clock,
        pace: Pace = edit_interval,
        stage_seconds: float = STAGE_SECONDS,
        settle_seconds: float = SETTLE_SECONDS,
        edited: Look = no_matter,
    ) -> None:
        self._edit = edit
        self._render = render
        self._clock = clock
        self._pace = pace
        self._stage_seconds = stage_seconds
        self._settle_seconds = settle_seconds
        self._edited = edited
        self._entries: dict[JobId, _Entry] = {}
        self._live: Counter[int] = Counter()

    async def open(self, job: Job, progress: Progress, first_edit: Write) -> None:
        """Show the first text through `first_edit`; later ones wait until it is done."""
        entry = self._entry(job, progress)
        async with entry.lock:
            await self._write_early(entry, job, progress, first_edit)

    def show(self, job: Job, progress: Progress) -> None:
        """Show this soon, unless something newer comes first."""
        entry = self._entry(job, progress)
        if entry.job.state is not job.state:
            entry.new_stage.set()
        entry.job, entry.progress, entry.dirty = job, progress, True
        if entry.dead:
            return
        if entry.task is None or entry.task.done():
            entry.task = asyncio.create_task(self._flush(entry), name=f"status {job.short_id}")

    async def close(self, job: Job) -> None:
        """Show the end now and forget the message.

        Raises:
            TryLater: Discord does not take it now.
        """
        entry = self._entry(job, Progress())
        if entry.task is not None:
            entry.task.cancel()
            await asyncio.gather(entry.task, return_exceptions=True)
        async with entry.lock:
            try:
                await self._write(entry, job, Progress(), partial(self._edit, job))
            except TryLater:
                raise
            except DeliveryError as error:
                log.info("job %s: its status message cannot be edited: %s", job.short_id, error)
        self._drop(job.id)

    def forget(self, job_id: JobId) -> None:
        """Show nothing more of a job that another process has; an edit under way is not cut off."""
        entry = self._drop(job_id)
        if entry is not None:
            entry.dirty = False
            if entry.task is not None and not entry.lock.locked():
                entry.task.cancel()

    async def stop(self) -> None:
        """End all edits."""
        tasks = [entry.task for entry in self._entries.values() if entry.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._entries.clear()
        self._live.clear()

    def _entry(self, job: Job, progress: Progress) -> _Entry:
        entry = self._entries.get(job.id)
        if entry is None:
            entry = self._entries[job.id] = _Entry(job.place.channel_id, job, progress)
            self._live[entry.channel] += 1
        return entry

    def _drop(self, job_id: JobId) -> _Entry | None:
        entry = self._entries.pop(job_id, None)
        if entry is not None:
            self._live[entry.channel] -= 1
            if not self._live[entry.channel]:
                del self._live[entry.channel]
        return entry

    async def _flush(self, entry: _Entry) -> None:
        while entry.dirty:
            await asyncio.sleep(self._settle_seconds)
            await self._pause(entry)
            async with entry.lock:
                entry.dirty = False
                job = entry.job
                try:
                    await self._write_early(entry, job, entry.progress, partial(self._edit, job))
                except TryLater as error:
                    entry.dirty = True
                    await asyncio.sleep(error.retry_after or 5.0)
                except DeliveryError as error:
                    log.info("job %s: its status message cannot be edited: %s", job.short_id, error)
                    entry.dead = True
                    return
                except Exception:  # an answer that the library cannot read; the next text is tried again
                    log.exception("job %s: its status message could not be edited", job.short_id)
                    return

    async def _write_early(self, entry: _Entry, job: Job, progress: Progress, write: Write) -> None:
        """Write a text that is not the last one."""
        try:
            await self._write(entry, job, progress, write)
        except Exception:
            await self._edited(job)  # only the reply may be missing
            raise
        await self._edited(job)

    async def _write(self, entry: _Entry, job: Job, progress: Progress, write: Write) -> None:
        """Write the text if it is new; where its words are refused, leave out the prompt from then on."""
        text = self._render(job, progress, prompt=entry.prompt)
        if text == entry.shown:
            return
        try:
            await write(text)
        except TextRefused:
            if not entry.prompt:
                raise
            entry.prompt = False
            text = self._render(job, progress, prompt=False)
            await write(text)
        entry.shown, entry.shown_state, entry.shown_at = text, job.state, time.monotonic()

    async def _pause(self, entry: _Entry) -> None:
        """Wait until this message may be edited again; a new stage may come sooner than a new percentage."""
        while (left := entry.shown_at + self._interval(entry) - time.monotonic()) > 0:
            entry.new_stage.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await entry.new_stage.wait()

    def _interval(self, entry: _Entry) -> float:
        busy = self._live[entry.channel]
        interval = self._pace(self._clock.now() - entry.job.created_at, busy)
        interval = max(interval, len(self._entries) / EDITS_A_SECOND)
        if entry.job.state is not entry.shown_state:
            return min(interval, max(self._stage_seconds, 0.2 * busy * self._stage_seconds))
        return interval

"""Edits of boards' messages: the newest text wins, one edit in flight a board, at a bearable pace."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.board import Board, BoardId
from bot.domain.errors import DeliveryError, StorageError, TextRefused, TryLater
from bot.domain.job import Job, JobId
from bot.domain.progress import Progress
from bot.domain.states import TERMINAL, JobState
from bot.ports import Clock
from bot.ports_board import BoardStore
from cogs.boards.text import Live
from cogs.status import edit_interval

log = logging.getLogger(__name__)

SETTLE_SECONDS = 0.25
STAGE_SECONDS = 1.0
"""Seconds between edits when a clip has got further than by a percentage."""

Edit = Callable[[Board, str], Awaitable[None]]


class Render(Protocol):
    """Writes the text of a board's message, with or without what the member typed."""

    def __call__(self, board: Board, live: Live, *, prompt: bool = True) -> str:
        """Return the text."""


@dataclass(slots=True)
class _Entry:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    progress: dict[JobId, Progress] = field(default_factory=dict)
    states: dict[JobId, JobState] = field(default_factory=dict)
    new_stage: asyncio.Event = field(default_factory=asyncio.Event)
    interval: float = STAGE_SECONDS
    shown: str | None = None
    shown_at: float = float("-inf")
    task: asyncio.Task[None] | None = None
    dirty: bool = False
    dead: bool = False
    prompt: bool = True


class BoardDisplay:
    """Shows boards: implements `bot.ports_board.BoardAnnouncer`. The rows are read anew for each edit."""

    def __init__(self, *, boards: BoardStore, edit: Edit, render: Render, clock: Clock) -> None:
        self._boards = boards
        self._edit = edit
        self._render = render
        self._clock = clock
        self._entries: dict[BoardId, _Entry] = {}

    def clip_moved(self, job: Job, progress: Progress) -> None:
        """Show soon how far a clip is. Its end makes the board due, and whoever looks then shows it."""
        board_id = BoardId(job.origin.board or "")
        if job.state in TERMINAL:
            self._let_go(board_id, job.id)
            return
        entry = self._entry(board_id)
        if entry.states.get(job.id) is not job.state:
            entry.new_stage.set()
        entry.progress[job.id], entry.states[job.id] = progress, job.state
        self._show(board_id, entry)

    def board_moved(self, board: Board) -> None:
        """Show the board soon."""
        entry = self._entry(board.id)
        entry.new_stage.set()
        self._show(board.id, entry)

    async def close_board(self, board: Board) -> None:
        """Show the board now and forget it.

        Raises:
            TryLater: Discord does not take it now.
        """
        entry = self._entry(board.id)
        async with entry.lock:  # an edit under way is not cut off: it would only be made twice
            entry.dirty = False
            if entry.task is not None:
                entry.task.cancel()
            try:
                await self._write(board.id, entry)
            except TryLater:
                raise
            except DeliveryError as error:
                log.info("board %s: its message cannot be edited: %s", board.short_id, error)
        self._entries.pop(board.id, None)

    async def stop(self) -> None:
        """End all edits."""
        tasks = [entry.task for entry in self._entries.values() if entry.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._entries.clear()

    def _entry(self, board_id: BoardId) -> _Entry:
        return self._entries.setdefault(board_id, _Entry())

    def _let_go(self, board_id: BoardId, job_id: JobId) -> None:
        entry = self._entries.get(board_id)
        if entry is not None:
            entry.progress.pop(job_id, None)
            entry.states.pop(job_id, None)
            if not entry.progress and (entry.task is None or entry.task.done()):
                del self._entries[board_id]

    def _show(self, board_id: BoardId, entry: _Entry) -> None:
        entry.dirty = True
        if not entry.dead and (entry.task is None or entry.task.done()):
            entry.task = asyncio.create_task(self._flush(board_id, entry), name=f"board {board_id}")

    async def _flush(self, board_id: BoardId, entry: _Entry) -> None:
        while entry.dirty:
            await asyncio.sleep(SETTLE_SECONDS)
            await _pause(entry)
            async with entry.lock:
                entry.dirty, later = False, 0.0
                try:
                    await self._write(board_id, entry)
                except (TryLater, StorageError) as error:
                    entry.dirty, later = True, getattr(error, "retry_after", None) or 5.0
                except DeliveryError as error:
                    log.info("board %s: its message cannot be edited: %s", board_id, error)
                    entry.dead = True
                    return
                except Exception:  # an answer that the library cannot read; the next text is tried again
                    log.exception("board %s: its message could not be edited", board_id)
                    return
            await asyncio.sleep(later)

    async def _write(self, board_id: BoardId, entry: _Entry) -> None:
        """Write the text if it is new; where its words are refused, leave out what was typed from then on."""
        board = await self._boards.get(board_id)
        if board is None or board.place is None:
            return
        jobs = {job.id: job for job in await self._boards.jobs(board_id)}
        live = Live(jobs=jobs, progress=entry.progress)
        text = self._render(board, live, prompt=entry.prompt)
        if text == entry.shown:
            return
        try:
            await self._edit(board, text)
        except TextRefused:
            if not entry.prompt:
                raise
            entry.prompt = False
            text = self._render(board, live, prompt=False)
            await self._edit(board, text)
        entry.shown, entry.shown_at = text, time.monotonic()
        entry.interval = edit_interval(self._clock.now() - board.created_at, 1)


async def _pause(entry: _Entry) -> None:
    """Wait until this message may be edited again; a new stage may come sooner than a new percentage."""
    while (left := entry.shown_at + entry.interval - time.monotonic()) > 0:
        if entry.new_stage.is_set():
            left = min(left, entry.shown_at + STAGE_SECONDS - time.monotonic())
            if left <= 0:
                break
            await asyncio.sleep(left)
            break
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):
                await entry.new_stage.wait()
    entry.new_stage.clear()

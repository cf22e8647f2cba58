"""Keeps boards going: orders what comes next, has them shown, from whichever process.

What matters is decided by compare-and-set on the board's row, together with the jobs that it takes: two
processes that see the same board order a clip once, and one that is killed leaves the board due.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.board import Board, BoardId, BoardKind, BoardState, Clip, ClipState, clip_job_id
from bot.domain.board_moves import before, ended, next_moves
from bot.domain.codes import Code
from bot.domain.errors import (
    InvalidRequest,
    MediaError,
    NoRoom,
    StaleBoard,
    StorageError,
    TryLater,
    UserError,
)
from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.join import Join
from bot.domain.origin import Origin, Relation
from bot.domain.video import Size, VideoRequest
from bot.jobs.models import Models, address
from bot.jobs.service import Engine
from bot.jobs.sketch import options_of
from bot.jobs.studio import STUDIO, original
from bot.ports import Clock, JobStore, Workspace
from bot.ports_board import BoardAnnouncer, BoardStore
from bot.ports_media import MediaTools

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
MOVES_AT_ONCE = 10
LATER_SECONDS = 5.0
"""Discord is asked again so much later where it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPorts:
    """Everything outside that a board needs."""

    boards: BoardStore
    jobs: JobStore
    announcer: BoardAnnouncer
    models: Models
    media: MediaTools
    workspace: Workspace
    clock: Clock


class BoardRunner:
    """Looks at boards that are due, every second and when woken."""

    def __init__(self, ports: BoardPorts, engine: Engine, *, tick_seconds: float = TICK_SECONDS) -> None:
        self._ports = ports
        self._engine = engine
        self._tick = tick_seconds
        self._wake = asyncio.Event()
        self._away = False
        self._later: dict[BoardId, float] = {}
        """When Discord may be asked again to take a board's end, by the monotonic clock."""

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            self._wake.clear()
            try:
                for board in await self._ports.boards.due():
                    await self._look(board)
                self._away = False
            except (StorageError, NoRoom) as error:
                if not self._away:
                    log.error("boards wait: %s", error)
                self._away = True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._tick):
                    await self._wake.wait()

    async def _look(self, board: Board) -> None:
        if time.monotonic() < self._later.get(board.id, 0.0):
            return
        self._later.pop(board.id, None)
        try:
            await self.advance(board)
        except StaleBoard:
            self._wake.set()  # it has moved on meanwhile: looked at anew
        except (StorageError, NoRoom):
            raise
        except Exception:  # one board must not keep the others from going on
            log.exception("board %s cannot go on", board.short_id)

    async def advance(self, board: Board) -> Board:
        """Order what comes next, show the board, and settle it; a board that must wait stays due.

        Raises:
            StaleBoard: another process, or a person, was quicker.
        """
        for _ in range(MOVES_AT_ONCE):
            after, jobs = await self._next(board)
            if after == board:
                break
            board = await self._ports.boards.change(board, after, jobs)
            if jobs:
                self._engine.wake()
        if board.state is BoardState.DONE:
            try:
                await self._ports.announcer.close_board(board)
            except TryLater as error:
                log.info("board %s: its end cannot be shown yet: %s", board.short_id, error)
                self._later[board.id] = time.monotonic() + (error.retry_after or LATER_SECONDS)
                return board
        else:
            self._ports.announcer.board_moved(board)
        await self._ports.boards.settle(board)
        return board

    async def _next(self, board: Board) -> tuple[Board, Sequence[Job]]:
        """Return the board as it is to be, and the jobs that this takes."""
        moves, place = next_moves(board), board.place
        if place is None:
            return board, ()
        if moves.end:
            return ended(board, self._ports.clock.now()), ()
        if moves.join:
            return self._join(board, place)
        jobs = []
        for clip in moves.start:
            try:
                job = await self._order(board, clip, place)
            except (UserError, MediaError) as error:
                log.warning("board %s: clip %d: %s", board.short_id, clip.position, error)
                board = board.with_clip(replace(clip, state=ClipState.FAILED, trouble=error.code))
            else:
                jobs.append(job)
                board = board.with_clip(_running(clip, job))
        return board, jobs

    async def _order(self, board: Board, clip: Clip, place: Place) -> Job:
        """Build the job of a clip; its picture is kept under the job's name."""
        job_id, earlier = clip_job_id(board, clip), before(board, clip) if board.chained else None
        picture, parent = await self._given(clip), clip.plan.parent
        if earlier is not None and picture is None:
            picture, parent = await self._end_of(board, earlier), earlier.job_id
        shape = None if picture is None else await self._ports.media.picture_size(picture)
        options = options_of(clip.plan, address(board.provider, board.model), board.size)
        provider, request = self._ports.models.check(options, shape)
        if picture is not None:
            fitted = await self._ports.media.fit_picture(picture, request.size)
            request = replace(request, picture=await self._ports.workspace.keep_picture(job_id, fitted))
        return self._job(board, place, clip, job_id, provider.name, request, parent, board.relation)

    async def _given(self, clip: Clip) -> bytes | None:
        if clip.plan.picture is None:
            return None
        try:
            return await asyncio.to_thread(self._ports.workspace.path(clip.plan.picture).read_bytes)
        except OSError as error:
            raise InvalidRequest(str(error), code=Code.PICTURE_GONE) from error

    async def _end_of(self, board: Board, clip: Clip) -> bytes:
        """Return the last good frame of a clip.

        In one long shot its colours stay near those of the first part. Scenes of a story may differ: what is
        brighter there is meant so.

        Raises:
            InvalidRequest: the video is not kept here, or has no good frame.
        """
        video = await self._video(clip)
        match = await self._video(board.done[0]) if board.kind is BoardKind.LONGER else None
        try:
            return await self._ports.media.good_frame(video, size=Size.parse(board.size), match=match)
        except MediaError as error:
            raise InvalidRequest(str(error), code=Code.NO_BEGINNING) from error

    async def _video(self, clip: Clip) -> Path:
        job = None if clip.job_id is None else await self._ports.jobs.get(clip.job_id)
        path = None if job is None else original(job, self._ports.workspace)
        if path is None or not await asyncio.to_thread(path.is_file):
            raise InvalidRequest(f"the video of clip {clip.position} is not here", code=Code.NO_BEGINNING)
        return path

    def _join(self, board: Board, place: Place) -> tuple[Board, Sequence[Job]]:
        joined = board.joined
        if joined is None:
            return board, ()
        sources = tuple(clip.job_id for clip in board.done if clip.job_id is not None)
        request = VideoRequest(
            prompt=joined.plan.prompt,
            size=Size.parse(board.size),
            seconds=sum(clip.plan.seconds for clip in board.done),
            join=Join(sources=sources, fade=board.fade, title=board.title),
        )
        job_id = clip_job_id(board, joined)
        job = self._job(board, place, joined, job_id, STUDIO, request, sources[0], Relation.JOIN)
        return board.with_clip(_running(joined, job)), (job,)

    def _job(
        self,
        board: Board,
        place: Place,
        clip: Clip,
        job_id: JobId,
        provider: str,
        request: VideoRequest,
        parent: str | None,
        relation: Relation,
    ) -> Job:
        now = self._ports.clock.now()
        return Job(
            id=job_id,
            short_id=short_id(job_id),
            provider=provider,
            user_id=board.user_id,
            place=place,
            request=request,
            created_at=now,
            due_at=now,
            locale=board.locale,
            origin=Origin(parent=parent, relation=relation, board=board.id, clip=clip.position),
        )


def _running(clip: Clip, job: Job) -> Clip:
    return replace(clip, state=ClipState.RUNNING, attempt=clip.attempt + 1, job_id=job.id, trouble=None)

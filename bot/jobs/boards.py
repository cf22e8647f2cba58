"""What members do with boards: propose, start, redo, change, leave out, stop."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.domain import board_moves
from bot.domain.board import (
    JOINED,
    Board,
    BoardId,
    BoardState,
    Clip,
    ClipPlan,
    ClipState,
    clips_of,
)
from bot.domain.capabilities import Option, Support
from bot.domain.codes import Code
from bot.domain.errors import (
    BoardNotFound,
    InvalidRequest,
    NotYourJob,
    StaleBoard,
    TooLate,
    UnreadableImage,
)
from bot.domain.job import JobId, Place, normalise_short_id
from bot.domain.states import JobState
from bot.domain.video import Size
from bot.jobs.actor import Actor
from bot.jobs.models import Models, address
from bot.jobs.service import Engine
from bot.jobs.sketch import Quote, Sketch, anew, options_of, quote_of
from bot.ports import Clock, JobStore, SettingsStore, Workspace
from bot.ports_board import BoardStore
from bot.ports_media import MediaTools

ATTEMPTS = 8
"""A board changes under a press when a clip ends: so often the press is tried anew."""


class BoardService:
    """The use cases of boards."""

    def __init__(
        self,
        *,
        boards: BoardStore,
        jobs: JobStore,
        settings: SettingsStore,
        models: Models,
        media: MediaTools,
        workspace: Workspace,
        engine: Engine,
        wake: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._boards = boards
        self._jobs = jobs
        self._settings = settings
        self._models = models
        self._media = media
        self._workspace = workspace
        self._engine = engine
        self._wake = wake
        self._clock = clock

    async def propose(self, sketch: Sketch, *, key: BoardId, user_id: int, locale: str) -> Board:
        """Keep a board that its author has yet to start; nothing is ordered.

        `key` is the interaction id: the same key is the same board.

        Raises:
            InvalidRequest: some clip cannot be taken as it is, or the model cannot begin with a picture.
        """
        return await self._boards.add(await self._board(sketch, key, user_id, locale))

    def quote(self, board: Board) -> Quote:
        """Add up what the clips that are still to be made take."""
        return quote_of(self._models, board)

    async def revise(self, board: Board, sketch: Sketch) -> Board:
        """Put what the sketch says into the place of a proposal; its id and its author stay.

        Raises:
            InvalidRequest: as `propose`; or it is no proposal any more.
            TooLate: another press was quicker.
        """
        if board.state is not BoardState.PROPOSED:
            raise InvalidRequest(code=Code.DRAFT_GONE)
        changed = await self._board(sketch, board.id, board.user_id, board.locale)
        after = replace(changed, short_id=board.short_id, created_at=board.created_at)
        try:
            return await self._boards.change(board, after)
        except StaleBoard as error:
            raise TooLate(str(error), code=Code.CLIP_BUSY, id=board.short_id) from error

    async def keep_picture(self, key: BoardId, data: bytes) -> str:
        """Keep a picture as it was given, for `ClipPlan.picture` of a board that will be proposed.

        Raises:
            InvalidRequest: it is no picture.
            NoRoom, StorageError: the disk.
        """
        try:
            await self._media.picture_size(data)
        except UnreadableImage as error:
            raise InvalidRequest(str(error), code=error.code, **error.facts) from error
        await self._workspace.check_room()
        return await self._workspace.keep_given(JobId(key), data)

    async def start(self, board_id: BoardId, *, user_id: int, place: Place, locale: str) -> Board:
        """Start a proposal: its first clips are ordered soon, from whatever process.

        Raises:
            InvalidRequest: it was started or dropped already, or is somebody else's.
            QuotaExceeded: as many jobs wait as the limits allow.
        """
        board = await self._boards.get(board_id)
        if board is None or board.state is not BoardState.PROPOSED or board.user_id != user_id:
            raise InvalidRequest(code=Code.DRAFT_GONE)
        limits = await self._settings.guild(place.guild_id)
        limits.check_waiting(
            member=await self._jobs.count_waiting(guild_id=place.guild_id, user_id=user_id),
            server=await self._jobs.count_waiting(guild_id=place.guild_id),
        )
        await self._workspace.check_room()
        after = replace(board, state=BoardState.RUNNING, place=place, locale=locale, due=True)
        try:
            board = await self._boards.change(board, after)
        except StaleBoard as error:
            raise InvalidRequest(str(error), code=Code.DRAFT_GONE) from error
        self._wake()
        return board

    async def drop(self, board: Board) -> None:
        """Forget a proposal.

        Raises:
            InvalidRequest: it is none any more.
        """
        if not await self._boards.remove(board):
            raise InvalidRequest(code=Code.DRAFT_GONE)

    async def get(self, board_id: BoardId) -> Board | None:
        """Return the board of this id."""
        return await self._boards.get(board_id)

    async def find(self, typed_id: str, actor: Actor) -> Board:
        """Return a board by the id that members see.

        Raises:
            BoardNotFound: unknown, or of another server.
        """
        board = await self._boards.by_short_id(normalise_short_id(typed_id))
        if board is None or not _may_see(actor, board):
            raise BoardNotFound(id=typed_id.strip()[:20])
        return board

    async def redo(self, typed_id: str, position: int, actor: Actor, prompt: str | None = None) -> Board:
        """Have a clip made anew, with other words where a prompt is given: its author pays for it again.

        Raises:
            BoardNotFound, NotYourJob, TooLate, InvalidRequest.
        """

        def change(board: Board) -> Board:
            allowed = board_moves.may_redo if prompt is None else board_moves.may_change
            clip = self._clip(board, position, allowed)
            plan = anew(clip) if prompt is None else self._reworded(board, clip, prompt)
            return board_moves.redone(board, position, plan)

        return await self._act(typed_id, actor, change, moderators=False)

    async def skip(self, typed_id: str, position: int, actor: Actor) -> Board:
        """Leave a clip out; the board goes on without it.

        Raises:
            BoardNotFound, NotYourJob, TooLate.
        """

        def change(board: Board) -> Board:
            self._clip(board, position, board_moves.may_skip)
            return board_moves.skipped(board, position)

        return await self._act(typed_id, actor, change)

    async def stop(self, typed_id: str, actor: Actor) -> Board:
        """Order nothing more: what waits in line is cancelled, what is paid for is finished and joined.

        Raises:
            BoardNotFound, NotYourJob, TooLate.
        """
        board = await self.find(typed_id, actor)
        waiting = {job.id for job in await self._boards.jobs(board.id) if job.state is JobState.QUEUED}

        def change(board: Board) -> Board:
            if board.state is not BoardState.RUNNING:
                raise TooLate(code=Code.BOARD_ENDED, id=board.short_id)
            for clip in board.clips:
                if clip.job_id in waiting and clip.state is ClipState.RUNNING:
                    board = board.with_clip(replace(clip, state=ClipState.SKIPPED))
            return board_moves.stopped(board)

        board = await self._act(typed_id, actor, change)
        for job_id in waiting:
            flagged = await self._jobs.request_cancel(job_id)
            if flagged is not None and flagged.state is JobState.CANCELLED:
                self._engine.ended(flagged)
        return board

    async def _act(
        self, typed_id: str, actor: Actor, change: Callable[[Board], Board], *, moderators: bool = True
    ) -> Board:
        for _ in range(ATTEMPTS):
            board = await self.find(typed_id, actor)
            if not _may_act(actor, board, moderators=moderators):
                raise NotYourJob(id=board.short_id)
            try:
                board = await self._boards.change(board, change(board))
            except StaleBoard:
                continue
            self._wake()
            return board
        raise TooLate(code=Code.CLIP_BUSY, id=typed_id.strip()[:20])

    def _clip(self, board: Board, position: int, allowed: board_moves.Allowed) -> Clip:
        clip = board.clip(position)
        if clip is None or not allowed(board, clip):
            raise TooLate(code=Code.CLIP_BUSY, id=board.short_id)
        return clip

    def _reworded(self, board: Board, clip: Clip, prompt: str) -> ClipPlan:
        plan = replace(clip.plan, prompt=prompt, typed=None)
        self._models.check(options_of(plan, address(board.provider, board.model), board.size))
        return plan

    async def _board(self, sketch: Sketch, key: BoardId, user_id: int, locale: str) -> Board:
        """Check a sketch and build its proposal."""
        provider, model = self._models.choose(sketch.model)
        if sketch.chained and len(sketch.clips) > 1 and model.known(Option.PICTURE).support is Support.NO:
            raise InvalidRequest(
                code=Code.OPTION_UNSUPPORTED, option=Option.PICTURE.value, model=model.shown_as or "-"
            )
        shape = await self._shape(sketch.clips[0].picture)
        size = str(model.choose_size(sketch.size, shape))
        for clip in sketch.clips:
            self._models.check(options_of(clip, address(provider.name, model.model), size), shape)
        board = Board(
            id=key,
            short_id="",
            kind=sketch.kind,
            user_id=user_id,
            provider=provider.name,
            model=model.model,
            size=size,
            created_at=self._clock.now(),
            clips=clips_of(sketch.clips),
            locale=locale,
            title=sketch.title,
            chained=sketch.chained,
            joins=sketch.joins and len(sketch.clips) > 1,
            fade=sketch.fade,
            note=sketch.note,
        )
        if board.joins:
            plan = ClipPlan(prompt=sketch.title or sketch.clips[0].prompt, seconds=0)
            board = replace(board, joined=Clip(position=JOINED, plan=plan))
        return board

    async def _shape(self, picture: str | None) -> Size | None:
        """Return the shape of a picture that was kept as it was given."""
        if picture is None:
            return None
        try:
            data = await asyncio.to_thread(self._workspace.path(picture).read_bytes)
            return await self._media.picture_size(data)
        except OSError as error:
            raise InvalidRequest(str(error), code=Code.PICTURE_GONE) from error
        except UnreadableImage as error:
            raise InvalidRequest(str(error), code=error.code, **error.facts) from error


def _may_see(actor: Actor, board: Board) -> bool:
    here = board.place is not None and board.place.guild_id == actor.guild_id
    return board.user_id == actor.user_id or (actor.guild_id is not None and here)


def _may_act(actor: Actor, board: Board, *, moderators: bool) -> bool:
    here = board.place is not None and board.place.guild_id == actor.guild_id
    return board.user_id == actor.user_id or (moderators and actor.moderator and here)

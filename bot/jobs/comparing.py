"""Boards that show one thing in several ways: variations by their seeds, styles by their looks."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.board import Board, BoardId, BoardKind, BoardState, ClipPlan, ClipState
from bot.domain.capabilities import Capabilities, Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, TooLate
from bot.domain.job import Job, JobId
from bot.domain.prompts.styles import StylePreset
from bot.jobs.actor import Actor, find_job
from bot.jobs.boards import BoardService
from bot.jobs.lineage import may_be_reworded
from bot.jobs.models import Models, Options, address
from bot.jobs.service import seed_of
from bot.jobs.sketch import Sketch, sketch_of
from bot.jobs.styles import Styles, dressed
from bot.ports import JobStore, Workspace

COUNTS = (2, 3, 4)
"""So many variations there may be."""
USUAL = 3
"""Where nobody has said how many."""
LOOKS = (2, 6)
"""So many styles there may be, at least and at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, and by what: `key` is the interaction id, the same key is the same board."""

    key: BoardId
    actor: Actor
    locale: str


class Comparing:
    """The use cases of variations and styles; every board is a proposal that its author has yet to start."""

    def __init__(
        self, *, boards: BoardService, jobs: JobStore, models: Models, styles: Styles, workspace: Workspace
    ) -> None:
        self._boards = boards
        self._jobs = jobs
        self._models = models
        self._styles = styles
        self._workspace = workspace

    async def variations(
        self, options: Options, *, count: int, asking: Asking, picture: bytes | None = None
    ) -> Board:
        """Propose the same so many times, each with a seed of its own where the model takes seeds.

        Raises:
            UserError: refused; nothing is kept.
        """
        name = await self._keep(asking.key, picture)
        return await self._propose_variations(options, count, asking, name)

    async def variations_of(self, typed_id: str, *, count: int, asking: Asking) -> Board:
        """Propose variations of an earlier video, as the actor's own.

        Raises:
            JobNotFound: unknown, or of another server.
            UserError: refused; also when its picture is no longer kept.
        """
        job = await find_job(self._jobs, typed_id, asking.actor)
        if not may_be_varied(job):
            raise InvalidRequest(code=Code.NOT_TO_VARY)
        options, request = Options.of(job.provider, job.request), job.request
        name = await self._keep(asking.key, await self._kept_picture(request.picture))
        return await self._propose_variations(options, count, asking, name, parent=job.id)

    async def recount(self, typed_id: str, count: int, actor: Actor) -> Board:
        """Put so many variations into a proposal; those that were in it keep their seeds.

        Raises:
            InvalidRequest: it is no such proposal any more.
        """
        board = await self._proposal(typed_id, BoardKind.VARIATIONS, actor)
        first = board.clips[0].plan
        return await self._boards.revise(board, replace(sketch_of(board), clips=tuple(_takes(first, count))))

    async def styles(
        self, options: Options, names: Sequence[str], *, asking: Asking, picture: bytes | None = None
    ) -> Board:
        """Propose the same in several looks, with one seed for all where the model takes seeds.

        Raises:
            UserError: refused; nothing is kept.
        """
        _, model = self._models.choose(options.model)
        options = replace(options, seed=_seed(asking.key, model))
        looks = await self.looks(names, guild_id=asking.actor.guild_id)
        name = await self._keep(asking.key, picture)
        plans = [_plan(dressed(options, look, model), model, picture=name) for look in looks]
        return await self._propose(BoardKind.STYLES, plans, options, asking, note=_note(options.negative))

    async def restyle(self, typed_id: str, names: Sequence[str], actor: Actor) -> Board:
        """Put other looks into a proposal.

        Raises:
            InvalidRequest: it is no such proposal any more, or there is no such look here.
        """
        board = await self._proposal(typed_id, BoardKind.STYLES, actor)
        looks, first = await self.looks(names, guild_id=actor.guild_id), board.clips[0].plan
        model = self._models.choose(address(board.provider, board.model))[1]
        options = Options(
            prompt=first.typed or first.prompt,
            seconds=first.seconds,
            seed=first.seed,
            negative=_own_negative(board),
            audio=first.audio,
        )
        plans = [_plan(dressed(options, look, model), model, picture=first.picture) for look in looks]
        return await self._boards.revise(board, replace(sketch_of(board), clips=tuple(plans)))

    async def looks(self, names: Sequence[str], *, guild_id: int | None) -> list[StylePreset]:
        """Return the looks of these names, each once.

        Raises:
            InvalidRequest: there is no such look here, or there are too few or too many.
        """
        found = [await self._styles.find(name, guild_id=guild_id) for name in names]
        looks = list({look.name: look for look in found}.values())
        least, most = LOOKS
        if not least <= len(looks) <= most:
            raise InvalidRequest(code=Code.STYLES_COUNT, least=least, most=most)
        return looks

    async def made(self, typed_id: str, position: int, actor: Actor) -> tuple[Board, Job]:
        """Return a board with the finished job of one of its clips.

        Raises:
            BoardNotFound: unknown, or of another server.
            TooLate: the clip is not finished, or is being made anew.
        """
        board = await self._boards.find(typed_id, actor)
        clip = board.clip(position)
        if clip is None or clip.state is not ClipState.DONE or clip.job_id is None:
            raise TooLate(code=Code.CLIP_BUSY, id=board.short_id)
        job = await self._jobs.get(clip.job_id)
        if job is None:
            raise TooLate(code=Code.CLIP_BUSY, id=board.short_id)
        return board, job

    async def _propose_variations(
        self, options: Options, count: int, asking: Asking, picture: str | None, parent: str | None = None
    ) -> Board:
        _, model = self._models.choose(options.model)
        options = replace(options, seed=_seed(asking.key, model))
        first = _plan(options, model, picture=picture, parent=parent)
        return await self._propose(BoardKind.VARIATIONS, _takes(first, count), options, asking)

    async def _propose(
        self, kind: BoardKind, plans: Sequence[ClipPlan], options: Options, asking: Asking, note: str = ""
    ) -> Board:
        sketch = Sketch(kind=kind, clips=tuple(plans), model=options.model, size=options.size, note=note)
        user_id = asking.actor.user_id
        return await self._boards.propose(sketch, key=asking.key, user_id=user_id, locale=asking.locale)

    async def _proposal(self, typed_id: str, kind: BoardKind, actor: Actor) -> Board:
        board = await self._boards.find(typed_id, actor)
        if board.kind is not kind or board.state is not BoardState.PROPOSED:
            raise InvalidRequest(code=Code.DRAFT_GONE)
        return board

    async def _keep(self, key: BoardId, picture: bytes | None) -> str | None:
        return None if picture is None else await self._boards.keep_picture(key, picture)

    async def _kept_picture(self, name: str | None) -> bytes | None:
        if name is None:
            return None
        try:
            path = await self._workspace.bring_picture(name)
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise InvalidRequest(str(error), code=Code.PICTURE_GONE) from error


def may_be_varied(job: Job) -> bool:
    """Say whether a clip of a board can be all that the video was made from."""
    return may_be_reworded(job) and job.request.last_picture is None and job.request.source is None


def _plan(
    options: Options, model: Capabilities, *, picture: str | None, parent: str | None = None
) -> ClipPlan:
    return ClipPlan(
        prompt=options.prompt,
        seconds=model.choose_seconds(options.seconds),
        seed=options.seed,
        negative=options.negative,
        audio=options.audio,
        style=options.style,
        typed=options.typed,
        picture=picture,
        parent=parent,
    )


def _takes(first: ClipPlan, count: int) -> list[ClipPlan]:
    """Return the plan so many times; every seed follows from the first one, so another count keeps them."""
    seed = first.seed
    if seed is None:
        return [first] * count
    further = [seed_of(JobId(f"{seed}-{number}")) for number in range(2, count + 1)]
    return [replace(first, seed=each) for each in (seed, *further)]


def _seed(key: BoardId, model: Capabilities) -> int | None:
    return seed_of(JobId(key)) if model.known(Option.SEED).support is Support.YES else None


def _note(negative: str | None) -> str:
    """Write down what the member did not want to see: a look adds its own to it."""
    return json.dumps({"negative": negative}, ensure_ascii=False)


def _own_negative(board: Board) -> str | None:
    negative = json.loads(board.note or "{}").get("negative")
    return negative if isinstance(negative, str) else None

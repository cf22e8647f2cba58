"""Boards on a real database: clips are ordered once, joined, redone, left out, whatever is killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.board import Board, BoardId, BoardKind, BoardState, ClipPlan, ClipState
from bot.domain.codes import Code
from bot.domain.errors import CannotFit, ContentRejected, NotYourJob, StaleBoard, TooLate, TryLater
from bot.domain.job import Job, JobId
from bot.domain.origin import Relation
from bot.domain.settings import GuildSettings
from bot.domain.states import JobState
from bot.jobs.actor import Actor
from bot.jobs.board_runner import BoardPorts, BoardRunner
from bot.jobs.boards import BoardService
from bot.jobs.models import Models
from bot.jobs.runner import Runner
from bot.jobs.sketch import Sketch
from bot.jobs.studio import STUDIO, Studio, WithStudio
from storage.boards import SqlBoardStore
from storage.settings import SqlSettingsStore
from tests.factories import make_place
from tests.fakes import FakeCatalog
from tests.jobs.conftest import World, eventually

AUTHOR = Actor(user_id=42, guild_id=100)
STRANGER = Actor(user_id=43, guild_id=100)
MODERATOR = Actor(user_id=44, guild_id=100, moderator=True)


@dataclass(slots=True)
class Shown:
    """Remembers which boards were shown; their ends can be refused."""

    moved: list[Board] = field(default_factory=list)
    closed: list[Board] = field(default_factory=list)
    refusals: int = 0

    def board_moved(self, board: Board) -> None:
        self.moved.append(board)

    async def close_board(self, board: Board) -> None:
        if self.refusals:
            self.refusals -= 1
            raise TryLater("not now", retry_after=0.01)
        self.closed.append(board)


class Stage:
    """A world with boards."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.boards = SqlBoardStore(world.database)
        self.shown = Shown()
        self.catalog = FakeCatalog(world.provider)
        self.models = Models(self.catalog)

    def runner(self, engine: Runner) -> BoardRunner:
        world = self.world
        ports = BoardPorts(
            boards=self.boards,
            jobs=world.store,
            announcer=self.shown,
            models=self.models,
            media=world.media,
            workspace=world.workspace,
            clock=world.clock,
        )
        return BoardRunner(ports, engine, tick_seconds=0.01)

    def service(self, engine: Runner, runner: BoardRunner | None = None) -> BoardService:
        world = self.world
        return BoardService(
            boards=self.boards,
            jobs=world.store,
            settings=SqlSettingsStore(world.database),
            models=self.models,
            media=world.media,
            workspace=world.workspace,
            engine=engine,
            wake=(runner or self.runner(engine)).wake,
            clock=world.clock,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[BoardService]:
        """Run jobs and boards; leaving the block ends both in the middle of whatever they do."""
        world = self.world
        studio = Studio(store=world.store, media=world.media, workspace=world.workspace)
        ports = replace(world.ports(), catalog=WithStudio(self.catalog, studio))
        engine = Runner(ports, exclusive=True, tick_seconds=0.02)
        runner = self.runner(engine)
        tasks = [asyncio.create_task(engine.run()), asyncio.create_task(runner.run())]
        try:
            yield self.service(engine, runner)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def until(self, board: Board, *states: ClipState, state: BoardState | None = None) -> Board:
        """Wait until the clips stand so, and the board is settled."""

        async def reached() -> Board | None:
            now = await self.boards.get(board.id)
            if now is None or now.due or (state is not None and now.state is not state):
                return None
            return now if not states or tuple(clip.state for clip in now.clips) == states else None

        return await eventually(reached)

    async def jobs(self, board: Board) -> list[Job]:
        return await self.boards.jobs(board.id)


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


def sketch(*prompts: str, kind: BoardKind = BoardKind.STORY, **changes: object) -> Sketch:
    clips = tuple(ClipPlan(prompt=prompt, seconds=4) for prompt in prompts)
    return replace(Sketch(kind=kind, clips=clips, joins=True), **changes)  # type: ignore[arg-type]


async def started(service: BoardService, plan: Sketch, key: str = "500") -> Board:
    board = await service.propose(plan, key=BoardId(key), user_id=42, locale="en-US")
    return await service.start(board.id, user_id=42, place=make_place(), locale="en-US")


DONE, FAILED, SKIPPED, RUNNING, PLANNED = (
    ClipState.DONE,
    ClipState.FAILED,
    ClipState.SKIPPED,
    ClipState.RUNNING,
    ClipState.PLANNED,
)


@pytest.mark.parametrize("kind", [BoardKind.STORY, BoardKind.LONGER])
async def test_chained_clips_are_rendered_one_after_the_other_and_joined(
    stage: Stage, kind: BoardKind
) -> None:
    async with stage.running() as service:
        plan = sketch("one", "two", "three", chained=True, title="A tale", fade=True, kind=kind)
        board = await started(service, plan)
        board = await stage.until(board, DONE, DONE, DONE, state=BoardState.DONE)
    jobs = await stage.jobs(board)
    assert [(job.origin.clip, job.state) for job in jobs] == [(n, JobState.DELIVERED) for n in (0, 1, 2, 3)]
    joined, first, second, third = jobs
    assert joined.provider == STUDIO
    assert joined.request.join is not None
    assert joined.request.join.sources == (first.id, second.id, third.id)
    assert stage.world.media.joined[0][1:] == (True, "A tale")
    relation = Relation.SCENE if kind is BoardKind.STORY else Relation.CONTINUATION
    assert (second.origin.parent, second.origin.relation) == (first.id, relation)
    # Each goes on from the one before it, in one long shot with the colours of the first.
    names = [f"{job.short_id}-{job.id}.mp4" for job in (first, second)]
    match = names[0] if kind is BoardKind.LONGER else None
    assert stage.world.media.frames == [(name, match) for name in names]
    assert second.request.picture is not None
    assert len(stage.world.provider.submits) == 3
    assert [closed.state for closed in stage.shown.closed] == [BoardState.DONE]
    assert len(stage.world.announcer.posts) == 4


async def test_no_more_than_three_loose_clips_are_in_work_at_once(stage: Stage) -> None:
    stage.world.provider.hold = asyncio.Event()
    async with stage.running() as service:
        plan = sketch(*"abcde", kind=BoardKind.VARIATIONS, joins=False)
        board = await started(service, plan)
        board = await stage.until(board, RUNNING, RUNNING, RUNNING, PLANNED, PLANNED)
        stage.world.provider.hold.set()
        board = await stage.until(board, *[DONE] * 5, state=BoardState.DONE)
    assert board.joined is None
    assert len(stage.world.provider.submits) == 5


@pytest.mark.parametrize("step", range(1, 30, 4))
async def test_whatever_is_cut_a_finished_clip_is_never_ordered_again(stage: Stage, step: int) -> None:
    """The machine is ended after some turns of the loop, again and again, until the board is done."""
    board: Board | None = None
    for life in range(100):  # each a little longer, so that it comes to an end at last
        async with stage.running() as service:
            if board is None:
                board = await started(service, sketch("one", "two", "three", chained=True))
            await asyncio.sleep(step * 0.001 + life * 0.003)
        stage.world.clock.advance(1)
        now = await stage.boards.get(board.id)
        if now is not None and now.state is BoardState.DONE and not now.due:
            break
    else:
        pytest.fail("the board never ended")
    assert set(stage.world.provider.created) == {"500-1-1", "500-2-1", "500-3-1"}
    assert len(stage.world.announcer.posts) == 4


async def test_a_failed_scene_waits_for_a_person_who_leaves_it_out(stage: Stage) -> None:
    stage.world.provider.submit_script = [lambda: None, ContentRejected("no", code=Code.PROVIDER_MODERATED)]
    async with stage.running() as service:
        board = await started(service, sketch("one", "two", "three", chained=True))
        board = await stage.until(board, DONE, FAILED, PLANNED)
        assert board.waits
        with pytest.raises(NotYourJob):
            await service.redo(board.short_id, 2, MODERATOR)
        with pytest.raises(NotYourJob):
            await service.skip(board.short_id, 2, STRANGER)
        await service.skip(board.short_id, 2, MODERATOR)
        board = await stage.until(board, DONE, SKIPPED, DONE, state=BoardState.DONE)
    jobs = {job.origin.clip: job for job in await stage.jobs(board)}
    assert jobs[3].origin.parent == jobs[1].id
    assert jobs[0].request.join is not None
    assert jobs[0].request.join.sources == (jobs[1].id, jobs[3].id)


async def test_a_failed_scene_is_made_with_other_words(stage: Stage) -> None:
    stage.world.provider.submit_script = [ContentRejected("no", code=Code.PROVIDER_MODERATED)]
    async with stage.running() as service:
        board = await started(service, sketch("one", "two", chained=True))
        board = await stage.until(board, FAILED, PLANNED)
        await service.redo(board.short_id, 1, AUTHOR, "something milder")
        board = await stage.until(board, DONE, DONE, state=BoardState.DONE)
    prompts = [job.request.prompt for job in await stage.jobs(board) if job.origin.clip == 1]
    assert prompts == ["one", "something milder"]


async def test_a_scene_of_an_ended_board_is_made_anew_and_all_is_joined_once_more(stage: Stage) -> None:
    async with stage.running() as service:
        board = await started(service, sketch("one", "two"))
        board = await stage.until(board, DONE, DONE, state=BoardState.DONE)
        await service.redo(board.short_id, 2, AUTHOR)
        board = await stage.until(board, DONE, DONE, state=BoardState.DONE)
    jobs = await stage.jobs(board)
    assert [job.origin.clip for job in jobs] == [0, 0, 1, 2, 2]
    last = jobs[1].request.join
    assert last is not None
    assert last.sources == (jobs[2].id, jobs[4].id)
    assert len(stage.world.provider.submits) == 3


async def test_stop_here_joins_what_is_done_and_orders_nothing_more(stage: Stage) -> None:
    stage.world.provider.hold = asyncio.Event()
    async with stage.running() as service:
        board = await started(service, sketch(*"abcd", chained=True))
        board = await stage.until(board, RUNNING, PLANNED, PLANNED, PLANNED)
        with pytest.raises(TooLate):
            await service.redo(board.short_id, 1, AUTHOR)
        stage.world.provider.hold.set()
        board = await stage.until(board, DONE, DONE, DONE, DONE, state=BoardState.DONE)
        with pytest.raises(TooLate) as caught:
            await service.stop(board.short_id, AUTHOR)
        assert caught.value.code is Code.BOARD_ENDED


async def test_stop_leaves_out_what_waits_and_keeps_what_is_paid_for(stage: Stage) -> None:
    stage.world.provider.hold = asyncio.Event()
    async with stage.running() as service:
        board = await started(service, sketch(*"abcde"))
        board = await stage.until(board, RUNNING, RUNNING, RUNNING, PLANNED, PLANNED)

        async def two_run() -> bool | None:
            states = [job.state for job in await stage.jobs(board)]
            return True if states.count(JobState.RENDERING) == 2 else None

        await eventually(two_run)  # the provider has two slots: the third waits in line
        await service.stop(board.short_id, MODERATOR)
        stage.world.provider.hold.set()
        board = await stage.until(board, DONE, DONE, SKIPPED, SKIPPED, SKIPPED, state=BoardState.DONE)
    assert board.joined is not None
    assert board.joined.state is DONE
    assert len(stage.world.provider.submits) == 2


async def test_one_scene_alone_is_not_joined(stage: Stage) -> None:
    stage.world.provider.submit_script = [lambda: None, ContentRejected("no", code=Code.PROVIDER_MODERATED)]
    async with stage.running() as service:
        board = await started(service, sketch("one", "two", chained=True))
        board = await stage.until(board, DONE, FAILED)
        await service.stop(board.short_id, AUTHOR)
        board = await stage.until(board, DONE, SKIPPED, state=BoardState.DONE)
    assert board.joined is not None
    assert board.joined.state is SKIPPED


async def test_a_join_that_fails_is_told_and_made_anew_by_a_press(stage: Stage) -> None:
    stage.world.media.join_script = [CannotFit("odd")]
    async with stage.running() as service:
        board = await started(service, sketch("one", "two"))

        async def join_failed() -> Board | None:
            now = await stage.boards.get(board.id)
            return now if now is not None and now.waits and not now.due else None

        board = await eventually(join_failed)
        assert board.joined is not None
        assert board.joined.state is FAILED
        await service.redo(board.short_id, 0, AUTHOR)
        board = await stage.until(board, DONE, DONE, state=BoardState.DONE)
    assert len(stage.world.provider.submits) == 2


async def test_a_scene_without_a_frame_to_go_on_from_says_so(stage: Stage) -> None:
    stage.world.media.frame_script = [CannotFit("all black")]
    async with stage.running() as service:
        board = await started(service, sketch("one", "two", chained=True))
        board = await stage.until(board, DONE, FAILED)
        assert board.clips[1].trouble is Code.NO_BEGINNING
        await service.redo(board.short_id, 2, AUTHOR)
        await stage.until(board, DONE, DONE, state=BoardState.DONE)
    assert len(stage.world.provider.submits) == 2


async def test_the_end_is_shown_until_discord_takes_it(stage: Stage) -> None:
    stage.shown.refusals = 3
    async with stage.running() as service:
        board = await started(service, sketch("one", "two"))
        await stage.until(board, DONE, DONE, state=BoardState.DONE)
    assert stage.shown.refusals == 0
    assert len(stage.shown.closed) == 1


async def test_two_processes_order_a_clip_once(stage: Stage) -> None:
    """Both have read the same row; the second to write finds it changed and makes nothing."""
    engine = Runner(stage.world.ports(), exclusive=True)
    board = await started(stage.service(engine), sketch("one", "two"))
    one, two = stage.runner(engine), stage.runner(engine)
    outcomes = await asyncio.gather(one.advance(board), two.advance(board), return_exceptions=True)
    assert sum(isinstance(outcome, StaleBoard) for outcome in outcomes) == 1
    assert [job.id for job in await stage.jobs(board)] == [JobId("500-1-1"), JobId("500-2-1")]


async def test_a_board_is_started_once_and_by_its_author(stage: Stage) -> None:
    engine = Runner(stage.world.ports(), exclusive=True)
    service = stage.service(engine)
    board = await service.propose(sketch("one", "two"), key=BoardId("7"), user_id=42, locale="en-US")
    assert await service.propose(sketch("x", "y"), key=BoardId("7"), user_id=42, locale="en-US") == board
    for user_id, allowed in ((43, False), (42, True), (42, False)):
        start = service.start(board.id, user_id=user_id, place=make_place(), locale="en-US")
        if allowed:
            assert (await start).state is BoardState.RUNNING
        else:
            with pytest.raises(Exception, match="draft-gone"):
                await start


async def test_a_board_starts_only_within_the_limits(stage: Stage) -> None:
    await SqlSettingsStore(stage.world.database).save_guild(GuildSettings(guild_id=100, waiting_per_member=2))
    engine = Runner(stage.world.ports(), exclusive=True)
    service = stage.service(engine)
    first = await started(service, sketch("one", "two", joins=False))
    await stage.runner(engine).advance(first)
    board = await service.propose(sketch("a", "b"), key=BoardId("8"), user_id=42, locale="en-US")
    with pytest.raises(Exception, match="too-many-waiting"):
        await service.start(board.id, user_id=42, place=make_place(), locale="en-US")
    kept = await stage.boards.get(board.id)
    assert kept is not None
    assert kept.state is BoardState.PROPOSED

"""The improvement loop on a real database and engine: ratings decide, and only a press orders."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.board import Board, BoardId, BoardKind, BoardState, ClipState
from bot.domain.codes import Code
from bot.domain.errors import BotError, ContentRejected, InvalidRequest, NotYourJob, TooLate
from bot.domain.evaluation import EvaluationKind
from bot.domain.prompts.refine import Criterion, Scores
from bot.domain.refinement import Ending, Judge, Loop, Revision, Writer
from bot.domain.states import JobState
from bot.jobs.boards import BoardService
from bot.jobs.models import Options
from bot.jobs.refining import RefiningService
from bot.ports_prompt import Written, WrittenScenes
from storage.evaluations import SqlEvaluationStore
from tests.factories import make_place
from tests.jobs.conftest import World
from tests.jobs.test_board_runner import AUTHOR, DONE, FAILED, MODERATOR, SKIPPED, STRANGER, Stage


@dataclass(slots=True)
class Pen:
    """Writes prompts by adding what they are changed for; remembers what it was told."""

    told: list[tuple[str, tuple[Criterion, ...], str]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    why: Code | None = None

    async def revise(self, prompt: str, weak: Sequence[Criterion], comment: str = "") -> Written:
        self.told.append((prompt, tuple(weak), comment))
        if self.hold is not None:
            await self.hold.wait()
        offline = self.why is not None
        return Written(text=f"{prompt}, better {len(self.told)}", offline=offline, why=self.why)

    async def enhance(self, text: str) -> Written:
        raise NotImplementedError

    async def split(self, idea: str, count: int) -> WrittenScenes:
        raise NotImplementedError


class Loops:
    """A running machine with refinements."""

    def __init__(self, stage: Stage, boards: BoardService, pen: Pen) -> None:
        self.stage = stage
        self.boards = boards
        self.evaluations = SqlEvaluationStore(stage.world.database)
        self.service = RefiningService(
            boards=boards,
            store=stage.boards,
            evaluations=self.evaluations,
            models=stage.models,
            rewriter=pen,
            wake=lambda: None,
            clock=stage.world.clock,
        )

    async def begin(self, *, rounds: int = 4, judge: Judge = Judge.AUTHOR) -> Board:
        """Start a loop and wait for its first round."""
        plan = self.service.sketch(Options(prompt="a fox", seconds=4), rounds=rounds, judge=judge)
        board = await self.boards.propose(plan, key=BoardId("500"), user_id=42, locale="en-US")
        assert self.boards.quote(board).seconds == rounds * 4
        return await self.boards.start(board.id, user_id=42, place=make_place(), locale="en-US")

    async def rated(self, board: Board, position: int, *four: int, comment: str = "") -> Board:
        await self.service.rate(board.short_id, position, AUTHOR, scores(*four), comment)
        return await self.service.go_on(board.short_id, position, AUTHOR)

    async def ordered(self, board: Board) -> Board:
        return await self.service.render(board.short_id, waiting(board).number, AUTHOR)


def scores(*four: int) -> Scores:
    visual, adherence, consistency, narrative = four * 4 if len(four) == 1 else four
    return Scores(visual=visual, adherence=adherence, consistency=consistency, narrative=narrative)


def waiting(board: Board) -> Revision:
    revision = Loop.of(board).revision
    assert revision is not None
    return revision


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


@pytest.fixture
def pen() -> Pen:
    return Pen()


@asynccontextmanager
async def running(stage: Stage, pen: Pen) -> AsyncIterator[Loops]:
    async with stage.running() as boards:
        yield Loops(stage, boards, pen)


@pytest.fixture
async def loops(stage: Stage, pen: Pen) -> AsyncIterator[Loops]:
    async with running(stage, pen) as found:
        yield found


async def test_5_7_and_9_stop_at_the_third_round(loops: Loops, stage: Stage, pen: Pen) -> None:
    board = await stage.until(await loops.begin(), DONE)
    assert board.state is BoardState.RUNNING, "it waits for its author"
    board = await loops.rated(board, 1, 4, 8, 4, 4, comment=" the fox must run ")
    assert waiting(board).aims == (Criterion.VISUAL, Criterion.CONSISTENCY, Criterion.NARRATIVE)
    assert waiting(board).writer is Writer.MODEL
    assert pen.told == [("a fox", waiting(board).aims, "the fox must run")]
    assert len(stage.world.provider.submits) == 1, "nothing is ordered before the press"
    board = await stage.until(await loops.ordered(board), DONE, DONE)
    board = await loops.rated(board, 2, 7)
    assert waiting(board).aims == (Criterion.VISUAL,)
    board = await stage.until(await loops.ordered(board), DONE, DONE, DONE)
    board = await loops.rated(board, 3, 9)
    board = await stage.until(board, DONE, DONE, DONE, state=BoardState.DONE)
    loop = Loop.of(board)
    assert (loop.best, loop.ending, loop.revision) == (3, Ending.GOOD, None)
    jobs = await stage.jobs(board)
    assert [job.id for job in jobs] == ["500-1-1", "500-2-1", "500-3-1"]
    assert [job.request.prompt for job in jobs] == ["a fox", "a fox, better 1", "a fox, better 1, better 2"]
    assert [job.origin.parent for job in jobs] == [None, "500-1-1", "500-2-1"]
    assert [job.request.typed for job in jobs] == [None, "a fox", "a fox"]
    assert len(stage.world.provider.created) == 3
    assert [closed.state for closed in stage.shown.closed] == [BoardState.DONE]
    assert [
        one.scores["narrative"] for one in await loops.evaluations.of_job(jobs[0].id, EvaluationKind.REFINE)
    ] == [4]


async def test_it_stops_at_the_limit_of_rounds(loops: Loops, stage: Stage, pen: Pen) -> None:
    board = await stage.until(await loops.begin(rounds=2), DONE)
    assert loops.boards.quote(board).clips == 1
    board = await stage.until(await loops.ordered(await loops.rated(board, 1, 5)), DONE, DONE)
    assert loops.boards.quote(board).clips == 0
    board = await stage.until(await loops.rated(board, 2, 5), DONE, DONE, state=BoardState.DONE)
    assert (Loop.of(board).best, Loop.of(board).ending) == (1, Ending.LIMIT)
    assert len(pen.told) == 1, "nothing is written that cannot be rendered"


@pytest.mark.parametrize(
    ("why", "writer"), [(None, Writer.MODEL), (Code.PROMPT_API_BUSY, Writer.INSTEAD)], ids=str
)
async def test_it_is_remembered_who_wrote(
    loops: Loops, stage: Stage, pen: Pen, why: Code | None, writer: Writer
) -> None:
    pen.why = why
    board = await stage.until(await loops.begin(), DONE)
    assert waiting(await loops.rated(board, 1, 5)).writer is writer


async def test_presses_at_the_same_moment_order_one_round(loops: Loops, stage: Stage) -> None:
    board = await loops.rated(await stage.until(await loops.begin(), DONE), 1, 5)
    outcomes = await asyncio.gather(*(loops.ordered(board) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(outcome, Board) for outcome in outcomes) == 1
    assert {outcome.code for outcome in outcomes if isinstance(outcome, BotError)} == {Code.WORDS_PAST}
    await stage.until(board, DONE, DONE)
    assert len(stage.world.provider.created) == 2


async def test_words_that_were_not_shown_are_never_ordered(loops: Loops, stage: Stage) -> None:
    board = await stage.until(await loops.begin(), DONE)
    old = await loops.rated(board, 1, 5)
    new = await loops.rated(board, 1, 6)
    with pytest.raises(TooLate) as refused:
        await loops.ordered(old)
    assert refused.value.code is Code.WORDS_PAST
    edited = await loops.service.edit(board.short_id, waiting(new).number, AUTHOR, "a fox sleeps")
    assert waiting(edited).writer is Writer.AUTHOR
    assert waiting(edited).aims == waiting(new).aims
    with pytest.raises(TooLate):
        await loops.ordered(new)
    with pytest.raises(InvalidRequest, match=Code.PROMPT_EMPTY):
        await loops.service.edit(board.short_id, waiting(edited).number, AUTHOR, "  ")
    board = await stage.until(await loops.ordered(edited), DONE, DONE)
    assert board.clips[1].plan.prompt == "a fox sleeps"
    assert len(stage.world.provider.created) == 2


async def test_going_on_twice_writes_once_what_both_see(loops: Loops, stage: Stage, pen: Pen) -> None:
    board = await stage.until(await loops.begin(), DONE)
    await loops.service.rate(board.short_id, 1, AUTHOR, scores(5))
    pen.hold = asyncio.Event()
    both = asyncio.gather(*(loops.service.go_on(board.short_id, 1, AUTHOR) for _ in range(2)))
    while len(pen.told) < 2:
        await asyncio.sleep(0.005)
    pen.hold.set()
    first, second = await both
    assert waiting(first) == waiting(second)
    assert waiting(await loops.service.go_on(board.short_id, 1, AUTHOR)) == waiting(first)
    assert len(pen.told) == 2


async def test_everybody_of_the_channel_counts_once(loops: Loops, stage: Stage, pen: Pen) -> None:
    board = await stage.until(await loops.begin(judge=Judge.CHANNEL), DONE)
    people = [replace(STRANGER, user_id=user_id) for user_id in range(100, 112)]
    votes = (
        loops.service.rate(board.short_id, 1, person, scores(score), f"from {person.user_id}" * (score == 1))
        for person in people
        for score in (1, 6)
    )
    await asyncio.gather(*votes)
    board = await loops.service.rate(board.short_id, 1, AUTHOR, scores(9, 6, 6, 6), "mine")
    verdict = Loop.of(board).verdicts[1]
    assert verdict.votes == 13
    with pytest.raises(NotYourJob):
        await loops.service.go_on(board.short_id, 1, people[0])
    board = await loops.service.go_on(board.short_id, 1, AUTHOR)
    assert waiting(board).aims == (*Criterion,)
    with pytest.raises(TooLate) as refused:
        await loops.service.rate(board.short_id, 1, people[0], scores(10))
    assert refused.value.code is Code.ROUND_CLOSED
    assert pen.told[-1][2].endswith("mine")


async def test_ratings_at_the_same_moment_are_all_counted(loops: Loops, stage: Stage) -> None:
    board = await stage.until(await loops.begin(judge=Judge.CHANNEL), DONE)
    people = [replace(STRANGER, user_id=user_id) for user_id in range(100, 106)]
    await asyncio.gather(
        *(
            loops.service.rate(board.short_id, 1, person, scores(number))
            for number, person in enumerate(people, 1)
        )
    )
    now = await stage.boards.get(board.id)
    assert now is not None
    assert Loop.of(now).verdicts[1].overall == 3.5


async def test_who_may_not_and_what_is_not_there(loops: Loops, stage: Stage) -> None:
    board = await stage.until(await loops.begin(), DONE)
    for actor in (STRANGER, MODERATOR):
        with pytest.raises(NotYourJob) as refused:
            await loops.service.rate(board.short_id, 1, actor, scores(1))
        assert refused.value.code is Code.ONLY_AUTHOR_RATES
    with pytest.raises(TooLate) as late:
        await loops.service.go_on(board.short_id, 1, AUTHOR)
    assert late.value.code is Code.ROUND_UNRATED
    for position in (0, 2):
        with pytest.raises(TooLate):
            await loops.service.rate(board.short_id, position, AUTHOR, scores(5))
    board = await loops.rated(board, 1, 5)
    with pytest.raises(NotYourJob):
        await loops.service.render(board.short_id, waiting(board).number, MODERATOR)


async def test_a_board_of_another_kind_takes_no_ratings(loops: Loops, stage: Stage) -> None:
    plan = replace(
        loops.service.sketch(Options(prompt="a fox"), rounds=2, judge=Judge.AUTHOR),
        kind=BoardKind.VARIATIONS,
        note="",
    )
    board = await loops.boards.propose(plan, key=BoardId("501"), user_id=42, locale="en-US")
    with pytest.raises(InvalidRequest):
        await loops.service.rate(board.short_id, 1, AUTHOR, scores(5))
    with pytest.raises(InvalidRequest):
        await loops.service.go_on(board.short_id, 1, AUTHOR)


async def test_a_round_that_failed_is_made_anew_and_rated(loops: Loops, stage: Stage) -> None:
    stage.world.provider.submit_script = [ContentRejected("no", code=Code.PROVIDER_MODERATED)]
    board = await stage.until(await loops.begin(), FAILED)
    assert board.state is BoardState.RUNNING
    assert board.waits
    with pytest.raises(TooLate):
        await loops.service.rate(board.short_id, 1, AUTHOR, scores(5))
    await loops.boards.redo(board.short_id, 1, AUTHOR, "a kind fox")
    board = await stage.until(board, DONE)
    board = await loops.rated(board, 1, 8)
    board = await stage.until(board, DONE, state=BoardState.DONE)
    assert Loop.of(board).best == 1


async def test_stopped_while_it_waits_it_ends_with_what_is_there(loops: Loops, stage: Stage) -> None:
    board = await loops.rated(await stage.until(await loops.begin(), DONE), 1, 5)
    await loops.boards.stop(board.short_id, AUTHOR)
    ended = await stage.until(board, DONE, state=BoardState.DONE)
    assert (Loop.of(ended).best, Loop.of(ended).ending) == (1, Ending.STOPPED)
    with pytest.raises(TooLate):
        await loops.ordered(board)
    assert len(stage.world.provider.created) == 1


async def test_stopped_while_a_round_is_made_it_ends_with_it(loops: Loops, stage: Stage) -> None:
    board = await loops.rated(await stage.until(await loops.begin(), DONE), 1, 5)
    stage.world.provider.hold = asyncio.Event()
    board = await stage.until(await loops.ordered(board), DONE, ClipState.RUNNING)
    job_id = board.clips[1].job_id
    assert job_id is not None
    await stage.world.until(job_id, JobState.RENDERING)
    await loops.boards.stop(board.short_id, AUTHOR)
    stage.world.provider.hold.set()
    board = await stage.until(board, DONE, DONE, state=BoardState.DONE)
    assert Loop.of(board).ending is Ending.STOPPED


@pytest.mark.parametrize("step", range(1, 26, 6))
async def test_whatever_is_cut_each_round_is_ordered_once(stage: Stage, pen: Pen, step: int) -> None:
    """The machine is ended after some turns of the loop, again and again; a person presses in between."""
    board: Board | None = None
    for life in range(120):
        async with running(stage, pen) as loops:
            if board is None:
                board = await loops.begin(rounds=3)
            try:
                async with asyncio.timeout(step * 0.001 + life * 0.003):
                    await press_on(loops, board)
                    await asyncio.sleep(60)
            except TimeoutError:
                pass
        stage.world.clock.advance(1)
        now = await stage.boards.get(board.id)
        if now is not None and now.state is BoardState.DONE and not now.due:
            break
    else:
        pytest.fail("the loop never ended")
    assert set(stage.world.provider.created) == {"500-1-1", "500-2-1", "500-3-1"}
    assert len(stage.world.announcer.posts) == 3


async def press_on(loops: Loops, board: Board) -> None:
    """Press whatever there is to press: rate what is there, order what is shown."""
    now = await loops.stage.boards.get(board.id)
    if now is None or now.clips[-1].state in {ClipState.RUNNING, ClipState.PLANNED, SKIPPED}:
        return
    if now.state is BoardState.RUNNING and not Loop.of(now).closed:
        if Loop.of(now).revision is None:
            now = await loops.rated(now, now.clips[-1].position, 5)
        if Loop.of(now).revision is not None:
            await loops.ordered(now)

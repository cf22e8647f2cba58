"""What a server's trends are made of, and when a language model is asked about what people wrote."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.comparison import Outcomes
from bot.domain.themes import Theme
from bot.domain.trends import DAY, CriterionShare, Dimension, Period, Remark, Share, TrendQuery
from bot.jobs import trends as module
from bot.jobs.trends import QUIET, TrendService
from tests.fakes import FakeClock, FakeMedia

GUILD = 100
REMARKS = [Remark(user_id=number, text=f"the hands, {number}") for number in range(4)]
WORDS = (Theme(text="hands", people=4),)


class Table:
    """Answers with what it has, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[TrendQuery] = []
        self.written = list(REMARKS)
        self.shown: list[Share] = []

    async def shares(self, wanted: TrendQuery) -> list[Share]:
        self.asked.append(wanted)
        return self.shown

    async def criteria(self, _wanted: TrendQuery) -> list[CriterionShare]:
        return []

    async def remarks(self, _wanted: TrendQuery, *, limit: int) -> list[Remark]:
        return self.written[:limit]


class Reader:
    """A language model that says what a test wants, or takes for ever."""

    def __init__(self, answer: tuple[str, ...] | None = ("wrong hands",)) -> None:
        self.answer = answer
        self.slow = False
        self.read: list[Sequence[str]] = []

    async def themes(self, remarks: Sequence[str], most: int) -> tuple[str, ...] | None:
        self.read.append(remarks)
        if self.slow:
            await asyncio.Event().wait()
        return self.answer


class Played:
    async def outcomes(self, guild_id: int, _since: int) -> Outcomes:
        assert guild_id == GUILD
        return Outcomes(styles={("noir", ""): 9, ("", "noir"): 1}, models={})


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def service(table: Table, clock: FakeClock, reader: Reader | None = None) -> TrendService:
    return TrendService(store=table, media=FakeMedia(), clock=clock, comparisons=Played(), finder=reader)


async def test_the_filters_reach_the_statement_and_days_become_a_line(table: Table, clock: FakeClock) -> None:
    today = clock.now() // DAY
    table.shown = [Share(dimension=Dimension.DAY, label=str(today), videos=2, votes=3, total=150)]
    found = await service(table, clock).trends(GUILD, period=Period.WEEK, member=7, model="house/m")
    assert table.asked == [TrendQuery(guild_id=GUILD, since=(today - 6) * DAY, member=7, model="house/m")]
    assert (found.whole.votes, found.course[-1].votes, len(found.course)) == (3, 3, 7)
    assert not found.empty


async def test_comparisons_tell_of_the_whole_server_alone(table: Table, clock: FakeClock) -> None:
    found = await service(table, clock).trends(GUILD, period=Period.ALL)
    assert found.styles["noir"].value > 0.5 > found.styles[""].value
    assert not found.empty
    narrowed = await service(table, clock).trends(GUILD, period=Period.ALL, member=7)
    assert narrowed.styles == {}
    assert narrowed.empty


async def test_without_a_language_model_words_are_counted(table: Table, clock: FakeClock) -> None:
    assert (await service(table, clock).trends(GUILD, period=Period.ALL)).themes == WORDS


async def test_a_language_model_is_asked_once_about_the_same(table: Table, clock: FakeClock) -> None:
    reader = Reader()
    trends = service(table, clock, reader)
    for _ in range(3):
        assert (await trends.trends(GUILD, period=Period.ALL)).themes == (Theme(text="wrong hands"),)
    assert reader.read == [[remark.text for remark in REMARKS]]


async def test_new_remarks_wait_for_their_turn_because_each_answer_may_cost(
    table: Table, clock: FakeClock
) -> None:
    reader = Reader()
    trends = service(table, clock, reader)
    await trends.trends(GUILD, period=Period.ALL)
    table.written.append(Remark(user_id=9, text="hands and feet"))
    assert (await trends.trends(GUILD, period=Period.ALL)).themes == (Theme(text="hands", people=5),)
    clock.advance(QUIET / 1000)
    assert (await trends.trends(GUILD, period=Period.ALL)).themes == (Theme(text="wrong hands"),)
    assert len(reader.read) == 2


async def test_one_that_fails_or_takes_too_long_is_done_without(
    table: Table, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await service(table, clock, Reader(None)).trends(GUILD, period=Period.ALL)).themes == WORDS
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    slow = Reader()
    slow.slow = True
    assert (await service(table, clock, slow).trends(GUILD, period=Period.ALL)).themes == WORDS
    assert slow.read


async def test_only_so_much_is_read_aloud_the_newest_first(table: Table, clock: FakeClock) -> None:
    reader = Reader()
    table.written = [Remark(user_id=number, text="x" * 399 + str(number % 10)) for number in range(300)]
    await service(table, clock, reader).trends(GUILD, period=Period.ALL)
    (read,) = reader.read
    assert sum(map(len, read)) <= module.READ_ALOUD
    assert read[0].endswith("0")
    table.written = table.written[:2]
    await service(table, clock, reader).trends(GUILD, period=Period.ALL)
    assert len(reader.read) == 1, "two remarks have no theme"

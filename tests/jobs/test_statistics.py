"""Who may know which figures."""

from dataclasses import replace

import pytest

from bot.domain.chart import Chart
from bot.domain.states import JobState
from bot.domain.stats import Run
from bot.domain.trends import DAY, Period
from bot.jobs import stats as jobs_stats
from bot.jobs.actor import Actor
from bot.jobs.stats import Statistics
from tests.factories import NOW
from tests.fakes import FakeClock, FakeMedia

RUN = Run(model="a/b", user_id=7, created_at=NOW, state=JobState.DELIVERED, waited=1, took=2)
MEMBER = Actor(user_id=7, guild_id=1, moderator=True)


class Store:
    """Remembers what was asked for."""

    def __init__(self, *runs: Run) -> None:
        self.runs = list(runs)
        self.asked: list[tuple[str, int, int]] = []

    async def of_server(self, guild_id: int, *, since: int, limit: int) -> list[Run]:
        self.asked.append(("server", guild_id, since))
        return self.runs[:limit]

    async def of_direct_messages(self, user_id: int, *, since: int, limit: int) -> list[Run]:
        self.asked.append(("direct", user_id, since))
        return self.runs[:limit]


def statistics(store: Store, media: FakeMedia | None = None) -> Statistics:
    return Statistics(store=store, media=media or FakeMedia(), clock=FakeClock())


@pytest.mark.parametrize(
    ("actor", "asked", "told_apart"),
    [
        (MEMBER, ("server", 1), False),
        (replace(MEMBER, manager=True), ("server", 1), True),
        (replace(MEMBER, guild_id=None), ("direct", 7), False),
    ],
    ids=["a moderator", "who manages the server", "in direct messages"],
)
async def test_members_are_told_apart_for_who_manages_the_server(
    actor: Actor, asked: tuple[str, int], told_apart: bool
) -> None:
    store = Store(RUN, replace(RUN, user_id=8))
    report = await statistics(store).report(actor, Period.WEEK)
    assert store.asked == [(*asked, (NOW // DAY - 6) * DAY)]
    assert [user_id for user_id, _ in report.stats.members] == ([7, 8] if told_apart else [])
    assert (report.stats.whole.jobs, report.stats.own.jobs, report.cut) == (2, 1, False)


async def test_more_jobs_than_are_counted_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_stats, "MOST", 2)
    store = Store(*(replace(RUN, created_at=NOW - days * DAY) for days in range(3)))
    report = await statistics(store).report(MEMBER, Period.YEAR)
    assert report.cut
    assert report.stats.whole.jobs == 2
    assert len(report.stats.spans) == 2, "days that were not counted are not shown as empty"


async def test_all_the_time_begins_with_the_first_job() -> None:
    store = Store(RUN, replace(RUN, created_at=NOW - 3 * DAY))
    report = await statistics(store).report(MEMBER, Period.ALL)
    assert store.asked == [("server", 1, 0)]
    assert len(report.stats.spans) == 4


async def test_a_picture_is_drawn() -> None:
    media = FakeMedia()
    chart = Chart(title="x", accent=(1, 2, 3), rows=())
    assert await statistics(Store(), media).draw(chart) == b"chart"
    assert media.charts == [chart]

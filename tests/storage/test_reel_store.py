"""The contract of ReelStore, on every database."""

from collections.abc import Callable

import pytest

from bot.domain.feedback import ReelEvery
from bot.domain.job import Job, JobId, Venue
from bot.domain.join import Join, Score
from bot.domain.reel import Period
from bot.domain.states import JobState
from bot.domain.video import Size, VideoRequest
from bot.jobs.studio import STUDIO
from bot.ports_reel import ReelStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.reels import SqlReelStore

START, END = 1_000_000, 2_000_000
PERIOD = Period(every=ReelEvery.WEEK, start=START, end=END)
GUILD = 2**60
Make = Callable[..., Job]


@pytest.fixture
def reels(database: Database) -> ReelStore:
    return SqlReelStore(database)


async def put(store: SqlJobStore, make_job: Make, job_id: str, **changes: object) -> JobId:
    usual = {
        "guild_id": GUILD,
        "state": JobState.DELIVERED,
        "created_at": START + 10,
        "finished_at": START + 20,
        "result_message_id": int(job_id),
    }
    return (await store.add(make_job(job_id, **(usual | changes)))).id


async def vote(database: Database, job_id: str, *values: int, counts: int = 1) -> None:
    for user_id, value in enumerate(values, 1):
        await database.execute(
            "INSERT INTO votes (job_id, user_id, emoji, value, at, counts)"
            " VALUES (:job_id, :user_id, :emoji, :value, 5, :counts)",
            job_id=job_id,
            user_id=user_id,
            emoji=f"emoji {counts}",
            value=value,
            counts=counts,
        )


async def test_votes_that_count_are_summed(
    database: Database, store: SqlJobStore, make_job: Make, reels: ReelStore
) -> None:
    await put(store, make_job, "1")
    await put(store, make_job, "2", user_id=2**60)
    await put(store, make_job, "3")
    await vote(database, "1", 100, 75, 0)
    await vote(database, "1", 100, 100, counts=0)
    await vote(database, "2", 25)
    first, second = await reels.candidates(GUILD, PERIOD)
    assert (first.job_id, first.votes, first.total, first.finished_at) == ("1", 3, 175, START + 20)
    assert (second.job_id, second.user_id, second.approval) == ("2", 2**60, 0.25)
    assert await reels.delivered(GUILD, PERIOD) == 3
    assert [found.job_id for found in await reels.candidates(GUILD, PERIOD, user_id=2**60)] == ["2"]
    assert await reels.delivered(GUILD, PERIOD, user_id=2**60) == 1


async def test_what_is_not_to_be_shown_is_no_candidate(
    database: Database, store: SqlJobStore, make_job: Make, reels: ReelStore
) -> None:
    join = VideoRequest(
        prompt="",
        size=Size(16, 16),
        seconds=1,
        join=Join(sources=("1",), scores=(Score(approval=1, votes=2),)),
    )
    others: list[dict[str, object]] = [
        {"guild_id": 5},
        {"guild_id": None},
        {"state": JobState.FAILED},
        {"finished_at": START - 1},
        {"finished_at": END},
        {"created_at": END, "finished_at": END + 5},
        {"result_message_id": None},
        {"venue": Venue.DIRECT},
        {"request": join, "provider": STUDIO},
    ]
    for number, changes in enumerate(others, 1):
        await vote(database, await put(store, make_job, str(number), **changes), 100)
    assert await reels.candidates(GUILD, PERIOD) == []
    assert await reels.delivered(GUILD, PERIOD) == 0
    edges: list[dict[str, object]] = [
        {"created_at": START - 100, "finished_at": START},
        {"finished_at": END - 1},
        {"venue": Venue.PARENT},
    ]
    for number, changes in enumerate(edges, 20):
        await vote(database, await put(store, make_job, str(number), **changes), 100)
    assert [found.job_id for found in await reels.candidates(GUILD, PERIOD)] == ["20", "21", "22"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_an_index_leads_to_the_period(database: Database, reels: ReelStore) -> None:
    """PostgreSQL plans by the size of the tables, and these are empty."""
    sql = SqlReelStore(database)._sql["candidates"]
    plan = await database.fetch_all(f"EXPLAIN QUERY PLAN {sql}", guild_id=1, since=0, until=9, user_id=None)
    steps = " ".join(str(row["detail"]) for row in plan)
    assert "jobs_by_state (state=? AND finished_at>? AND finished_at<?)" in steps
    assert "SCAN jobs" not in steps


async def test_a_reels_order_is_read_back_as_it_was(store: SqlJobStore, make_job: Make) -> None:
    join = Join(
        sources=("1", "2"),
        fade=True,
        title="Best of the week",
        scores=(Score(approval=0.925, votes=12), Score(approval=1.0, votes=1)),
        left_out=("9",),
        longest=5.8,
    )
    request = VideoRequest(prompt="Best of the week", size=Size(1280, 720), seconds=20, join=join)
    await store.add(make_job("7", request=request))
    kept = await store.get(JobId("7"))
    assert kept is not None
    assert kept.request.join == join


async def test_an_order_from_before_reels_is_still_read(
    database: Database, store: SqlJobStore, make_job: Make
) -> None:
    request = VideoRequest(prompt="", size=Size(16, 16), seconds=1, join=Join(sources=("1",)))
    await store.add(make_job("7", request=request))
    old = '{"sources": ["1", "2"], "fade": true, "title": null}'
    await database.execute("UPDATE jobs SET joins = :joins WHERE id = '7'", joins=old)
    kept = await store.get(JobId("7"))
    assert kept is not None
    assert kept.request.join == Join(sources=("1", "2"), fade=True)

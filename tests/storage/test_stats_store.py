"""The contract of RunStore, on every database."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.job import Job
from bot.domain.join import Join
from bot.domain.states import JobState
from bot.domain.stats import Run
from bot.domain.video import Size, VideoRequest
from bot.jobs.stats import RunStore
from bot.jobs.studio import STUDIO
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.queries import load_queries
from storage.stats import SqlRunStore

REQUEST = VideoRequest(prompt="x", size=Size(2, 2), seconds=4, model="one")
JOIN = replace(REQUEST, join=Join(sources=("1", "2")))


@pytest.fixture
def runs(database: Database) -> RunStore:
    return SqlRunStore(database)


async def keep(store: SqlJobStore, database: Database, job: Job) -> None:
    """Put the job in as it is; a new one's row holds neither state nor times."""
    await store.add(job)
    await database.execute(
        "UPDATE jobs SET state = :state, started_at = :started_at, finished_at = :finished_at WHERE id = :id",
        id=job.id,
        state=job.state.value,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


async def test_a_run_has_what_figures_need(
    runs: RunStore, store: SqlJobStore, database: Database, make_job: Callable[..., Job]
) -> None:
    base = 2**40
    done = make_job("1", guild_id=2**60, request=REQUEST, created_at=base, state=JobState.DELIVERED)
    done = replace(done, started_at=base + 5, finished_at=base + 50)
    waiting = make_job("2", guild_id=2**60, created_at=base + 1)
    failed = make_job("3", guild_id=2**60, created_at=base + 2, state=JobState.FAILED)
    failed = replace(failed, started_at=base + 8, finished_at=base + 9)
    for job in (done, waiting, failed):
        await keep(store, database, job)
    found = await runs.of_server(2**60, since=base, limit=10)
    assert found == [
        Run(model="preview/", user_id=7, created_at=base + 2, state=JobState.FAILED, waited=6, took=None),
        Run(model="preview/", user_id=7, created_at=base + 1, state=JobState.QUEUED),
        Run(model="preview/one", user_id=7, created_at=base, state=JobState.DELIVERED, waited=5, took=45),
    ]


async def test_the_newest_of_the_server_since_then_are_returned_without_joins(
    runs: RunStore, store: SqlJobStore, make_job: Callable[..., Job]
) -> None:
    for number in range(5):
        await store.add(make_job(str(number), guild_id=1, created_at=100 + number))
    await store.add(make_job("other", guild_id=2, created_at=102))
    await store.add(make_job("direct", created_at=102))
    await store.add(make_job("joined", guild_id=1, created_at=103, provider=STUDIO, request=JOIN))
    found = await runs.of_server(1, since=101, limit=10)
    assert [run.created_at for run in found] == [104, 103, 102, 101]
    assert [run.created_at for run in await runs.of_server(1, since=101, limit=2)] == [104, 103]
    assert await runs.of_server(3, since=0, limit=10) == []


async def test_direct_messages_are_those_of_one_member(
    runs: RunStore, store: SqlJobStore, make_job: Callable[..., Job]
) -> None:
    for job in (
        make_job("mine", created_at=100),
        make_job("old", created_at=99),
        make_job("hers", created_at=100, user_id=8),
        make_job("server", guild_id=1, created_at=100),
        make_job("joined", created_at=100, provider=STUDIO, request=JOIN),
    ):
        await store.add(job)
    found = await runs.of_direct_messages(7, since=100, limit=10)
    assert [(run.user_id, run.created_at) for run in found] == [(7, 100)]


@pytest.mark.parametrize(
    ("topic", "name", "index"),
    [
        ("stats", "of_server", "jobs_of_guild (guild_id=? AND created_at>?)"),
        ("stats", "of_direct_messages", "jobs_of_user (user_id=?)"),
        ("suggestions", "voted", "jobs_of_guild (guild_id=? AND created_at>?)"),
        ("suggestions", "voted", "votes_counting (job_id=?)"),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_figures_and_suggestions_never_read_all_jobs_or_votes(
    topic: str, name: str, index: str, database: Database
) -> None:
    """PostgreSQL plans by what is in the tables."""
    sql = load_queries(topic)[name]
    known: dict[str, int] = {"guild_id": 1, "user_id": 1, "since": 0, "limit": 10}
    wanted = {name: value for name, value in known.items() if f":{name}" in sql}
    plan = [row["detail"] for row in await database.fetch_all(f"EXPLAIN QUERY PLAN {sql}", **wanted)]
    assert any(index in step for step in plan), plan
    assert not [step for step in plan if step.startswith(("SCAN jobs", "SCAN votes"))], plan

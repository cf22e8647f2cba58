"""The contract of FamilyStore on every database: parents, children, and a member's own videos."""

import sqlite3
from collections.abc import Callable

import pytest

from bot.domain.job import Job, JobId
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.jobs.lineage import FamilyStore
from storage.database import Database
from storage.family import SqlFamilyStore
from storage.jobs import SqlJobStore
from storage.migrate import load_migrations
from storage.queries import load_queries

JobMaker = Callable[..., Job]


@pytest.fixture
def families(database: Database) -> SqlFamilyStore:
    return SqlFamilyStore(database)


@pytest.fixture
async def line(store: SqlJobStore, make_job: JobMaker) -> dict[str, Job]:
    """Keep a family: a -> b -> d, a -> c, and e of its own."""
    parents = {"a": None, "b": "a", "c": "a", "d": "b", "e": None}
    jobs = {}
    for number, (name, parent) in enumerate(parents.items()):
        origin = Origin(parent=parent, relation=None if parent is None else Relation.REMIX)
        jobs[name] = await store.add(make_job(name, created_at=1_000 + number, origin=origin))
    return jobs


async def test_ancestors_come_nearest_first(families: SqlFamilyStore, line: dict[str, Job]) -> None:
    port: FamilyStore = families
    assert await port.ancestors(line["d"]) == [line["b"], line["a"]]
    assert await port.ancestors(line["a"]) == []


async def test_descendants_come_in_the_order_of_their_making(
    families: SqlFamilyStore, line: dict[str, Job]
) -> None:
    found = await families.descendants(JobId("a"), limit=10)
    assert [job.id for job in found] == ["b", "c", "d"]
    assert [job.id for job in await families.descendants(JobId("a"), limit=2)] == ["b", "c"]
    assert await families.descendants(JobId("e"), limit=10) == []
    assert await families.has_children(JobId("b"))
    assert not await families.has_children(JobId("d"))


async def test_a_parent_that_is_gone_ends_the_line(
    families: SqlFamilyStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    orphan = await store.add(make_job("o", origin=Origin(parent="gone", relation=Relation.AGAIN)))
    assert await families.ancestors(orphan) == []


async def test_a_circle_in_a_damaged_table_ends(
    families: SqlFamilyStore, database: Database, line: dict[str, Job]
) -> None:
    await database.execute("UPDATE jobs SET parent_id = 'd' WHERE id = 'a'")
    assert {job.id for job in await families.descendants(JobId("a"), limit=10)} == {"b", "c", "d"}
    assert [job.id for job in await families.ancestors(line["d"])] == ["b", "a"]


async def test_own_videos_come_newest_first(
    families: SqlFamilyStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    for number, state in enumerate((JobState.DELIVERED, JobState.FAILED, JobState.DELIVERED)):
        await store.add(make_job(f"own{number}", created_at=2_000 + number, state=state))
    await store.add(make_job("other", user_id=8, state=JobState.DELIVERED))
    assert [job.id for job in await families.recent_of_member(7, limit=10)] == ["own2", "own0"]
    assert [job.id for job in await families.recent_of_member(7, limit=1)] == ["own2"]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("ancestors", "sqlite_autoindex_jobs_1"),
        ("descendants", "jobs_by_parent"),
        ("has_children", "jobs_by_parent"),
        ("recent_of_member", "jobs_of_user (user_id=? AND state=?)"),
    ],
)
def test_a_statement_uses_its_index_and_never_reads_all_jobs(name: str, index: str) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(load_queries("schema")["create_table"])
    for step in load_migrations():
        for statement in step.statements():
            connection.execute(statement)
    sql = load_queries("family")[name]
    given = {"id": "a", "user_id": 7, "limit": 5}
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
    connection.close()
    assert any(f"INDEX {index}" in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN jobs")], plan

"""Votes added up on every database: who and what counts, by what, and that no table is read whole."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.evaluation import Evaluation, EvaluationKind
from bot.domain.job import Job, JobId
from bot.domain.join import Join
from bot.domain.states import JobState
from bot.domain.trends import DAY, CriterionShare, Dimension, Remark, Share, TrendQuery
from bot.domain.video import Size
from bot.jobs.studio import STUDIO
from bot.ports_trends import TrendStore
from storage.database import Database
from storage.evaluations import SqlEvaluationStore
from storage.jobs import SqlJobStore
from storage.migrate import load_migrations
from storage.queries import load_queries
from storage.trends import SqlTrendStore

JobMaker = Callable[..., Job]
GUILD, OTHER = 100, 101
ALL = TrendQuery(guild_id=GUILD)


@pytest.fixture
def trends(database: Database) -> SqlTrendStore:
    return SqlTrendStore(database)


class Server:
    """Videos with votes."""

    def __init__(self, database: Database, store: SqlJobStore, make_job: JobMaker) -> None:
        self._database = database
        self._store = store
        self._make_job = make_job
        self._count = 0

    async def video(self, *votes: int, **over: object) -> JobId:
        """Add a delivered video with these votes; fields of the request and of the job may differ."""
        self._count += 1
        plain = self._make_job()
        known = set(plain.request.__slots__)
        request = replace(plain.request, **{"model": "m1"} | {k: v for k, v in over.items() if k in known})  # type: ignore[arg-type]
        fields = {"state": JobState.DELIVERED, "guild_id": GUILD, "created_at": DAY}
        fields |= {k: v for k, v in over.items() if k not in known}
        job = await self._store.add(self._make_job(f"j{self._count}", request=request, **fields))
        for person, value in enumerate(votes):
            await self.vote(job.id, person, value)
        return job.id

    async def vote(self, job_id: JobId, person: int, value: int, *, counts: int = 1) -> None:
        await self._database.execute(
            "INSERT INTO votes (job_id, user_id, emoji, value, at, counts) "
            "VALUES (:job_id, :user_id, :emoji, :value, 1, :counts)",
            job_id=job_id,
            user_id=person,
            emoji=f"e{value}",
            value=value,
            counts=counts,
        )


@pytest.fixture
def server(database: Database, store: SqlJobStore, make_job: JobMaker) -> Server:
    return Server(database, store, make_job)


def of(shares: list[Share], dimension: Dimension) -> dict[str | None, tuple[int, int, int]]:
    return {
        share.label: (share.videos, share.votes, share.total)
        for share in shares
        if share.dimension is dimension
    }


async def test_votes_are_added_up_by_everything_videos_differ_in(
    trends: SqlTrendStore, server: Server
) -> None:
    port: TrendStore = trends
    await server.video(100, 100, 0, style="noir", typed="x", seconds=8)
    await server.video(75, style="noir", seconds=4, size=Size(720, 1280), created_at=2 * DAY + 5)
    await server.video(25, 50, typed="x", picture="p.jpg", model="m2")
    await server.video()
    shares = await port.shares(ALL)
    assert of(shares, Dimension.STYLE) == {"noir": (2, 4, 275), None: (2, 2, 75)}
    assert of(shares, Dimension.MODEL) == {"preview/m1": (3, 4, 275), "preview/m2": (1, 2, 75)}
    assert of(shares, Dimension.SIZE) == {"1280x720": (3, 5, 275), "720x1280": (1, 1, 75)}
    assert of(shares, Dimension.SECONDS) == {"8": (3, 5, 275), "4": (1, 1, 75)}
    assert of(shares, Dimension.PICTURE) == {"yes": (1, 2, 75), "no": (3, 4, 275)}
    assert of(shares, Dimension.DAY) == {"1": (3, 5, 275), "2": (1, 1, 75)}
    assert of(shares, Dimension.ENHANCED) == {"yes": (1, 2, 75), "no": (1, 0, 0)}, "where there is no style"


async def test_only_the_vote_that_counts_counts(trends: SqlTrendStore, server: Server) -> None:
    job_id = await server.video(100)
    await server.vote(job_id, 0, 0, counts=0)
    (day,) = [share for share in await trends.shares(ALL) if share.dimension is Dimension.DAY]
    assert (day.votes, day.total) == (1, 100)


async def test_only_delivered_renders_of_the_server_count(trends: SqlTrendStore, server: Server) -> None:
    await server.video(100, guild_id=OTHER)
    await server.video(100, guild_id=None)
    await server.video(100, state=JobState.FAILED)
    await server.video(100, provider=STUDIO, join=Join(sources=("a", "b")))
    assert await trends.shares(ALL) == []


async def test_period_member_and_model_narrow_it_down(trends: SqlTrendStore, server: Server) -> None:
    await server.video(100, created_at=10 * DAY)
    await server.video(0, created_at=20 * DAY, user_id=8)
    await server.video(50, created_at=20 * DAY, user_id=8, model="m2")
    for query, votes in (
        (ALL, 3),
        (replace(ALL, since=20 * DAY), 2),
        (replace(ALL, member=8), 2),
        (replace(ALL, member=9), 0),
        (replace(ALL, model="preview/m2"), 1),
        (replace(ALL, model="preview/m1", member=8, since=20 * DAY), 1),
        (replace(ALL, model="m1"), 0),
    ):
        assert sum(found[1] for found in of(await trends.shares(query), Dimension.DAY).values()) == votes


def said(job_id: JobId, user_id: int, comment: str, at: int, **scores: int) -> Evaluation:
    return Evaluation(
        job_id=job_id, user_id=user_id, kind=EvaluationKind.DETAIL, scores=scores, comment=comment, at=at
    )


async def test_what_is_said_in_detail_is_added_up_too(
    trends: SqlTrendStore, server: Server, database: Database
) -> None:
    store = SqlEvaluationStore(database)
    one, two = await server.video(), await server.video(user_id=8)
    foreign = await server.video(guild_id=OTHER)
    await store.put(said(one, 1, "too dark", 10, realism=5, usefulness=2))
    await store.put(said(two, 1, "", 20, realism=2))
    await store.put(said(two, 2, "手", 30, realism=3))
    await store.put(said(foreign, 3, "elsewhere", 40, realism=1))
    refined = replace(said(one, 1, "still dark", 50, realism=9), kind=EvaluationKind.REFINE)
    await store.put(refined)
    assert await trends.criteria(ALL) == [
        CriterionShare(kind="detail", criterion="realism", people=3, total=10),
        CriterionShare(kind="detail", criterion="usefulness", people=1, total=2),
        CriterionShare(kind="refine", criterion="realism", people=1, total=9),
    ]
    written = ((1, "still dark"), (2, "手"), (1, "too dark"))
    remarks = [Remark(user_id=user_id, text=text) for user_id, text in written]
    assert await trends.remarks(ALL, limit=9) == remarks
    assert await trends.remarks(ALL, limit=1) == remarks[:1]
    assert await trends.remarks(replace(ALL, member=8), limit=9) == [remarks[1]]
    assert [one.people for one in await trends.criteria(replace(ALL, member=8))] == [2]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("shares", "votes_counting (job_id=?)"),
        ("criteria", "sqlite_autoindex_evaluation_scores_1 (job_id=?)"),
        ("remarks", "sqlite_autoindex_evaluations_1 (job_id=?)"),
    ],
)
def test_a_statement_reads_only_what_is_the_servers(name: str, index: str) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(load_queries("schema")["create_table"])
    for step in load_migrations():
        for statement in step.statements():
            connection.execute(statement)
    sql = load_queries("trends")[name]
    given = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
    connection.close()
    for needed in ("jobs_of_guild (guild_id=? AND created_at>?)", index):
        assert any(f"INDEX {needed}" in step for step in plan), plan
    tables = ("jobs", "votes", "said", "scores", "evaluations", "evaluation_scores")
    assert not [step for step in plan if step.startswith(tuple(f"SCAN {table}" for table in tables))], plan

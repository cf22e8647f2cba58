"""The contract of ChoiceStore, on every database."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.job import Job
from bot.domain.suggestions import Voted
from bot.domain.video import Size, VideoRequest
from bot.jobs.studio import STUDIO
from bot.jobs.suggestions import ChoiceStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.suggestions import SqlChoiceStore

ANIME = VideoRequest(prompt="x", size=Size(2, 2), seconds=4, model="one", style="anime")


@pytest.fixture
def choices(database: Database) -> ChoiceStore:
    return SqlChoiceStore(database)


async def vote(database: Database, job_id: str, *values: int, counts: int = 1) -> None:
    for user_id, value in enumerate(values):
        await database.execute(
            "INSERT INTO votes (job_id, user_id, emoji, value, at, counts) "
            "VALUES (:job_id, :user_id, :emoji, :value, 1, :counts)",
            job_id=job_id,
            user_id=user_id,
            emoji=f"{value}/{counts}",
            value=value,
            counts=counts,
        )


async def test_votes_that_count_are_added_up_by_what_was_chosen(
    choices: ChoiceStore, database: Database, store: SqlJobStore, make_job: Callable[..., Job]
) -> None:
    requests = {"1": ANIME, "2": ANIME, "3": replace(ANIME, style=None), "4": replace(ANIME, seconds=8)}
    for job_id, request in requests.items():
        await store.add(make_job(job_id, guild_id=2**60, request=request))
    await database.execute("UPDATE jobs SET state = 'delivered'")
    await vote(database, "1", 100, 100, 0)
    await vote(database, "1", 25, 25, 25, counts=0)
    await vote(database, "2", 75)
    await vote(database, "3", 0)
    found = await choices.voted(2**60, since=0)
    assert sorted(found, key=lambda voted: voted.votes) == [
        Voted(style=None, model="preview/one", seconds=4, votes=1, total=0),
        Voted(style="anime", model="preview/one", seconds=4, votes=4, total=275),
    ], "what nobody has voted on is not there"


async def test_only_delivered_renders_of_the_server_since_then_count(
    choices: ChoiceStore, database: Database, store: SqlJobStore, make_job: Callable[..., Job]
) -> None:
    counted = make_job("1", guild_id=1, created_at=50, request=ANIME)
    others = [
        make_job("old", guild_id=1, created_at=49, request=ANIME),
        make_job("other", guild_id=2, created_at=50, request=ANIME),
        make_job("direct", created_at=50, request=ANIME),
        make_job("joined", guild_id=1, created_at=50, provider=STUDIO, request=ANIME),
        make_job("failed", guild_id=1, created_at=50, request=ANIME),
    ]
    for job in (counted, *others):
        await store.add(job)
    await database.execute("UPDATE jobs SET state = 'delivered' WHERE id <> 'failed'")
    for job in (counted, *others):
        await vote(database, job.id, 100)
    assert [voted.votes for voted in await choices.voted(1, since=50)] == [1]
    assert [voted.votes for voted in await choices.voted(1, since=0)] == [2]
    assert await choices.voted(3, since=0) == []

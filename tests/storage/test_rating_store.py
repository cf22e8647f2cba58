"""The contract of RatingStore, on every database."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.errors import StorageError
from bot.domain.feedback import FeedbackSettings
from bot.domain.job import Job, JobId
from bot.domain.ratings import Tally
from bot.domain.votes import NORMAL, SUPER
from bot.ports import RatingStore
from storage.database import Database
from storage.feedback import SqlFeedbackStore
from storage.jobs import SqlJobStore
from storage.ratings import SqlRatingStore

ONE, TWO, HERE = JobId("1"), JobId("2"), JobId("3")
AUTHOR, GUILD = 7, 30
UP, DOWN, OLD = "👍", "👎", "❤"
THUMBS = {UP: 100, DOWN: 0}


@pytest.fixture
async def ratings(database: Database, store: SqlJobStore, make_job: Callable[..., Job]) -> SqlRatingStore:
    for job_id in (ONE, TWO):
        await store.add(make_job(job_id))
    await store.add(make_job(HERE, guild_id=GUILD))
    return SqlRatingStore(database)


Row = tuple[int, str, int, int, int]
"""user, emoji, value, at, held"""


async def rows(database: Database, job_id: JobId = ONE, *, counts: bool = True) -> set[Row]:
    sql = "SELECT * FROM votes WHERE job_id = :job_id AND counts = :counts"
    found = await database.fetch_all(sql, job_id=job_id, counts=int(counts))
    return {(row["user_id"], row["emoji"], row["value"], row["at"], row["held"]) for row in found}


def tally(**people: int) -> Tally:
    by_emoji = {{"up": UP, "down": DOWN, "old": OLD}[name]: count for name, count in people.items()}
    by_value = {{"up": 100, "down": 0, "old": 30}[name]: count for name, count in people.items()}
    total = sum(value * count for value, count in by_value.items())
    return Tally(people=sum(people.values()), total=total, by_value=by_value, by_emoji=by_emoji)


async def test_votes_are_counted_per_job(ratings: SqlRatingStore) -> None:
    port: RatingStore = ratings
    assert await port.tally(ONE) == Tally()
    for user, emoji in ((1, UP), (2, UP), (3, DOWN)):
        await port.vote(ONE, user, emoji, THUMBS[emoji], 10)
    await port.vote(TWO, 1, DOWN, 0, 10)
    assert await port.tally(ONE) == tally(up=2, down=1)
    assert await port.tally(TWO) == tally(down=1)


async def test_the_last_vote_wins_and_the_one_before_it_is_kept(
    ratings: SqlRatingStore, database: Database
) -> None:
    await ratings.vote(ONE, 1, UP, 100, 10)
    await ratings.vote(ONE, 1, DOWN, 0, 20)
    assert await rows(database) == {(1, DOWN, 0, 20, 1)}
    assert await rows(database, counts=False) == {(1, UP, 100, 10, 1)}
    await ratings.vote(ONE, 1, UP, 100, 30, kind=SUPER)
    assert await rows(database) == {(1, UP, 100, 30, 3)}


async def test_taking_back_what_counts_brings_back_the_one_before_it(
    ratings: SqlRatingStore, database: Database
) -> None:
    for at, emoji in enumerate((UP, OLD, DOWN)):
        await ratings.vote(ONE, 1, emoji, 100, at)
    await ratings.vote(ONE, 2, UP, 100, 5)
    await ratings.retract(ONE, 1, OLD)
    assert {row[:2] for row in await rows(database)} == {(1, DOWN), (2, UP)}
    await ratings.retract(ONE, 1, DOWN)
    assert {row[:2] for row in await rows(database)} == {(1, UP), (2, UP)}
    await ratings.retract(ONE, 1, DOWN)
    await ratings.retract(ONE, 1, UP, kind=SUPER)
    assert {row[:2] for row in await rows(database)} == {(1, UP), (2, UP)}, "what is not held is not taken"
    await ratings.retract(ONE, 1, UP)
    assert {row[:2] for row in await rows(database)} == {(2, UP)}
    assert await rows(database, counts=False) == set()


async def test_an_emoji_of_an_earlier_scale_is_worth_what_it_is_on_this_video(
    ratings: SqlRatingStore, database: Database
) -> None:
    await ratings.vote(ONE, 1, OLD, 30, 10)
    await ratings.vote(ONE, 2, OLD, None, 20)
    await ratings.vote(TWO, 2, OLD, None, 20)
    assert await ratings.tally(ONE) == tally(old=2)
    assert await ratings.tally(TWO) == Tally(), "nobody had given it there"
    assert await ratings.emoji(ONE) == {OLD}
    assert await ratings.emoji(TWO) == frozenset()


@pytest.mark.parametrize(
    ("emoji", "left"),
    [(None, Tally()), (UP, tally(down=1)), (DOWN, tally(up=3))],
    ids=["all", "all up", "all down, under which one had voted up before"],
)
async def test_cleared_votes_are_gone_from_this_job_only(
    emoji: str | None, left: Tally, ratings: SqlRatingStore
) -> None:
    for job_id in (ONE, TWO):
        await ratings.vote(job_id, 1, UP, 100, 10, kind=NORMAL | SUPER)
        await ratings.vote(job_id, 2, UP, 100, 10)
        await ratings.vote(job_id, 3, UP, 100, 5)
        await ratings.vote(job_id, 3, DOWN, 0, 10)
    await ratings.clear(ONE, emoji)
    assert await ratings.tally(ONE) == left
    assert await ratings.tally(TWO) == tally(up=2, down=1)


async def test_replace_makes_the_table_equal_to_the_message(
    ratings: SqlRatingStore, database: Database
) -> None:
    await ratings.vote(ONE, 1, UP, 100, 10)
    await ratings.vote(ONE, 2, UP, 100, 10)
    await ratings.vote(ONE, 3, UP, 60, 10)
    await ratings.vote(ONE, 4, OLD, 30, 10)
    await ratings.vote(TWO, 1, UP, 100, 10)
    shown = {2: {DOWN: NORMAL, UP: NORMAL}, 3: {UP: SUPER}, 4: {OLD: NORMAL}, 5: {OLD: NORMAL, "🤷": NORMAL}}
    await ratings.replace(ONE, shown, THUMBS, 99)
    after = {(2, DOWN, 0, 99, 1), (3, UP, 60, 10, 2), (4, OLD, 30, 10, 1), (5, OLD, 30, 99, 1)}
    assert await rows(database) == after
    assert await rows(database, counts=False) == {(2, UP, 100, 10, 1)}
    await ratings.replace(ONE, shown, THUMBS, 200)
    assert await rows(database) == after, "a second one changes nothing"
    assert await ratings.tally(TWO) == tally(up=1)


async def test_a_vote_on_an_unknown_job_is_refused(ratings: SqlRatingStore) -> None:
    with pytest.raises(StorageError, match=r"(?i)foreign key"):
        await ratings.vote(JobId("none"), 1, UP, 100, 10)


@pytest.mark.parametrize("job_id", [ONE, HERE], ids=["direct message", "server"])
async def test_whether_authors_vote_may_change_at_any_time(
    job_id: JobId, ratings: SqlRatingStore, database: Database
) -> None:
    feedback, guild_id = SqlFeedbackStore(database), GUILD if job_id == HERE else None
    await ratings.vote(job_id, AUTHOR, UP, 100, 10)
    await ratings.vote(job_id, 1, UP, 100, 10)
    other = HERE if job_id == ONE else ONE
    await ratings.vote(other, AUTHOR, UP, 100, 10)
    settings = FeedbackSettings(guild_id=guild_id, author_votes=False)
    await feedback.save(settings)
    assert await ratings.tally(job_id) == tally(up=1)
    await ratings.vote(job_id, AUTHOR, DOWN, 0, 20)
    await ratings.replace(
        job_id, {AUTHOR: {UP: NORMAL, DOWN: NORMAL, OLD: NORMAL}, 1: {UP: NORMAL}}, THUMBS, 30
    )
    assert await ratings.tally(job_id) == tally(up=1)
    await feedback.save(replace(settings, best_from=9))
    assert await ratings.tally(job_id) == tally(up=1)
    await feedback.save(replace(settings, author_votes=True))
    assert await ratings.tally(job_id) == tally(up=1, down=1), "the last one of what the author holds"
    assert await ratings.tally(other) == tally(up=1), "another server's"


async def test_votes_at_the_same_moment_leave_one_that_counts(
    ratings: SqlRatingStore, database: Database
) -> None:
    feedback, rng = SqlFeedbackStore(database), random.Random(7)

    async def act(number: int) -> None:
        user = rng.choice((1, 2, AUTHOR))
        match number % 7:
            case 0:
                await ratings.retract(HERE, user, rng.choice((UP, DOWN)))
            case 1:
                held = rng.choice(({UP: NORMAL, DOWN: NORMAL}, {DOWN: NORMAL}))
                await ratings.replace(HERE, {1: held, AUTHOR: held}, THUMBS, number)
            case 2:
                await feedback.save(FeedbackSettings(guild_id=GUILD, author_votes=rng.random() < 0.5))
            case _:
                emoji = rng.choice((UP, DOWN))
                await ratings.vote(HERE, user, emoji, THUMBS[emoji], number)

    await asyncio.gather(*map(act, range(60)))
    await feedback.save(FeedbackSettings(guild_id=GUILD, author_votes=False))
    everybody = await rows(database, HERE, counts=False) | await rows(database, HERE)
    newest = {row[0]: max(other[3] for other in everybody if other[0] == row[0]) for row in everybody}
    assert await rows(database, HERE) == {
        row for row in everybody if row[3] == newest[row[0]] and row[0] != AUTHOR
    }

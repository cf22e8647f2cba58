"""The contract of RatingStore, on every database."""

from collections.abc import Callable

import pytest

from bot.domain.errors import StorageError
from bot.domain.job import Job, JobId
from bot.domain.ratings import Tally
from bot.ports import RatingStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.ratings import SqlRatingStore

ONE, TWO = JobId("1"), JobId("2")


@pytest.fixture
async def ratings(database: Database, store: SqlJobStore, make_job: Callable[..., Job]) -> SqlRatingStore:
    for job_id in (ONE, TWO):
        await store.add(make_job(job_id))
    return SqlRatingStore(database)


async def table(database: Database) -> dict[int, tuple[int, int]]:
    rows = await database.fetch_all("SELECT * FROM ratings WHERE job_id = '1'")
    return {row["user_id"]: (row["value"], row["at"]) for row in rows}


async def test_votes_are_counted_per_job(ratings: SqlRatingStore) -> None:
    port: RatingStore = ratings
    assert await port.tally(ONE) == Tally()
    for user, value in ((1, 1), (2, 1), (3, -1)):
        await port.vote(ONE, user, value, 10)
    await port.vote(TWO, 1, -1, 10)
    assert await port.tally(ONE) == Tally(up=2, down=1)
    assert await port.tally(TWO) == Tally(down=1)


async def test_the_last_vote_wins(ratings: SqlRatingStore, database: Database) -> None:
    await ratings.vote(ONE, 1, 1, 10)
    await ratings.vote(ONE, 1, -1, 20)
    assert await table(database) == {1: (-1, 20)}


@pytest.mark.parametrize(
    ("value", "left"),
    [
        pytest.param(None, Tally(down=1), id="whatever it is"),
        pytest.param(1, Tally(down=1), id="the vote it is"),
        pytest.param(-1, Tally(up=1, down=1), id="another vote stays"),
    ],
)
async def test_a_retracted_vote_is_gone(value: int | None, left: Tally, ratings: SqlRatingStore) -> None:
    await ratings.vote(ONE, 1, 1, 10)
    await ratings.vote(ONE, 2, -1, 10)
    await ratings.retract(ONE, 1, value)
    assert await ratings.tally(ONE) == left


@pytest.mark.parametrize(
    ("value", "left"),
    [(None, Tally()), (1, Tally(down=1)), (-1, Tally(up=2))],
    ids=["all", "all up", "all down"],
)
async def test_cleared_votes_are_gone_from_this_job_only(
    value: int | None, left: Tally, ratings: SqlRatingStore
) -> None:
    for job_id in (ONE, TWO):
        for user, vote in ((1, 1), (2, 1), (3, -1)):
            await ratings.vote(job_id, user, vote, 10)
    await ratings.clear(ONE, value)
    assert await ratings.tally(ONE) == left
    assert await ratings.tally(TWO) == Tally(up=2, down=1)


@pytest.mark.parametrize(
    ("before", "held", "after"),
    [
        pytest.param(None, [1], (1, 99), id="a new voter is added"),
        pytest.param(1, [1], (1, 10), id="an unchanged vote keeps its time"),
        pytest.param(1, [-1], (-1, 99), id="a changed vote is changed"),
        pytest.param(1, [], None, id="no emoji left"),
        pytest.param(1, None, None, id="not in the message at all"),
        pytest.param(1, [1, -1], (1, 10), id="of several the one in the table stays"),
        pytest.param(-1, [1, -1], (-1, 10), id="of several the one in the table stays, the other way"),
        pytest.param(None, [1, -1], (-1, 99), id="of several new ones the last counts"),
        pytest.param(None, [-1, 1], (1, 99), id="of several new ones the last counts, the other way"),
    ],
)
async def test_replace_makes_the_table_equal_to_the_message(
    before: int | None,
    held: list[int] | None,
    after: tuple[int, int] | None,
    ratings: SqlRatingStore,
    database: Database,
) -> None:
    if before is not None:
        await ratings.vote(ONE, 7, before, 10)
    await ratings.vote(ONE, 8, 1, 10)
    await ratings.vote(TWO, 7, 1, 10)
    await ratings.replace(ONE, {8: [1]} | ({} if held is None else {7: held}), 99)
    expected = {8: (1, 10)} | ({} if after is None else {7: after})
    assert await table(database) == expected
    assert await ratings.tally(TWO) == Tally(up=1)


async def test_a_vote_on_an_unknown_job_is_refused(ratings: SqlRatingStore) -> None:
    with pytest.raises(StorageError, match=r"(?i)foreign key"):
        await ratings.vote(JobId("none"), 1, 1, 10)

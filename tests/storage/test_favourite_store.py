"""The contract of FavouriteStore, on every database."""

from collections.abc import Callable

import pytest

from bot.domain.errors import StorageError
from bot.domain.job import Job, JobId, Place
from bot.domain.origin import Origin
from bot.ports_posting import FavouriteStore
from storage.database import Database
from storage.favourites import SqlFavouriteStore
from storage.jobs import SqlJobStore

ONE = JobId("1")
AUTHOR = 7


@pytest.fixture
async def favourites(
    database: Database, store: SqlJobStore, make_job: Callable[..., Job]
) -> SqlFavouriteStore:
    await store.add(make_job("1", result_message_id=900, result_channel_id=5))
    await store.add(make_job("2", place=Place(channel_id=5, status_message_id=61)))
    board = Origin(board="b", clip=1)
    place = Place(channel_id=5, status_message_id=62)
    await store.add(make_job("3", place=place, origin=board, result_message_id=901))
    return SqlFavouriteStore(database)


async def table(database: Database) -> set[tuple[str, int, int]]:
    rows = await database.fetch_all("SELECT * FROM favourites")
    return {(row["job_id"], row["user_id"], row["at"]) for row in rows}


@pytest.mark.parametrize(
    ("message_id", "expected"),
    [
        pytest.param(900, "1", id="a video"),
        pytest.param(61, "2", id="a status message"),
        pytest.param(901, "3", id="the video of a clip"),
        pytest.param(62, None, id="the message of a board"),
        pytest.param(5, None, id="something else"),
    ],
)
async def test_a_message_leads_to_its_job(
    favourites: SqlFavouriteStore, message_id: int, expected: str | None
) -> None:
    port: FavouriteStore = favourites
    job = await port.of_message(message_id)
    assert (None if job is None else job.id) == expected


async def test_a_person_has_one_star_and_the_authors_does_not_count(
    favourites: SqlFavouriteStore, database: Database, make_job: Callable[..., Job]
) -> None:
    job = make_job("1")
    await favourites.add(ONE, 2**60, 10)
    await favourites.add(ONE, 2**60, 20)
    await favourites.add(ONE, AUTHOR, 10)
    await favourites.add(JobId("2"), 8, 10)
    assert await table(database) == {("1", 2**60, 10), ("1", AUTHOR, 10), ("2", 8, 10)}
    assert await favourites.stars(job) == 1
    await favourites.remove(ONE, 2**60)
    await favourites.remove(ONE, 99)
    assert await favourites.stars(job) == 0
    await favourites.clear(ONE)
    assert await table(database) == {("2", 8, 10)}


async def test_a_recount_makes_the_table_equal_to_the_message(
    favourites: SqlFavouriteStore, database: Database
) -> None:
    for user_id in (1, 2):
        await favourites.add(ONE, user_id, 10)
    await favourites.add(JobId("2"), 1, 10)
    await favourites.replace(ONE, frozenset({2, 3}), 99)
    assert await table(database) == {("1", 2, 10), ("1", 3, 99), ("2", 1, 10)}
    await favourites.replace(ONE, frozenset(), 99)
    assert await table(database) == {("2", 1, 10)}


async def test_a_star_on_an_unknown_job_is_refused(favourites: SqlFavouriteStore) -> None:
    with pytest.raises(StorageError, match=r"(?i)foreign key"):
        await favourites.add(JobId("none"), 1, 10)


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_a_message_is_found_by_indexes_alone(favourites: SqlFavouriteStore, database: Database) -> None:
    plan = await database.fetch_all(f"EXPLAIN QUERY PLAN {favourites._sql['of_message']}", message_id=900)
    steps = " ".join(row["detail"] for row in plan)
    assert "jobs_by_result_message" in steps
    assert "jobs_by_status_message" in steps
    assert "SCAN" not in steps

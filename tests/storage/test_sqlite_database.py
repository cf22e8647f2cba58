"""SQLite behind the seam: transactions, also under cancellation, and time limits."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.domain.errors import DatabaseUnavailable, StorageError
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase

OpenFile = Callable[..., Awaitable[SqliteDatabase]]

INSERT = "INSERT INTO notes (key, value) VALUES (:key, 'x') RETURNING key"
COUNT = "SELECT count(*) AS n FROM notes"
# Ninety million rows that are counted and never kept: many seconds of pure work.
SLOW = """WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 90000000)
SELECT count(*) FROM c"""


@pytest.fixture
async def database(open_file: OpenFile, tmp_path: Path) -> SqliteDatabase:
    opened = await open_file(tmp_path / "reelbot.db")
    await migrate(opened)
    return opened


async def count(database: SqliteDatabase) -> int:
    rows = await database.fetch_all(COUNT)
    n: int = rows[0]["n"]
    return n


async def write(database: SqliteDatabase, *keys: str) -> None:
    async with database.transaction() as transaction:
        for key in keys:
            await transaction.execute(INSERT, key=key)


async def setting(database: SqliteDatabase, name: str) -> object:
    rows = await database.fetch_all(f"PRAGMA {name}")
    return next(iter(rows[0].values()))


async def test_a_commit_is_on_disk_before_it_is_told(database: SqliteDatabase) -> None:
    full = 2
    assert await setting(database, "journal_mode") == "wal"
    assert await setting(database, "synchronous") == full
    assert await setting(database, "foreign_keys") == 1
    assert await setting(database, "busy_timeout") == 5_000


async def test_what_is_committed_is_there_after_a_restart(open_file: OpenFile, tmp_path: Path) -> None:
    for expected in range(3):
        opened = await open_file(tmp_path / "r.db")
        await migrate(opened)
        assert await count(opened) == expected
        await opened.execute(INSERT, key=str(expected))
        await opened.close()


async def test_a_transaction_that_fails_leaves_nothing(database: SqliteDatabase) -> None:
    with pytest.raises(StorageError, match="UNIQUE"):
        await write(database, "a", "b", "a")
    assert await count(database) == 0


async def test_a_block_that_raises_leaves_nothing(database: SqliteDatabase) -> None:
    async def give_up() -> None:
        async with database.transaction() as transaction:
            await transaction.execute(INSERT, key="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await give_up()
    assert await count(database) == 0


async def test_two_tasks_never_share_a_transaction(database: SqliteDatabase) -> None:
    """Ten tasks write two rows each with waits between; half of them fail at the end."""

    async def write_or_fail(number: int) -> None:
        async with database.transaction() as transaction:
            await transaction.execute(INSERT, key=f"{number}a")
            await asyncio.sleep(0)
            await transaction.execute(INSERT, key=f"{number}b")
            if number % 2:
                raise ZeroDivisionError

    await asyncio.gather(*(write_or_fail(number) for number in range(10)), return_exceptions=True)
    rows = await database.fetch_all("SELECT key FROM notes ORDER BY key")
    assert [row["key"] for row in rows] == [f"{n}{half}" for n in range(0, 10, 2) for half in "ab"]


@pytest.mark.parametrize("cancels", [1, 2], ids=["once", "again during the rollback"])
async def test_a_cancelled_await_leaves_no_open_transaction_and_no_half(
    cancels: int, database: SqliteDatabase
) -> None:
    """Cancelled after every number of turns of the loop, also where BEGIN is already on its way."""
    whole = 0
    for turns in range(60):
        task = asyncio.create_task(write(database, f"{turns}a", f"{turns}b"))
        for _ in range(turns):
            await asyncio.sleep(0)
        for _ in range(cancels):
            task.cancel()
            await asyncio.sleep(0)
        result = await asyncio.gather(task, return_exceptions=True)
        # A new transaction can begin at once: nothing is left open.
        async with database.transaction() as transaction:
            rows = await transaction.fetch_all(COUNT)
        written = rows[0]["n"] - 2 * whole
        assert written in {0, 2}
        assert written == 2 or isinstance(result[0], asyncio.CancelledError)
        whole += written // 2
    assert not database._connection.in_transaction


async def test_a_slow_statement_is_stopped_and_the_next_one_works(
    open_file: OpenFile, tmp_path: Path
) -> None:
    opened = await open_file(tmp_path / "r.db", timeout=0.2)
    with pytest.raises(DatabaseUnavailable, match="did not answer within"):
        await opened.fetch_all(SLOW)
    with pytest.raises(DatabaseUnavailable, match="did not answer within"):
        async with opened.transaction() as transaction:
            await transaction.fetch_all(SLOW)
    assert await opened.fetch_all("SELECT 1 AS one") == [{"one": 1}]
    await opened.close()


async def test_waiting_for_a_turn_has_an_end_too(open_file: OpenFile, tmp_path: Path) -> None:
    opened = await open_file(tmp_path / "r.db", timeout=0.2)
    async with opened.transaction():
        with pytest.raises(DatabaseUnavailable, match="did not answer within"):
            await opened.fetch_all("SELECT 1")
    await opened.close()


async def test_a_closed_database_says_so_and_closes_twice(open_file: OpenFile, tmp_path: Path) -> None:
    opened = await open_file(tmp_path / "r.db")
    await opened.close()
    await opened.close()
    with pytest.raises(DatabaseUnavailable, match="is closed"):
        await opened.fetch_all("SELECT 1")
    with pytest.raises(DatabaseUnavailable, match="is closed"):
        async with opened.transaction():
            pass


async def test_the_databases_clock_is_the_systems(database: SqliteDatabase) -> None:
    clock = "SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000 AS s"
    async with database.transaction() as transaction:
        before = (await transaction.fetch_all(clock))[0]["s"]
        now = await transaction.now_ms()
        after = (await transaction.fetch_all(clock))[0]["s"]
    assert before <= now < after + 1_000

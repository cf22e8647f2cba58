"""SQLite on a disk that fails: the error that comes out, and what is there when the disk is well again."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.domain.errors import DatabaseUnavailable, StorageError
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase

OpenFile = Callable[..., Awaitable[SqliteDatabase]]

INSERT = "INSERT INTO notes (key, value) VALUES (:key, 'x') RETURNING key"


@pytest.fixture
async def database(open_file: OpenFile, tmp_path: Path) -> SqliteDatabase:
    opened = await open_file(tmp_path / "reelbot.db")
    await migrate(opened)
    return opened


async def count(database: SqliteDatabase) -> int:
    rows = await database.fetch_all("SELECT count(*) AS n FROM notes")
    n: int = rows[0]["n"]
    return n


async def write(database: SqliteDatabase, *keys: str) -> None:
    async with database.transaction() as transaction:
        for key in keys:
            await transaction.execute(INSERT, key=key)


async def setting(database: SqliteDatabase, name: str) -> object:
    rows = await database.fetch_all(f"PRAGMA {name}")
    return next(iter(rows[0].values()))


async def test_a_full_disk_is_unavailable_until_there_is_room(database: SqliteDatabase) -> None:
    await database.execute(INSERT, key="kept")
    pages = await setting(database, "page_count")
    await database.fetch_all(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DatabaseUnavailable, match="full disk") as caught:
        await write(database, *(f"{number:04}" + "x" * 2_000 for number in range(1_000)))
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert await count(database) == 1
    await database.fetch_all("PRAGMA max_page_count = 1000000")
    await database.execute(INSERT, key="later")
    assert await count(database) == 2


async def test_a_read_only_database_is_unavailable(database: SqliteDatabase) -> None:
    await database.execute("PRAGMA query_only = ON")
    with pytest.raises(DatabaseUnavailable, match="read-only"):
        await database.execute(INSERT, key="a")
    await database.execute("PRAGMA query_only = OFF")
    await database.execute(INSERT, key="a")


async def test_a_program_that_holds_the_file_makes_it_unavailable_for_so_long(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    await database.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(tmp_path / "reelbot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="another program"):
        await write(database, "a", "b")
    other.execute("COMMIT")
    other.close()
    await write(database, "a", "b")
    assert await count(database) == 2


async def test_a_damaged_file_is_unavailable(open_file: OpenFile, tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    opened = await open_file(path)
    await migrate(opened)
    await opened.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)

    async def open_and_read() -> None:
        opened = await open_file(path)  # where the schema fills more than a page, it is found here already
        await opened.fetch_all("SELECT * FROM jobs")

    with pytest.raises(DatabaseUnavailable, match="damaged"):
        await open_and_read()


@pytest.mark.parametrize("value", [2**63, "\ud800"], ids=["a number of 65 bits", "half a surrogate pair"])
async def test_a_value_that_cannot_be_stored_is_refused(value: int | str, database: SqliteDatabase) -> None:
    with pytest.raises(StorageError, match="refused"):
        await database.execute("INSERT INTO notes (key, value) VALUES ('a', :value)", value=value)
    assert await count(database) == 0

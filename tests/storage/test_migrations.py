"""Migrations: in order, once, whole or not at all, on every database."""

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.domain.errors import DatabaseUnavailable, StorageError
from storage.database import Database
from storage.migrate import Migration, load_migrations, migrate
from storage.sqlite import SqliteDatabase

Connect = Callable[[], Awaitable[Database]]
OpenFile = Callable[..., Awaitable[SqliteDatabase]]

ONE = Migration(version=1, name="one", script="CREATE TABLE a (x TEXT);\nINSERT INTO a VALUES ('kept');")
TWO = Migration(version=2, name="two", script="ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'new';")
BROKEN = Migration(
    version=2,
    name="broken",
    script="CREATE TABLE b (x TEXT); DROP TABLE a; INSERT INTO nowhere VALUES (1); CREATE TABLE c (x TEXT);",
)


TABLES = {
    False: "SELECT name FROM sqlite_master WHERE type = 'table'",
    True: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
}


@pytest.fixture
async def database(connect_empty: Connect) -> Database:
    return await connect_empty()


async def tables(database: Database) -> set[str]:
    rows = await database.fetch_all(TABLES[database.shared])
    return {row["name"] for row in rows}


async def recorded(database: Database) -> list[tuple[int, str]]:
    rows = await database.fetch_all("SELECT * FROM schema_migrations ORDER BY version")
    return [(row["version"], row["name"]) for row in rows]


async def test_a_new_database_gets_every_step_and_a_second_run_none(database: Database) -> None:
    newest = len(load_migrations())
    assert await migrate(database) == newest
    first = await database.fetch_all("SELECT * FROM schema_migrations")
    assert {"jobs", "job_events", "workers", "votes", "guild_settings", "notes"} <= await tables(database)
    assert await migrate(database) == newest
    assert await database.fetch_all("SELECT * FROM schema_migrations") == first


async def test_only_missing_steps_are_applied(database: Database) -> None:
    assert await migrate(database, [ONE]) == 1
    assert await migrate(database, [ONE, TWO]) == 2
    assert await database.fetch_all("SELECT * FROM a") == [{"x": "kept", "y": "new"}]
    assert await recorded(database) == [(1, "one"), (2, "two")]


async def test_simultaneous_migrations_apply_each_step_once(connect_empty: Connect) -> None:
    databases = [await connect_empty() for _ in range(5)]
    assert await asyncio.gather(*(migrate(database, [ONE, TWO]) for database in databases)) == [2] * 5
    assert await recorded(databases[0]) == [(1, "one"), (2, "two")]


async def test_a_step_that_fails_in_the_middle_leaves_nothing_of_it(database: Database) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        await migrate(database, [ONE, BROKEN])
    assert await recorded(database) == [(1, "one")]
    assert await tables(database) == {"schema_migrations", "a"}
    assert await database.fetch_all("SELECT * FROM a") == [{"x": "kept"}]
    assert await migrate(database, [ONE, TWO]) == 2


async def test_a_cancelled_migration_leaves_whole_steps_only(open_file: OpenFile, tmp_path: Path) -> None:
    """Cancelled after every number of turns of the loop, then run to the end."""
    for turns in range(0, 80, 3):
        opened = await open_file(tmp_path / f"{turns}.db")
        task = asyncio.create_task(migrate(opened, [ONE, TWO]))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        steps = await recorded(opened) if "schema_migrations" in await tables(opened) else []
        assert ("a" in await tables(opened)) == bool(steps)
        assert await migrate(opened, [ONE, TWO]) == 2
        assert await opened.fetch_all("SELECT * FROM a") == [{"x": "kept", "y": "new"}]
        await opened.close()


async def test_a_full_disk_in_the_middle_leaves_nothing_of_the_step(
    open_file: OpenFile, tmp_path: Path
) -> None:
    database = await open_file(tmp_path / "reelbot.db")
    await migrate(database, [])
    rows = await database.fetch_all("PRAGMA page_count")
    await database.fetch_all(f"PRAGMA max_page_count = {rows[0]['page_count'] + 5}")
    with pytest.raises(DatabaseUnavailable, match="full disk"):
        await migrate(database)
    assert await tables(database) == {"schema_migrations"}
    await database.fetch_all("PRAGMA max_page_count = 1000000")
    assert await migrate(database) == len(load_migrations())


async def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    await migrate(database, [ONE, TWO])
    with pytest.raises(StorageError, match=r"schema 2 and this Reelbot knows 1: install the newer version"):
        await migrate(database, [ONE])
    assert await recorded(database) == [(1, "one"), (2, "two")]


def test_statements_are_split_where_they_end() -> None:
    script = "-- a; b\nINSERT INTO a VALUES ('x;y'); /* ; */ DELETE FROM a;\n-- the end\n"
    step = Migration(version=1, name="x", script=script)
    assert list(step.statements()) == ["-- a; b\nINSERT INTO a VALUES ('x;y');", "/* ; */ DELETE FROM a;"]


@pytest.mark.parametrize("step", load_migrations(), ids=lambda step: step.name)
def test_no_statement_of_a_step_is_lost(step: Migration) -> None:
    """The last one ends with a semicolon too, and the step leaves transactions to its caller."""
    rest = re.sub(r"--.*", "", step.script).strip()
    assert rest.endswith(";")
    assert all(sqlite3.complete_statement(statement) for statement in step.statements())
    assert "".join("".join(step.statements()).split()) == "".join(step.script.split())
    assert not re.search(r"\b(BEGIN|COMMIT|ROLLBACK)\b", rest)

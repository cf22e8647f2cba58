"""kill -9 in the middle of a migration of a SQLite file: the next start goes on from the last whole step."""

import asyncio
import itertools
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.migrate import load_migrations, migrate
from storage.sqlite import SqliteDatabase
from tests.processes import ROOT, command, environment

UNTIL = """
import asyncio, dataclasses, sys
from storage.database import open_database
from storage.migrate import Migration, load_migrations, migrate

class Stopped(Migration):
    def statements(self):
        for number, statement in enumerate(super().statements(), 1):
            yield statement
            if (self.version, number) == (int(sys.argv[2]), int(sys.argv[3])):
                print("here", flush=True)
                sys.stdin.read()  # until it is killed

async def main():
    database = await open_database(sys.argv[1])
    await migrate(database, [Stopped(**dataclasses.asdict(s)) for s in load_migrations()])

asyncio.run(main())
"""
OpenFile = Callable[..., Awaitable[SqliteDatabase]]
STEPS = {step.version: len(list(step.statements())) for step in load_migrations()}


async def killed_after(url: str, version: int, statement: int) -> None:
    """Migrate in a process of its own, which is killed when it has done this statement of this step."""
    arguments = (url, str(version), str(statement))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        UNTIL,
        *arguments,
        cwd=ROOT,
        env=environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"here\n"
    finally:
        process.kill()
        await process.communicate()
    assert process.returncode == -signal.SIGKILL


def schema(path: Path) -> list[tuple[str, str]]:
    """Read every table and index as the file has them, from outside."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def versions(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").fetchall():
            return []
        rows = connection.execute("SELECT version FROM schema_migrations ORDER BY version").fetchall()
    return list(itertools.chain.from_iterable(rows))


@pytest.fixture
async def whole(open_file: OpenFile, tmp_path: Path) -> list[tuple[str, str]]:
    """The schema of a file whose migration nobody disturbed."""
    path = tmp_path / "whole.db"
    database = await open_file(path)
    await migrate(database)
    await database.close()
    return schema(path)


async def test_a_process_killed_between_any_two_steps_or_statements_leaves_whole_steps_only(
    tmp_path: Path, whole: list[tuple[str, str]]
) -> None:
    """One file is killed over and over: after the first and after the last statement of every step."""
    path = tmp_path / "data" / "reelbot.db"
    for version, statements in STEPS.items():
        for statement in sorted({1, statements}):
            await killed_after(f"sqlite:///{path}", version, statement)
            assert versions(path) == list(range(1, version)), f"after statement {statement} of {version}"
    async with command("migrate", cwd=tmp_path, settings={"DATA_DIR": str(tmp_path / "data")}) as process:
        assert await asyncio.wait_for(process.wait(), 30) == 0
    assert versions(path) == list(STEPS)
    assert schema(path) == whole


async def test_what_was_in_the_file_is_there_after_a_killed_migration(
    open_file: OpenFile, tmp_path: Path
) -> None:
    path = tmp_path / "reelbot.db"
    database = await open_file(path)
    await migrate(database, load_migrations()[:1])
    await database.execute("INSERT INTO notes VALUES ('a', 'kept')")
    await database.close()
    await killed_after(f"sqlite:///{path}", 2, STEPS[2])
    database = await open_file(path)
    assert await migrate(database) == len(STEPS)
    assert await database.fetch_all("SELECT value FROM notes") == [{"value": "kept"}]

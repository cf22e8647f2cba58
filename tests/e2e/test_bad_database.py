"""A database that cannot be used: the start ends with one sentence, and nothing is harmed."""

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.filelock import FileLock
from tests.processes import environment
from tests.small_disk import ONLY_ROOT, small_disk


async def start(tmp_path: Path, database: Path) -> tuple[int, str]:
    """Run `reelbot run` and return its exit status and what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=tmp_path,
        env=environment(DISCORD_TOKEN="x", DATABASE_URL=f"sqlite:///{database}"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 40)
    assert process.returncode is not None
    return process.returncode, output.decode().strip()


def no_database(path: Path) -> None:
    path.write_text("shopping list\n" * 100)


def damaged(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE jobs (id TEXT)")
    connection.executemany("INSERT INTO jobs VALUES (?)", [("x" * 500,)] * 100)
    connection.commit()
    connection.close()
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\xa5" * 3996
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(no_database, "is not an SQLite database", id="no database"),
        pytest.param(damaged, "is damaged: restore a backup", id="damaged"),
    ],
)
async def test_a_file_that_is_no_database_ends_the_start_and_stays_as_it_is(
    make: Callable[[Path], None], says: str, tmp_path: Path
) -> None:
    database = tmp_path / "reelbot.db"
    make(database)
    before = database.read_bytes()
    status, output = await start(tmp_path, database)
    assert status == 2
    assert says in output
    assert output.count("\n") == 0, output
    assert database.read_bytes() == before


async def test_a_database_in_use_ends_the_start(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "reelbot.db")
    lock.acquire()
    try:
        status, output = await start(tmp_path, tmp_path / "reelbot.db")
    finally:
        lock.release()
    assert status == 2
    assert output == (
        f"reelbot: Another Reelbot already uses {tmp_path / 'reelbot.db'}: "
        "stop it first, or set another DATABASE_URL."
    )


@ONLY_ROOT
@pytest.mark.parametrize("exists", [True, False], ids=["it exists", "it would be new"])
async def test_a_read_only_database_ends_the_start(exists: bool, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=4) as disk:
        database = disk.path / "reelbot.db"
        if exists:
            (disk.path / "reelbot.db.lock").touch()
            sqlite3.connect(database).close()
        disk.set_read_only(True)
        status, output = await start(tmp_path, database)
        assert status == 2
        assert "Read-only file system" in output or "is read-only" in output
        assert output.count("\n") == 0, output


@ONLY_ROOT
async def test_a_full_disk_ends_the_start(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=1) as disk:
        disk.fill()
        status, output = await start(tmp_path, disk.path / "reelbot.db")
        assert status == 2
        assert "full disk" in output
        assert output.count("\n") == 0, output

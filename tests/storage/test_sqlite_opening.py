"""Opening a SQLite file: once, by one process, with a sentence when it cannot be."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

import storage
from bot.domain.errors import ConfigError, DatabaseLocked, DatabaseUnavailable
from storage import sqlite as sqlite_module
from storage.sqlite import SqliteDatabase

OpenFile = Callable[..., Awaitable[SqliteDatabase]]

ROOT = Path(storage.__file__).parents[1]


async def test_a_file_that_is_no_database_is_refused_and_kept(open_file: OpenFile, tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    path.write_text("shopping list\n" * 100)
    for _ in range(2):  # the second time shows that the lock was given back
        with pytest.raises(DatabaseUnavailable, match=r"r\.db is not an SQLite database"):
            await open_file(path)
    assert path.read_text().startswith("shopping list")


async def test_a_folder_that_cannot_be_made_is_unavailable(open_file: OpenFile, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailable, match="Cannot create the folder"):
        await open_file(tmp_path / "file" / "sub" / "r.db")


async def test_a_lock_file_that_cannot_be_made_is_unavailable(open_file: OpenFile, tmp_path: Path) -> None:
    (tmp_path / "r.db.lock").mkdir()
    with pytest.raises(DatabaseUnavailable, match=r"Cannot create .*r\.db\.lock"):
        await open_file(tmp_path / "r.db")


async def test_an_old_sqlite_is_refused(
    open_file: OpenFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_module, "_OLDEST", (99, 0))
    with pytest.raises(ConfigError, match=r"too old: Reelbot needs 3\.35"):
        await open_file(tmp_path / "r.db")


async def test_opening_twice_in_one_process_is_refused_also_by_another_name(
    open_file: OpenFile, tmp_path: Path
) -> None:
    (tmp_path / "link.db").symlink_to("r.db")
    opened = await open_file(tmp_path / "r.db")
    for name in ("r.db", "link.db"):
        with pytest.raises(DatabaseLocked, match="Another Reelbot already uses"):
            await open_file(tmp_path / name)
    await opened.close()
    again = await open_file(tmp_path / "link.db")
    await again.close()


HOLD = """
import asyncio, sys
from pathlib import Path
from storage.sqlite import open_sqlite

async def main():
    database = await open_sqlite(Path(sys.argv[1]))
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await database.close()

asyncio.run(main())
"""


async def python(script: str, *arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *arguments, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe
    )


async def test_a_second_process_is_refused_with_a_sentence_until_the_first_is_gone(
    open_file: OpenFile, tmp_path: Path
) -> None:
    path = tmp_path / "r.db"
    for crash in (False, True):
        first = await python(HOLD, str(path))
        assert first.stdout is not None
        assert await first.stdout.readline() == b"open\n"
        with pytest.raises(DatabaseLocked) as caught:
            await open_file(path)
        assert str(caught.value) == (
            f"Another Reelbot already uses {path}: stop it first, or set another DATABASE_URL."
        )
        second = await python(HOLD, str(path))
        _, errors = await second.communicate()
        assert second.returncode == 1
        assert b"DatabaseLocked" in errors
        assert first.stdin is not None
        if crash:
            first.kill()
        else:
            first.stdin.close()
        await first.communicate()
        opened = await open_file(path)
        await opened.close()


FAIL_TO_OPEN = """
import asyncio, sys
from pathlib import Path
from storage.sqlite import open_sqlite

async def main():
    Path(sys.argv[1]).write_text("no database" * 100)
    await open_sqlite(Path(sys.argv[1]))

asyncio.run(main())
"""

CANCEL_OPENING = """
import asyncio, sys
from pathlib import Path
from storage.sqlite import open_sqlite

async def main():
    for turns in range(30):
        opening = asyncio.create_task(open_sqlite(Path(sys.argv[1])))
        for _ in range(turns):
            await asyncio.sleep(0)
        opening.cancel()
        try:
            await (await opening).close()
        except asyncio.CancelledError:
            pass
    await (await open_sqlite(Path(sys.argv[1]))).close()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param(FAIL_TO_OPEN, 1, id="after a failed opening"),
        pytest.param(CANCEL_OPENING, 0, id="after thirty cancelled openings"),
    ],
)
async def test_no_thread_keeps_the_interpreter_alive(script: str, code: int, tmp_path: Path) -> None:
    process = await python(script, str(tmp_path / "r.db"))
    async with asyncio.timeout(60):
        _, errors = await process.communicate()
    assert process.returncode == code, errors.decode()

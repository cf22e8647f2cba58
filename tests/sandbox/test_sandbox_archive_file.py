"""What a sandbox does about a folder that it cannot use, or that ceases to work."""

import asyncio
import logging
import resource
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.archive_file import ArchiveError
from bot.sandbox.server import SandboxServer
from tests.processes import environment
from tests.sandbox.test_sandbox_archive import CHILD, PATIENCE_S, Visit, archived, visit


def kept(folder: Path) -> SandboxServer:
    return SandboxServer(data_dir=folder, keep=True)


async def refused(folder: Path) -> str:
    """Start a sandbox that must not start; return its sentence."""
    server = kept(folder)
    with pytest.raises(ArchiveError) as caught:
        await server.start()
    await server.close()
    return str(caught.value)


def test_to_keep_needs_a_folder() -> None:
    with pytest.raises(ValueError, match="needs a folder"):
        SandboxServer(keep=True)


async def test_the_token_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with visit(folder) as sandbox:
        await sandbox.send(content="x")
        files = [path for path in folder.iterdir() if path.is_file()]
        assert {path.name for path in files} >= {"discord.db", "discord.lock"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "discord.db").chmod(0o644)
    async with visit(folder):
        assert stat.S_IMODE((folder / "discord.db").stat().st_mode) == 0o600


async def test_without_keep_no_archive_is_made(tmp_path: Path) -> None:
    async with SandboxServer(data_dir=tmp_path) as first:
        token = first.token
    async with SandboxServer(data_dir=tmp_path) as second:
        assert second.token != token
    assert [path.name for path in tmp_path.iterdir()] == ["attachments"]


async def test_a_second_sandbox_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with visit(tmp_path) as first:
        assert "another sandbox uses" in await refused(tmp_path)
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, str(tmp_path), env=environment(), stderr=asyncio.subprocess.PIPE
        )
        _, errors = await asyncio.wait_for(other.communicate(), 40)
        assert other.returncode == 1
        assert b"another sandbox uses" in errors
        await first.send(content="still here")
    async with visit(tmp_path) as again:
        assert (await again.person.messages())[0]["content"] == "still here"


async def test_a_taken_port_leaves_the_folder_free(tmp_path: Path) -> None:
    async with SandboxServer() as other:
        port = int(other.control_url.split(":")[2].split("/")[0])
        with pytest.raises(OSError, match="in use"):
            async with SandboxServer(port=port, data_dir=tmp_path, keep=True):
                pass
    async with visit(tmp_path):
        pass


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE kept (kind, id, json)")


def later(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 2")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def overwritten(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def damaged_index(path: Path) -> None:
    """Spoil what reading alone would never look at."""
    with closing(sqlite3.connect(path)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE type = 'index'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))


def not_json(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE kept SET json = '{' WHERE kind = 'user'")


def without_identity(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM kept WHERE id = 'identity'")


SPOILED = [
    pytest.param(lambda path: path.write_text("my notes"), "no archive of a sandbox", id="a text"),
    pytest.param(foreign, "no archive of a sandbox", id="foreign"),
    pytest.param(later, "format 2 of a later Reelbot", id="a later format"),
    pytest.param(cut, "cannot be read", id="cut off"),
    pytest.param(overwritten, "cannot be read", id="overwritten"),
    pytest.param(damaged_index, "cannot be read", id="a damaged index"),
    pytest.param(not_json, "cannot be read", id="no JSON"),
    pytest.param(without_identity, "cannot be read", id="no identity"),
]


@pytest.mark.parametrize(("spoil", "words"), SPOILED)
async def test_a_file_that_makes_no_sense_is_refused_and_left_alone(
    tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    async with visit(tmp_path) as sandbox:
        for number in range(20):
            await sandbox.send(content=f"{number}" * 500)
        file = (await sandbox.bot.send_file(10)).body["attachments"][0]["id"]
    path = tmp_path / "discord.db"
    spoil(path)
    before = path.read_bytes()
    sentence = await refused(tmp_path)
    assert words in sentence
    assert str(path) in sentence
    assert "\n" not in sentence
    assert path.read_bytes() == before
    assert (tmp_path / "attachments" / file).exists()
    path.unlink()
    async with visit(tmp_path) as sandbox:
        assert await sandbox.person.messages() == []


async def test_a_file_that_another_start_left_empty_is_filled(tmp_path: Path) -> None:
    (tmp_path / "discord.db").touch()
    async with visit(tmp_path) as first:
        token = first.server.token
    async with visit(tmp_path) as second:
        assert second.server.token == token


async def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    async with visit(tmp_path):
        pass
    (tmp_path / "discord.db").unlink()
    (tmp_path / "discord.db").mkdir()
    assert "cannot be used" in await refused(tmp_path)


def failed_again(sandbox: Visit, message_id: str) -> bool:
    """Tell whether an attempt to write a message is over and left it unwritten."""
    archive = sandbox.server._archive
    return not archive._changed.is_set() and ("message", message_id) in archive._dirty


async def test_a_full_disk_costs_one_line_and_is_made_good(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def complaints() -> list[str]:
        return [r.getMessage() for r in caplog.records if r.name == "bot.sandbox.archive"]

    caplog.set_level(logging.WARNING)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with visit(tmp_path) as sandbox:
        first = await sandbox.send(content="before")
        await archived(tmp_path, "message", first["id"])
        # No file of this process may grow beyond what the archive's log has by now.
        size = (tmp_path / "discord.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, unlimited[1]))
        try:
            async with asyncio.timeout(PATIENCE_S):
                sent = [await sandbox.send(content="x" * 1900)]
                while not complaints():
                    await asyncio.sleep(0.005)
                sent.append(await sandbox.send(content="still served"))
                while not failed_again(sandbox, sent[-1]["id"]):
                    await asyncio.sleep(0.005)
                assert len(await sandbox.person.messages()) == 3
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        sent.append(await sandbox.send(content="after"))
        for message in sent:
            await archived(tmp_path, "message", message["id"])
    assert len(complaints()) == 1
    assert "going on in memory" in complaints()[0]
    async with visit(tmp_path) as again:
        assert len(await again.person.messages()) == 4


async def test_what_is_unwritten_at_the_end_is_written_then(tmp_path: Path) -> None:
    server = kept(tmp_path)
    await server.start()
    async with aiohttp.ClientSession() as session:
        await Visit(server, session).send(content="last words")
    await server.close()
    await server.close()
    async with visit(tmp_path) as again:
        assert [m["content"] for m in await again.person.messages()] == ["last words"]


async def test_a_close_that_is_cancelled_writes_and_unlocks_all_the_same(tmp_path: Path) -> None:
    server = kept(tmp_path)
    await server.start()
    async with aiohttp.ClientSession() as session:
        await Visit(server, session).send(content="last words")
    archive = server._archive
    assert archive is not None
    closing_archive = asyncio.create_task(archive.close())
    await asyncio.sleep(0)
    closing_archive.cancel()
    await asyncio.wait({closing_archive})
    assert closing_archive.cancelled()
    await server.close()
    archive._thread.shutdown(wait=True)
    async with visit(tmp_path) as again:
        assert [m["content"] for m in await again.person.messages()] == ["last words"]

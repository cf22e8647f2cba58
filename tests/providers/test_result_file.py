"""A result on its way to the disk: anew, or behind what is there already."""

import asyncio
import errno
import threading
from collections.abc import AsyncIterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from bot.domain.codes import Code
from bot.domain.errors import BadResponse, NoRoom, StorageError, Unavailable
from bot.providers import result_file
from bot.providers.begun import Begun, Edition
from bot.providers.result_file import CHUNK, OPENING, ResultFile, _write_all

TAG = '"one"'


async def parts(*lengths: int) -> AsyncIterator[bytes]:
    for number, length in enumerate(lengths):
        yield bytes([number]) * length


async def breaking(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    raise ConnectionResetError("gone")


async def piece(content: bytes) -> AsyncIterator[bytes]:
    yield content


def whole(*lengths: int) -> bytes:
    return b"".join(bytes([number]) * length for number, length in enumerate(lengths))


def result(path: Path, limit: int = 9 * CHUNK, openings: list[bytes] | None = None) -> ResultFile:
    return ResultFile(path=path, limit=limit, opening=(openings if openings is not None else []).append)


def of_length(length: int, **headers: str) -> dict[str, str]:
    return {"content-length": str(length), "etag": TAG} | headers


def rest(first: int, total: int, **headers: str) -> dict[str, str]:
    return {"content-range": f"bytes {first}-{total - 1}/{total}", "etag": TAG} | headers


async def begin(file: ResultFile, content: bytes, total: int) -> Begun:
    """Write the first part of a file whose connection then breaks."""
    with pytest.raises(ConnectionResetError):
        await file.take(Begun(), 200, of_length(total), breaking(content))
    return await file.begun()


@pytest.mark.parametrize(
    "lengths",
    [
        pytest.param((5,), id="one small part"),
        pytest.param((5, 0, 7), id="an empty part amid"),
        pytest.param((CHUNK,), id="exactly a chunk"),
        pytest.param((CHUNK, 1), id="one byte more"),
        pytest.param((CHUNK - 1, CHUNK, 3), id="across chunks"),
    ],
)
async def test_the_file_is_what_came(lengths: tuple[int, ...], tmp_path: Path) -> None:
    path = tmp_path / "v.part"
    path.write_bytes(b"what an earlier attempt left behind" * 100_000)
    openings: list[bytes] = []
    file = result(path, openings=openings)
    assert await file.begun() == Begun(), "a part that no note speaks of is worth nothing"
    assert await file.take(Begun(), 200, of_length(sum(lengths)), parts(*lengths)) == sum(lengths)
    assert path.read_bytes() == whole(*lengths)
    assert openings == [whole(*lengths)[:OPENING]]
    assert (await file.begun()).is_whole


async def test_what_came_before_a_break_is_kept_and_gone_on_with(tmp_path: Path) -> None:
    path, openings = tmp_path / "v.part", list[bytes]()
    file = result(path, openings=openings)
    begun = await begin(file, b"first ", 12)
    assert begun == Begun(length=6, edition=Edition(total=12, etag=TAG))
    later = result(path, openings=openings)  # of another process
    assert await later.take(await later.begun(), 206, rest(6, 12), piece(b"second")) == 12
    assert path.read_bytes() == b"first second"
    assert openings == [b"first "], "the opening is judged once"


async def test_a_rest_that_comes_in_pieces_is_taken_piece_by_piece(tmp_path: Path) -> None:
    file = result(tmp_path / "v")
    await begin(file, b"ab", 6)
    short = rest(2, 6) | {"content-range": "bytes 2-3/6"}
    with pytest.raises(Unavailable, match="4 of 6 bytes"):
        await file.take(await file.begun(), 206, short, piece(b"cd"))
    assert await file.take(await file.begun(), 206, rest(4, 6), piece(b"ef")) == 6
    assert file.path.read_bytes() == b"abcdef"


async def test_a_server_that_sends_everything_again_begins_anew(tmp_path: Path) -> None:
    file = result(tmp_path / "v")
    begun = await begin(file, b"a much longer beginning", 50)
    assert await file.take(begun, 200, of_length(3, etag='"two"'), piece(b"new")) == 3
    assert file.path.read_bytes() == b"new"
    assert await file.begun() == Begun(length=3, edition=Edition(total=3, etag='"two"'))


async def test_a_range_that_begins_at_nothing_is_the_whole_file(tmp_path: Path) -> None:
    file = result(tmp_path / "v")
    begun = await begin(file, b"old", 9)
    assert await file.take(begun, 206, rest(0, 3, etag='"two"'), piece(b"new")) == 3
    assert file.path.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        pytest.param(206, rest(6, 12, etag='"two"'), id="another file"),
        pytest.param(206, rest(6, 13), id="another length"),
        pytest.param(206, rest(5, 12), id="another place"),
        pytest.param(206, {"content-type": "multipart/byteranges"}, id="several ranges"),
        pytest.param(416, {"content-range": "bytes */6"}, id="no such range"),
    ],
)
async def test_what_is_not_the_rest_is_not_joined_and_the_next_attempt_begins_anew(
    status: int, headers: dict[str, str], tmp_path: Path
) -> None:
    file = result(tmp_path / "v")
    begun = await begin(file, b"first ", 12)
    with pytest.raises(Unavailable, match="cannot be gone on with"):
        await file.take(begun, status, headers, piece(b"second"))
    assert file.path.read_bytes() == b"first "
    assert await file.begun() == Begun()


async def test_a_page_instead_of_the_video_leaves_what_is_here_alone(tmp_path: Path) -> None:
    def refuse(_: bytes) -> None:
        raise BadResponse("no video")

    file = result(tmp_path / "v")
    begun = await begin(file, b"first ", 12)
    strict = ResultFile(path=file.path, limit=99, opening=refuse)
    with pytest.raises(BadResponse, match="no video"):
        await strict.take(begun, 200, of_length(5), piece(b"<html"))
    assert await file.begun() == begun
    assert file.path.read_bytes() == b"first "


async def test_a_file_whose_length_nobody_knows_is_never_gone_on_with(tmp_path: Path) -> None:
    file = result(tmp_path / "v")
    with pytest.raises(ConnectionResetError):
        await file.take(Begun(), 200, {"etag": TAG}, breaking(b"abc"))
    assert file.path.read_bytes() == b"abc"
    assert await file.begun() == Begun()


@pytest.mark.parametrize("note", ["", "{", '{"total": 3, "etag": null, "modified": null}'])
async def test_a_note_that_does_not_fit_its_part_is_not_believed(note: str, tmp_path: Path) -> None:
    file = result(tmp_path / "v")
    await begin(file, b"abcdef", 12)
    file.note.write_text(note)
    assert await file.begun() == Begun()


async def test_nothing_is_shown_to_the_check_as_nothing(tmp_path: Path) -> None:
    openings: list[bytes] = []
    await result(tmp_path / "v", openings=openings).take(Begun(), 200, {}, parts())
    assert openings == [b""]


async def test_a_length_over_the_limit_is_refused_before_the_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "v"
    with pytest.raises(BadResponse) as caught:
        await result(path, limit=9).take(Begun(), 200, of_length(10), parts(5))
    assert caught.value.code is Code.RESULT_TOO_LARGE
    assert not path.exists()


async def test_a_file_that_grows_over_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadResponse) as caught:
        await result(tmp_path / "v", limit=CHUNK).take(Begun(), 200, {}, parts(CHUNK, 1))
    assert caught.value.code is Code.RESULT_TOO_LARGE


async def test_a_file_that_stops_early_may_be_fetched_again(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="5 of 6 bytes"):
        await result(tmp_path / "v").take(Begun(), 200, of_length(6), parts(5))


async def test_a_cancelled_download_closes_the_file_only_when_the_thread_is_done_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, go_on, closed_while_writing = threading.Event(), threading.Event(), list[bool]()

    def slow_write(file: FileIO, chunk: bytearray) -> None:
        writing.set()
        go_on.wait(10)
        closed_while_writing.append(file.closed)

    async def endless() -> AsyncIterator[bytes]:
        yield b"x" * CHUNK
        await asyncio.Event().wait()

    monkeypatch.setattr(result_file, "_write_all", slow_write)
    task = asyncio.create_task(result(tmp_path / "v").take(Begun(), 200, {}, endless()))
    await asyncio.to_thread(writing.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed_while_writing == [False]


@pytest.mark.parametrize(
    ("code", "error", "member_reads"),
    [
        (errno.ENOSPC, NoRoom, Code.NO_ROOM),
        (errno.EDQUOT, NoRoom, Code.NO_ROOM),
        (errno.EROFS, NoRoom, Code.DISK_READ_ONLY),
        (errno.EIO, StorageError, Code.INTERNAL),
    ],
)
async def test_a_disk_that_refuses_is_told_apart_from_one_that_is_broken(
    code: int, error: type[Exception], member_reads: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is also tested for real, on a small one; the other refusals need this."""

    def refuse(file: FileIO, chunk: bytearray) -> None:
        raise OSError(code, "no")

    file = result(tmp_path / "v")
    begun = await begin(file, b"first ", 12)
    monkeypatch.setattr(result_file, "_write_all", refuse)
    with pytest.raises(error) as caught:
        await file.take(begun, 206, rest(6, 12), piece(b"second"))
    assert caught.value.code is member_reads  # type: ignore[attr-defined]
    assert await file.begun() == begun, "it goes on from here once there is room"


def test_a_write_that_the_system_cuts_short_is_gone_on_with(tmp_path: Path) -> None:
    class Slow(FileIO):
        def write(self, data: Any, /) -> int:
            return super().write(memoryview(data)[:7])

    with Slow(tmp_path / "v", "w") as file:
        _write_all(file, bytearray(range(100)))
    assert (tmp_path / "v").read_bytes() == bytes(range(100))

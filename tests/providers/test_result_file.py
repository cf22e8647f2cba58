"""A result on its way to the disk."""

from collections.abc import AsyncIterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import BadResponse, Code, Unavailable
from bot.providers.result_file import CHUNK, OPENING, ResultFile, _write_all


async def parts(*lengths: int) -> AsyncIterator[bytes]:
    for number, length in enumerate(lengths):
        yield bytes([number]) * length


def whole(*lengths: int) -> bytes:
    return b"".join(bytes([number]) * length for number, length in enumerate(lengths))


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
    file = ResultFile(path=path, limit=4 * CHUNK, opening=openings.append)
    assert await file.fill(parts(*lengths), sum(lengths)) == sum(lengths)
    assert path.read_bytes() == whole(*lengths)
    assert openings == [whole(*lengths)[:OPENING]]


async def test_nothing_is_shown_to_the_check_as_nothing(tmp_path: Path) -> None:
    openings: list[bytes] = []
    await ResultFile(path=tmp_path / "v", limit=9, opening=openings.append).fill(parts(), None)
    assert openings == [b""]


async def test_what_the_check_raises_ends_it_before_the_rest_is_read(tmp_path: Path) -> None:
    def refuse(_: bytes) -> None:
        raise BadResponse("no video")

    path = tmp_path / "v"
    with pytest.raises(BadResponse, match="no video"):
        await ResultFile(path=path, limit=9 * CHUNK, opening=refuse).fill(parts(CHUNK, CHUNK), None)
    assert path.stat().st_size == 0


async def test_a_length_over_the_limit_is_refused_before_the_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "v"
    with pytest.raises(BadResponse) as caught:
        await ResultFile(path=path, limit=9, opening=lambda _: None).fill(parts(5), 10)
    assert caught.value.code is Code.RESULT_TOO_LARGE
    assert not path.exists()


async def test_a_file_that_stops_early_may_be_fetched_again(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="5 of 6 bytes"):
        await ResultFile(path=tmp_path / "v", limit=9, opening=lambda _: None).fill(parts(5), 6)


def test_a_write_that_the_system_cuts_short_is_gone_on_with(tmp_path: Path) -> None:
    class Slow(FileIO):
        def write(self, data: Any, /) -> int:
            return super().write(memoryview(data)[:7])

    with Slow(tmp_path / "v", "w") as file:
        _write_all(file, bytearray(range(100)))
    assert (tmp_path / "v").read_bytes() == bytes(range(100))

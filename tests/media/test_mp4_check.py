"""The walk over an MP4's boxes: whole files pass, everything else is NotAVideo."""

import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.codes import Code
from bot.domain.errors import NotAVideo
from bot.media.mp4 import check_mp4


def box(kind: bytes, body: bytes = b"\0" * 16) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def large_box(kind: bytes, body: bytes = b"\0" * 16) -> bytes:
    return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body


def open_box(kind: bytes, body: bytes = b"\0" * 16) -> bytes:
    """A box of size 0: it reaches to the end of the file."""
    return struct.pack(">I", 0) + kind + body


FTYP, MOOV, MDAT = box(b"ftyp"), box(b"moov"), box(b"mdat")

WHOLE = [
    pytest.param(FTYP + MOOV + MDAT, True, id="index first"),
    pytest.param(FTYP + MDAT + MOOV, False, id="index last"),
    pytest.param(FTYP + box(b"free", b"") + MOOV + box(b"uuid") + MDAT, True, id="other boxes between"),
    pytest.param(FTYP + large_box(b"mdat") + MOOV, False, id="64-bit size"),
    pytest.param(FTYP + MOOV + open_box(b"mdat"), True, id="mdat to the end"),
    pytest.param(FTYP + MDAT + open_box(b"moov"), False, id="moov to the end"),
    pytest.param(FTYP + MOOV + (box(b"moof") + MDAT) * 300, True, id="fragmented"),
    pytest.param(FTYP + box(b"mdat", b"") + MOOV + MDAT, True, id="an empty mdat does not count"),
]

NO_VIDEO = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"\0\0\0", id="three bytes"),
    pytest.param(b"<!DOCTYPE html><title>502 Bad Gateway</title>", id="HTML"),
    pytest.param(b'{"error": {"message": "expired"}}', id="JSON"),
    pytest.param(b"ffconcat version 1.0\nfile other.mp4\n", id="ffconcat"),
    pytest.param(b"\x1a\x45\xdf\xa3" + b"\0" * 100, id="WebM"),
    pytest.param(b"\0" * 4096, id="zeros"),
    pytest.param(MOOV + MDAT, id="no ftyp"),
    pytest.param(MOOV + FTYP + MDAT, id="ftyp second"),
    pytest.param(FTYP, id="ftyp alone"),
    pytest.param(FTYP + MDAT, id="no moov"),
    pytest.param(FTYP + MOOV, id="no mdat"),
    pytest.param(FTYP + MOOV + box(b"mdat", b""), id="empty mdat"),
    pytest.param(FTYP + box(b"moov", b"") + MDAT, id="empty moov"),
    pytest.param(box(b"ftyp", b"") + MOOV + MDAT, id="empty ftyp"),
    pytest.param(FTYP + MOOV + MDAT[:-1], id="mdat one byte short"),
    pytest.param(FTYP + MOOV + MDAT + b"\0\0\0", id="cut inside a header"),
    pytest.param(FTYP + MDAT + MOOV[:9], id="moov cut"),
    pytest.param(FTYP + MOOV + struct.pack(">I4s", 7, b"mdat") + MDAT, id="size below its header"),
    pytest.param(
        FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 15) + MDAT, id="64-bit size below its header"
    ),
    pytest.param(FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 2**64 - 1), id="size of 16 exbibytes"),
    pytest.param(FTYP + MOOV + struct.pack(">I4sI", 1, b"mdat", 0), id="64-bit size cut"),
    pytest.param(FTYP + MOOV + MDAT + box(b"free", b"") * 10_000, id="too many boxes"),
    pytest.param(FTYP + MOOV + box(b"mdat", b"") * 10_000 + MDAT, id="too many empty mdats"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "video.mp4"


@pytest.mark.parametrize(("data", "faststart"), WHOLE)
def test_a_whole_mp4_passes_and_tells_where_its_index_is(file: Path, data: bytes, faststart: bool) -> None:
    file.write_bytes(data)
    assert check_mp4(file).faststart is faststart


@pytest.mark.parametrize("data", NO_VIDEO)
def test_everything_else_is_not_a_video(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(NotAVideo) as caught:
        check_mp4(file)
    assert caught.value.code is Code.RESULT_UNREADABLE


def test_an_index_over_64_mib_is_refused_without_reading_it(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.write(FTYP + struct.pack(">I4s", (64 << 20) + 9, b"moov"))
        sparse.seek((64 << 20) + 1, 1)
        sparse.write(MDAT)
    with pytest.raises(NotAVideo, match="moov"):
        check_mp4(file)


def test_a_missing_file_and_a_folder_are_not_videos(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.mp4", tmp_path):
        with pytest.raises(NotAVideo):
            check_mp4(path)


@pytest.mark.parametrize("faststart", [True, False])
def test_real_videos_pass(make_clip: Callable[..., Path], faststart: bool) -> None:
    path = make_clip(seconds=1, width=64, height=48, fps=12, crf=30, faststart=faststart)
    assert check_mp4(path).faststart is faststart


@pytest.mark.parametrize("faststart", [True, False])
def test_a_real_video_cut_anywhere_is_not_one(
    make_clip: Callable[..., Path], file: Path, faststart: bool
) -> None:
    data = make_clip(seconds=1, width=64, height=48, fps=12, crf=30, faststart=faststart).read_bytes()
    for end in [*range(0, len(data), 211), len(data) - 1]:
        file.write_bytes(data[:end])
        with pytest.raises(NotAVideo):
            check_mp4(file)


def test_a_large_file_is_checked_in_a_moment(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.write(FTYP + struct.pack(">I4sQ", 1, b"mdat", 16 + (20 << 30)))
        sparse.seek(20 << 30, 1)
        sparse.write(MOOV)
    began = time.process_time()
    assert check_mp4(file).faststart is False
    assert time.process_time() - began < 0.1


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), start=st.sampled_from([b"", FTYP, FTYP + MOOV, FTYP + MOOV + MDAT]))
def test_random_bytes_pass_or_are_not_a_video(file: Path, data: bytes, start: bytes) -> None:
    file.write_bytes(start + data)
    try:
        check_mp4(file)
    except NotAVideo:
        return
    assert start == FTYP + MOOV + MDAT or (b"moov" in start + data and b"mdat" in start + data)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_video_passes_or_is_not_one(
    small_clip: Path, file: Path, damage: list[tuple[int, int]]
) -> None:
    data = bytearray(small_clip.read_bytes())
    for at, value in damage:
        data[at % len(data)] = value
    file.write_bytes(data)
    try:
        check_mp4(file)
    except NotAVideo:
        return
    assert data[4:8] == b"ftyp"

"""Is this file a whole video? Answered from its container's outermost headers, without decoding."""

import os
from pathlib import Path
from typing import BinaryIO

from bot.domain.container import Container, container_of
from bot.domain.errors import NotAVideo
from bot.media.mp4 import check_mp4

_SEGMENT = 0x18538067
_MOST_ELEMENTS = 100


def check_whole(path: Path) -> Container:
    """Name the container and check that nothing of it is missing, as far as it says how long it is.

    Blocks for some small reads.

    Raises:
        NotAVideo: it is none of the known containers, cut short, or cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            container = container_of(file.read(16))
            if container is Container.MATROSKA:
                _check_matroska(file)
            elif container is Container.AVI:
                _check_avi(file)
    except OSError as exc:
        raise NotAVideo(f"the file cannot be read: {exc.strerror}") from exc
    if container is None:
        raise NotAVideo("the file starts as no video that is known")
    if container is Container.MP4:
        check_mp4(path)
    return container


def _check_matroska(file: BinaryIO) -> None:
    """Find the segment, which holds everything (RFC 9559); a live stream leaves its length open."""
    end = file.seek(0, os.SEEK_END)
    at = 0
    for _ in range(_MOST_ELEMENTS):
        file.seek(at)
        header = file.read(12)
        kind, width = _number(header, marked=True)
        length, more = _number(header[width:])
        at += width + more
        if kind == _SEGMENT:
            if length == _open_length(more):
                length = end - at
            if not length or at + length > end:
                raise NotAVideo(f"the segment has {end - at} of {length} bytes")
            return
        at += length
    raise NotAVideo("the file has no segment")


def _number(data: bytes, *, marked: bool = False) -> tuple[int, int]:
    """Read a number of variable length and its width in bytes (RFC 8794); ids keep the marker."""
    width = 9 - data[0].bit_length() if data and data[0] else 0
    if not width or len(data) < width:
        raise NotAVideo("the file ends inside a header, or has none")
    value = int.from_bytes(data[:width])
    return value if marked else value & ~(1 << (7 * width)), width


def _open_length(width: int) -> int:
    return (1 << (7 * width)) - 1


def _check_avi(file: BinaryIO) -> None:
    """Check that no outer chunk runs past the end; a large file has several."""
    end = file.seek(0, os.SEEK_END)
    at = 0
    for _ in range(_MOST_ELEMENTS):
        file.seek(at)
        header = file.read(8)
        if header[:4] != b"RIFF":
            return  # the end, or padding
        at += 8 + int.from_bytes(header[4:], "little")
        if at > end:
            raise NotAVideo(f"the file is {at - end} bytes short")
        at += at % 2

"""Is this file a whole MP4? Answered from the headers of its top-level boxes, without decoding."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.domain.errors import NotAVideo

_MAX_BOXES = 10_000  # a fragmented MP4 has two a fragment
_MAX_INDEX = 64 << 20  # moov is held in memory by whoever plays the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Mp4:
    """What the order of boxes tells. `faststart`: the index stands before the media."""

    faststart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box; its content lies from byte `start` to before `end`."""

    kind: bytes
    start: int
    end: int

    @property
    def payload(self) -> int:
        """The length of its content."""
        return self.end - self.start


def check_mp4(path: Path) -> Mp4:
    """Check that ftyp comes first, moov and mdat exist with content, and no box runs past the end.

    Blocks for one small read a box. Box layout: ISO/IEC 14496-12, section 4.2.

    Raises:
        NotAVideo: it is not so, or the file cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            return _check_boxes(file)
    except OSError as exc:
        raise NotAVideo(f"the file cannot be read: {exc.strerror}") from exc


def _check_boxes(file: BinaryIO) -> Mp4:
    order: list[bytes] = []
    for count, box in enumerate(boxes(file, 0, file.seek(0, os.SEEK_END)), start=1):
        if count == 1 and box.kind != b"ftyp":
            raise NotAVideo("the file does not start as an MP4")
        if box.kind in {b"ftyp", b"moov"} and box.payload < 8:
            raise NotAVideo(f"the {box.kind.decode()} box is empty")
        if box.kind == b"moov" and box.payload > _MAX_INDEX:
            raise NotAVideo(f"the moov box claims {box.payload} bytes")
        if box.kind != b"mdat" or box.payload:
            order.append(box.kind)
    for kind in (b"ftyp", b"moov", b"mdat"):
        if kind not in order:
            raise NotAVideo(f"the file has no {kind.decode()} box")
    return Mp4(faststart=order.index(b"moov") < order.index(b"mdat"))


def boxes(file: BinaryIO, at: int, end: int) -> Iterator[Box]:
    """Yield the boxes that stand one behind the other between two bytes of the file.

    Raises:
        NotAVideo: a header is wrong, a box runs past the end, or there are too many.
    """
    for _ in range(_MAX_BOXES):
        if at >= end:
            return
        file.seek(at)
        header = file.read(16)
        length = int.from_bytes(header[:4])
        start = 8
        if length == 1:
            length = int.from_bytes(header[8:16])
            start = 16
        elif length == 0:  # to the end of the file
            length = end - at
        if len(header) < start or length < start:
            raise NotAVideo(f"the box at byte {at} has no valid header")
        if at + length > end:
            raise NotAVideo(f"the box at byte {at} runs {at + length - end} bytes past the end")
        yield Box(kind=header[4:8], start=at + start, end=at + length)
        at += length
    if at < end:
        raise NotAVideo("the file has too many boxes")

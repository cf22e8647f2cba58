"""The size of a video in pixels, read from the boxes of an MP4.

https://developer.apple.com/documentation/quicktime-file-format/track_header_atom
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

BOX = 8
MOST_BOXES = 64  # a file's outline is short; more is no file to look into
TRACK_HEADER = 4096  # far more than a header has
QUARTER_TURN = struct.pack(">ii", 0, 0x10000)  # the first row of the matrix of a video that stands upright


def video_size(path: Path) -> tuple[int, int] | None:
    """Return width and height as they are shown, or None where the file does not say."""
    with path.open("rb") as file:
        end = path.stat().st_size
        for movie, movie_end in _boxes(file, 0, end, b"moov"):
            for track, track_end in _boxes(file, movie, movie_end, b"trak"):
                for header, header_end in _boxes(file, track, track_end, b"tkhd"):
                    file.seek(header)
                    size = _shown_size(file.read(min(header_end - header, TRACK_HEADER)))
                    if size is not None:
                        return size
    return None


def _boxes(file: BinaryIO, start: int, end: int, wanted: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the content of each box of a kind begins and ends."""
    for _ in range(MOST_BOXES):
        file.seek(start)
        head = file.read(BOX)
        if len(head) < BOX:
            return
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        content = start + BOX
        if length == 1:
            length, content = int.from_bytes(file.read(8), "big"), content + 8
        elif length == 0:
            length = end - start
        if start + length > end or start + length < content:
            return
        if kind == wanted:
            yield content, start + length
        start += length


def _shown_size(header: bytes) -> tuple[int, int] | None:
    matrix = 52 if header[:1] == b"\x01" else 40
    if len(header) < matrix + 44:
        return None
    width, height = (value >> 16 for value in struct.unpack(">II", header[matrix + 36 : matrix + 44]))
    if not width or not height:  # a track of sound
        return None
    turned = header[matrix : matrix + 8] in (QUARTER_TURN, struct.pack(">ii", 0, -0x10000))
    return (height, width) if turned else (width, height)

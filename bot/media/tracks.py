"""Which codecs an MP4 holds, read from the headers of its tracks, without decoding."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from bot.domain.container import Container
from bot.domain.errors import NotAVideo
from bot.media.mp4 import Box, boxes
from bot.media.whole import check_whole

_H264 = frozenset({b"avc1", b"avc3"})
_PROFILES = frozenset({66, 77, 88, 100})  # those of 8 bits and 4:2:0 (ITU-T H.264, annex A)
_AUDIO = frozenset({b"mp4a", b".mp3"})
_MOST_TRACKS = 64
_VISUAL_ENTRY = 78  # bytes of a VisualSampleEntry before its boxes (ISO/IEC 14496-12, section 12.1.3)


def needs_conversion(path: Path) -> bool:
    """Say whether the video is anything else than an MP4 of H.264 and AAC, which plays everywhere.

    A file that cannot be read is left as it is: nobody could convert it.
    """
    try:
        if check_whole(path) is not Container.MP4:
            return True
        with path.open("rb") as file:
            return any(_is_foreign(file, handler, entry) for handler, entry in _tracks(file))
    except (NotAVideo, OSError):
        return False


def _is_foreign(file: BinaryIO, handler: bytes, entry: Box) -> bool:
    if handler == b"soun":
        return entry.kind not in _AUDIO
    if handler != b"vide":
        return False
    if entry.kind not in _H264:
        return True
    for box in boxes(file, entry.start + _VISUAL_ENTRY, entry.end):
        if box.kind == b"avcC":
            file.seek(box.start + 1)
            profile = file.read(1)
            return not profile or profile[0] not in _PROFILES
    return False


def _tracks(file: BinaryIO) -> Iterator[tuple[bytes, Box]]:
    """Yield of each track what it is for ("vide", "soun", ...) and its first sample entry."""
    whole = Box(kind=b"", start=0, end=file.seek(0, 2))
    for track in islice(_inside(file, whole, b"moov", b"trak"), _MOST_TRACKS):
        handler = next(_inside(file, track, b"mdia", b"hdlr"), None)
        table = next(_inside(file, track, b"mdia", b"minf", b"stbl", b"stsd"), None)
        if handler is None or table is None:
            continue
        file.seek(handler.start + 8)
        kind = file.read(4)
        entry = next(boxes(file, table.start + 8, table.end), None)
        if entry is not None:
            yield kind, entry


def _inside(file: BinaryIO, outer: Box, *kinds: bytes) -> Iterator[Box]:
    """Yield the boxes at this path inside another one."""
    for box in boxes(file, outer.start, outer.end):
        if box.kind == kinds[0]:
            if len(kinds) == 1:
                yield box
            else:
                yield from _inside(file, box, *kinds[1:])

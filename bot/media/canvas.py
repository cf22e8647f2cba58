"""The canvas that a GIF or a WebP declares, read without Pillow, which acts on it while it opens the file."""

import struct

_MAX_BLOCKS = 100_000


def gif_canvas(data: bytes) -> tuple[int, int]:
    """Return width and height of the canvas, grown to hold the first frame as Pillow grows it.

    Raises:
        ValueError, IndexError, struct.error: the GIF has no first frame.
    """
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + _palette_length(flags)
    for _ in range(_MAX_BLOCKS):
        introducer = data[at]
        if introducer == 0x2C:  # image descriptor
            left, top, frame_width, frame_height = struct.unpack_from("<4H", data, at + 1)
            return max(width, left + frame_width), max(height, top + frame_height)
        if introducer == 0x21:  # extension: a label, then sub-blocks up to an empty one
            at += 2
            while data[at]:
                at += 1 + data[at]
        elif introducer == 0x3B:
            raise ValueError("the GIF ends before its first frame")
        at += 1
    raise ValueError("the GIF has too many blocks before its first frame")


def webp_canvas(data: bytes) -> tuple[int, int]:
    """Return width and height of the canvas.

    Raises:
        ValueError, struct.error: the first chunk is none that a WebP starts with.
    """
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = struct.unpack_from("<I", data, 24)[0], struct.unpack_from("<I", data, 26)[0] >> 8
        return (width & 0xFFFFFF) + 1, height + 1
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("the file is no WebP")


def _palette_length(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0

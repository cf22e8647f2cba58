"""Stills: the small pictures that the API offers beside a video."""

from io import BytesIO
from pathlib import Path
from typing import Literal

import av
from PIL import Image

Still = Literal["thumbnail", "spritesheet"]

SUFFIXES: dict[Still, str] = {"thumbnail": ".webp", "spritesheet": ".jpg"}
THUMBNAIL_SIDE = 480  # pixels of the longer side
COLUMNS, ROWS = 4, 4
TILE_SIDE = 240


def still(kind: Still, video: Path) -> bytes:
    """Return a WebP of one frame a third into the video, or a JPEG of sixteen frames in rows.

    Raises av.FFmpegError or OSError if the video cannot be read.
    """
    target = BytesIO()
    if kind == "thumbnail":
        _tiles(video, [1 / 3], THUMBNAIL_SIDE)[0].save(target, "WEBP", quality=82, method=2)
        return target.getvalue()
    count = COLUMNS * ROWS
    tiles = _tiles(video, [place / count for place in range(count)], TILE_SIDE)
    width, height = tiles[0].size
    sheet = Image.new("RGB", (COLUMNS * width, ROWS * height))
    for place, tile in enumerate(tiles):
        row, column = divmod(place, COLUMNS)
        sheet.paste(tile, (column * width, row * height))
    sheet.save(target, "JPEG", quality=85)
    return target.getvalue()


def _tiles(path: Path, places: list[float], side: int) -> list[Image.Image]:
    """Decode a video once and keep the frames at the given shares of it, shrunk to `side`."""
    with av.open(str(path), format="mp4") as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        scale = side / max(stream.width, stream.height)
        size = round(stream.width * scale / 2) * 2, round(stream.height * scale / 2) * 2
        wanted = {int(place * stream.frames) for place in places}
        tiles = []
        for number, frame in enumerate(container.decode(stream)):
            if number in wanted:
                small = frame.reformat(*size, "rgb24", interpolation="AREA", src_colorspace="ITU709")
                pixels = small.to_ndarray()
                tiles.append(Image.fromarray(pixels))
            if number >= max(wanted):
                break
        return tiles

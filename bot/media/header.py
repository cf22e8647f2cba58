"""A picture's header: format, size and orientation, and the limits that stop bombs before any decoding."""

import io
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PIL import GifImagePlugin, Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from bot.domain.codes import Code
from bot.domain.errors import UnreadableImage
from bot.domain.video import Size
from bot.media.canvas import gif_canvas, webp_canvas
from bot.media.formats import Parser, parser_of

MAX_BYTES = 25 << 20
MAX_PIXELS = 50_000_000
MAX_SIDE = 20_000
MIN_SIDE = 16

# Pillow reads each marker, chunk and block on its own: a real picture needs hundreds to thousands of reads,
# 25 MiB of empty chunks need millions.
_MAX_READS = 100_000

# A progressive JPEG has about ten scans. Each costs a pass over the whole picture, however few its bytes.
_MAX_SCANS = 60

# These two enlarge or allocate their canvas while they open, before Pillow tells the size.
_CANVAS: Mapping[Parser, Callable[[bytes], tuple[int, int]]] = MappingProxyType(
    {GifImagePlugin.GifImageFile: gif_canvas, WebPImagePlugin.WebPImageFile: webp_canvas}
)

_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An opened picture whose pixels are not decoded yet. `orientation` is EXIF's, 1 to 8."""

    image: ImageFile.ImageFile
    orientation: int

    @property
    def lies_on_its_side(self) -> bool:
        """Say whether width and height swap when the picture is turned upright."""
        return self.orientation >= 5

    @property
    def size(self) -> Size:
        """The size of the upright picture."""
        width, height = self.image.size
        return Size(height, width) if self.lies_on_its_side else Size(width, height)


def open_picture(data: bytes) -> Picture:
    """Read the header of a JPEG, PNG, WebP, GIF, AVIF or HEIC and check it against the limits.

    Raises:
        UnreadableImage: PICTURE_TOO_LARGE (fact `limit` in MiB), PICTURE_TOO_MANY_PIXELS (facts `width`,
            `height`, `limit` in megapixels), else PICTURE_UNREADABLE.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableImage(
            f"the picture has {len(data)} bytes", code=Code.PICTURE_TOO_LARGE, limit=MAX_BYTES >> 20
        )
    opener = parser_of(data)
    if opener is JpegImagePlugin.JpegImageFile and data.count(b"\xff\xda") > _MAX_SCANS:
        raise UnreadableImage("the JPEG has too many scans")
    try:
        if opener in _CANVAS:
            _check_pixels(*_CANVAS[opener](data))
        image = opener(_CountedBytes(data))
    except UnreadableImage:
        raise
    except Exception as exc:  # parsers raise anything when the bytes are hostile
        raise UnreadableImage(f"the header cannot be read: {exc}") from exc
    _check_pixels(*image.size)
    if min(image.size) < MIN_SIDE:
        raise UnreadableImage(f"the picture is only {image.width}x{image.height}")
    return Picture(image=image, orientation=_orientation(image, data))


class _CountedBytes(io.BytesIO):
    """Bytes that may be read so many times only."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = _MAX_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise OSError("the file is made of too many small pieces")
        return super().read(size)


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise UnreadableImage(
            f"the picture is {width}x{height}",
            code=Code.PICTURE_TOO_MANY_PIXELS,
            width=width,
            height=height,
            limit=MAX_PIXELS // 1_000_000,
        )


def _orientation(image: ImageFile.ImageFile, data: bytes) -> int:
    """Read EXIF's orientation; broken EXIF is common in the wild and means upright."""
    raw = image.info.get("exif")
    if raw is None and isinstance(image, PngImagePlugin.PngImageFile):
        raw = _png_exif(data)
    if not isinstance(raw, bytes):
        return 1
    exif = Image.Exif()
    try:
        exif.load(raw)
        value = exif.get(_ORIENTATION)
    except Exception:  # noqa: BLE001 - the TIFF parser raises anything, and the picture itself is fine
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _png_exif(data: bytes) -> bytes | None:
    """Find the eXIf chunk wherever it stands; Pillow finds one behind the pixels only by decoding them."""
    at = 8
    for _ in range(_MAX_READS):
        header = data[at : at + 8]
        if len(header) < 8:
            return None
        length, kind = struct.unpack(">I4s", header)
        if kind == b"eXIf":
            return data[at + 8 : at + 8 + length]
        at += 12 + length
    return None

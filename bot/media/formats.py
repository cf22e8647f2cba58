"""Which parser reads a picture, told by its first bytes."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
    features,
)

from bot.domain.errors import UnreadableImage

Parser = type[ImageFile.ImageFile]

# The classes themselves instead of `Image.open`: that one judges sizes by the global `Image.MAX_IMAGE_PIXELS`
# and warns, and warnings can be caught only for all threads at once. Other parsers stay out of reach, too.
_PARSERS: Mapping[bytes, Parser] = MappingProxyType(
    {
        b"\xff\xd8\xff": JpegImagePlugin.JpegImageFile,
        b"\x89PNG\r\n\x1a\n": PngImagePlugin.PngImageFile,
        b"GIF87a": GifImagePlugin.GifImageFile,
        b"GIF89a": GifImagePlugin.GifImageFile,
        b"RIFF": WebPImagePlugin.WebPImageFile,
    }
)
_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_MOST_BRANDS = 64


def parser_of(data: bytes) -> Parser:
    """Return the class that opens these bytes.

    Raises:
        UnreadableImage: they are no picture of a kind that is installed here.
    """
    for magic, parser in _PARSERS.items():
        if data.startswith(magic):
            return parser
    brands = _brands(data)
    if brands & _AVIF:
        if features.check("avif"):
            return AvifImagePlugin.AvifImageFile
        raise UnreadableImage("this Pillow was built without AVIF")
    if brands & _HEIC:
        return _heic()
    raise UnreadableImage("the bytes are no JPEG, PNG, WebP, AVIF, HEIC or GIF")


def _brands(data: bytes) -> frozenset[bytes]:
    """Return what the file type box of an ISO file names (ISO/IEC 14496-12, section 4.3)."""
    if data[4:8] != b"ftyp":
        return frozenset()
    end = min(int.from_bytes(data[:4]), len(data), 16 + 4 * _MOST_BRANDS)
    return frozenset({data[8:12], *(data[at : at + 4] for at in range(16, end, 4))})


def _heic() -> Parser:
    """Return the parser of `pillow-heif`, which is no dependency: it brings a GPL encoder along."""
    try:
        parser: Parser = importlib.import_module("pillow_heif.as_plugin").HeifImageFile
    except ImportError as exc:
        raise UnreadableImage("a HEIC picture, and pillow-heif is not installed") from exc
    return parser

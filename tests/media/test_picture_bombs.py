"""Hostile pictures: one error each, at once, and never another exception."""

import io
import struct
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.codes import Code
from bot.domain.errors import UnreadableImage
from bot.domain.video import Size
from bot.media.picture import fit_picture, picture_size

SMALL = Size(64, 64)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *extra: bytes) -> bytes:
    """A PNG of this size by its header; the pixels are mostly missing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + pixels + chunk(b"IEND", b"")


def gif(canvas: tuple[int, int], frame: tuple[int, int], before: bytes = b"") -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0x80, 0, 0) + b"\0" * 6
    return screen + before + b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x4c\x01\0;"


def webp(width: int, height: int) -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def jpeg(width: int, height: int) -> bytes:
    data = bytearray(encoded(Image.new("RGB", (64, 64)), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


TOO_MANY_PIXELS = [
    pytest.param(png(30_000, 30_000), id="PNG of 900 megapixels"),
    pytest.param(png(8_000, 8_000), id="PNG of 64 megapixels"),
    pytest.param(png(10_000, 10_000), id="PNG of 100 megapixels, where Pillow warns"),
    pytest.param(png(60_000, 1_000), id="PNG of 60000x1000"),
    pytest.param(png(20_001, 20), id="PNG one pixel too wide"),
    pytest.param(png(20, 20_001), id="PNG one pixel too high"),
    pytest.param(png(5_000, 10_001), id="PNG one row over 50 megapixels"),
    pytest.param(jpeg(65_500, 65_500), id="JPEG of 4290 megapixels"),
    pytest.param(jpeg(10_000, 10_000), id="JPEG of 100 megapixels"),
    pytest.param(webp(16_384, 16_384), id="WebP of 268 megapixels"),
    pytest.param(webp(10_000, 10_000), id="WebP of 100 megapixels"),
    pytest.param(gif((10_000, 10_000), (64, 64)), id="GIF canvas of 100 megapixels"),
    pytest.param(gif((64, 64), (10_000, 10_000)), id="GIF frame of 100 megapixels"),
    pytest.param(gif((64, 64), (65_535, 65_535)), id="GIF frame of 4290 megapixels"),
]


@pytest.mark.parametrize("data", TOO_MANY_PIXELS)
def test_too_many_pixels_are_refused_by_the_header(data: bytes) -> None:
    began = time.process_time()
    for attempt in (lambda: picture_size(data), lambda: fit_picture(data, SMALL)):
        with pytest.raises(UnreadableImage) as caught:
            attempt()
        assert caught.value.code is Code.PICTURE_TOO_MANY_PIXELS
        assert caught.value.facts["limit"] == 50
        assert {"width", "height"} <= caught.value.facts.keys()
    assert time.process_time() - began < 0.5


def test_fifty_megapixels_exactly_pass_the_header() -> None:
    assert picture_size(png(5_000, 10_000)) == Size(5_000, 10_000)


def test_sixteen_pixels_pass_and_fifteen_do_not() -> None:
    assert picture_size(encoded(Image.new("RGB", (16, 16)), "PNG")) == Size(16, 16)
    with pytest.raises(UnreadableImage) as caught:
        picture_size(encoded(Image.new("RGB", (16, 15)), "PNG"))
    assert caught.value.code is Code.PICTURE_UNREADABLE


def test_too_many_bytes_are_refused_with_the_limit_in_mib() -> None:
    whole = encoded(Image.new("RGB", (64, 64)), "PNG")
    limit = 25 << 20
    assert picture_size(whole + b"\0" * (limit - len(whole))) == SMALL
    with pytest.raises(UnreadableImage) as caught:
        picture_size(whole + b"\0" * (limit - len(whole) + 1))
    assert caught.value.code is Code.PICTURE_TOO_LARGE
    assert dict(caught.value.facts) == {"limit": 25}


def many_scans() -> bytes:
    data = encoded(Image.new("L", (7_000, 7_000), 128), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * 5_000 + b"\xff\xd9"


def small_jpeg_with(pieces: bytes) -> bytes:
    data = encoded(Image.new("RGB", (64, 64)), "JPEG")
    return data[:2] + pieces + data[2:]


UNREADABLE = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"\0", id="one byte"),
    pytest.param(b"hello, I am a picture", id="text"),
    pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'/>", id="SVG"),
    pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n", id="EPS"),
    pytest.param(encoded(Image.new("RGB", (64, 64)), "BMP"), id="BMP"),
    pytest.param(encoded(Image.new("RGB", (64, 64)), "TIFF"), id="TIFF"),
    pytest.param(b"\x89PNG\r\n\x1a\n", id="PNG signature alone"),
    pytest.param(b"\xff\xd8\xff", id="JPEG signature alone"),
    pytest.param(b"GIF89a", id="GIF signature alone"),
    pytest.param(b"GIF89a\x40\0\x40\0\0\0\0;", id="GIF without a frame"),
    pytest.param(b"RIFF\x10\0\0\0WEBP", id="WebP signature alone"),
    pytest.param(b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40, id="WAV"),
    pytest.param(png(0, 64), id="PNG without width"),
    pytest.param(jpeg(64, 0), id="JPEG without height"),
    pytest.param(png(64, 64), id="PNG without its pixels"),
    pytest.param(png(64, 64, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 100_000_000))), id="zTXt bomb"),
    pytest.param(
        png(64, 64, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 1_000_000)) * 500), id="many zTXt"
    ),
    pytest.param(png(64, 64, chunk(b"tEXt", b"a\0") * 1_500_000), id="a million chunks"),
    pytest.param(small_jpeg_with(b"\xff\xfe\0\2" * 6_000_000), id="JPEG of empty comments"),
    pytest.param(small_jpeg_with(b"\xff" * 24_000_000), id="JPEG of fill bytes"),
    pytest.param(gif((64, 64), (64, 64), b"!\xfe\x01a\0" * 4_000_000), id="GIF of comments"),
    pytest.param(gif((64, 64), (64, 64), b"!\xfe" + b"\x01a" * 9_000_000 + b"\0"), id="GIF of sub-blocks"),
    pytest.param(many_scans(), id="JPEG of 5000 scans"),
]


@pytest.mark.parametrize("data", UNREADABLE)
def test_what_is_no_picture_is_unreadable_and_told_fast(data: bytes) -> None:
    began = time.process_time()
    with pytest.raises(UnreadableImage) as caught:
        fit_picture(data, SMALL)
    assert caught.value.code is Code.PICTURE_UNREADABLE
    assert time.process_time() - began < 3


def test_pixels_beyond_the_declared_size_are_not_unpacked() -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    flood = chunk(b"IDAT", zlib.compress(b"\0" * 200_000_000, 1))
    data = b"\x89PNG\r\n\x1a\n" + header + flood + chunk(b"IEND", b"")
    began = time.process_time()
    fit_picture(data, SMALL)
    assert time.process_time() - began < 1


PICTURES = [
    encoded(Image.effect_noise((40, 30), 60).convert(mode), kind, **options)
    for mode, kind, options in (
        ("RGB", "JPEG", {}),
        ("CMYK", "JPEG", {}),
        ("L", "JPEG", {"progressive": True}),
        ("RGBA", "PNG", {}),
        ("P", "PNG", {}),
        ("P", "GIF", {}),
        ("RGBA", "WEBP", {}),
        ("RGB", "WEBP", {"lossless": True}),
    )
]


@pytest.mark.filterwarnings("default")  # Pillow tells of damaged metadata
@settings(max_examples=300)
@given(
    st.sampled_from(PICTURES),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    st.integers(0, 200),
)
def test_a_damaged_picture_is_fitted_or_unreadable(
    picture: bytes, damage: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(picture)
    for at, value in damage:
        data[at % len(data)] = value
    if cut:
        del data[-cut:]
    try:
        fitted = fit_picture(bytes(data), Size(32, 24))
    except UnreadableImage:
        return
    assert Image.open(io.BytesIO(fitted)).size == (32, 24)


@settings(max_examples=300)
@given(st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF____WEBP"]), st.binary())
def test_random_bytes_are_unreadable(magic: bytes, data: bytes) -> None:
    with pytest.raises(UnreadableImage):
        fit_picture(magic + data, SMALL)

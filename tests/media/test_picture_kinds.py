"""AVIF and HEIC, the pictures of newer phones; HEIC only where pillow-heif is installed."""

import asyncio
import importlib.util
import io
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from bot.domain.codes import Code
from bot.domain.errors import StorageError, UnreadableImage
from bot.domain.fit import Fit
from bot.domain.video import Size
from bot.media.child import Allowance
from bot.media.heif import as_jpeg
from bot.media.picture import fit_picture, picture_size
from bot.media.tools import Media

HAS_HEIC = importlib.util.find_spec("pillow_heif") is not None
avif_only = pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")
heic_only = pytest.mark.skipif(not HAS_HEIC, reason="pillow-heif is not installed")
KINDS = [pytest.param("AVIF", marks=avif_only), pytest.param("HEIF", marks=heic_only)]


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    if kind == "HEIF":
        importlib.import_module("pillow_heif").register_heif_opener()
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    return image


def halves() -> Image.Image:
    """Red on top, blue below."""
    image = Image.new("RGB", (64, 96), (220, 20, 20))
    image.paste((20, 20, 220), (0, 48, 64, 96))
    return image


def is_red_over_blue(data: bytes) -> bool:
    pixels = np.asarray(decoded(data)).astype(int)
    top, bottom = pixels[5, pixels.shape[1] // 2], pixels[-5, pixels.shape[1] // 2]
    return bool(top[0] > 180 > 60 > top[2] and bottom[2] > 180 > 60 > bottom[0])


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_and_fitted(kind: str) -> None:
    data = encoded(halves(), kind, quality=90)
    assert picture_size(data) == Size(64, 96)
    assert is_red_over_blue(fit_picture(data, Size(32, 48)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_it_is_turned_upright_once(kind: str, orientation: int) -> None:
    turn = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    lying = halves().transpose(turn[orientation])
    lying.getexif()[0x0112] = orientation
    data = encoded(lying, kind, quality=90, **({"exif": lying.getexif()} if kind == "AVIF" else {}))
    assert b"irot" in data
    assert picture_size(data) == Size(64, 96)
    assert is_red_over_blue(fit_picture(data, Size(64, 96)))


@pytest.mark.parametrize("kind", KINDS)
def test_its_transparency_becomes_white(kind: str) -> None:
    data = encoded(Image.new("RGBA", (64, 64), (10, 10, 10, 0)), kind, quality=90)
    assert np.asarray(decoded(fit_picture(data, Size(32, 32)))).min() > 240


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_cut_short_is_unreadable(kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), kind, quality=90)
    for part in (0.01, 0.1, 0.5, 0.9):
        with pytest.raises(UnreadableImage) as caught:
            fit_picture(data[: int(len(data) * part)], Size(32, 32))
        assert caught.value.code is Code.PICTURE_UNREADABLE


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_is_refused_by_its_header(kind: str) -> None:
    data = bytearray(encoded(Image.new("RGB", (64, 64)), kind))
    at = data.index(b"ispe")
    data[at + 8 : at + 16] = struct.pack(">II", 16_000, 16_000)
    with pytest.raises(UnreadableImage) as caught:
        picture_size(bytes(data))
    assert caught.value.code is Code.PICTURE_TOO_MANY_PIXELS


@avif_only
def test_of_an_animated_avif_the_first_picture_is_taken() -> None:
    later = [Image.new("RGB", (64, 96), (0, 255, 0))] * 3
    data = encoded(halves(), "AVIF", save_all=True, append_images=later, duration=100, quality=90)
    assert data[8:12] == b"avis"
    assert is_red_over_blue(fit_picture(data, Size(32, 48)))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_other_animations_too(kind: str) -> None:
    later = [Image.new("RGB", (64, 96), (0, 255, 0))] * 3
    data = encoded(halves(), kind, save_all=True, append_images=later, duration=100)
    assert is_red_over_blue(fit_picture(data, Size(32, 48)))


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_without_pillow_heif_a_heic_is_unreadable_and_the_log_says_why(
    brand: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif.as_plugin", None)
    data = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + bytes(100)
    with pytest.raises(UnreadableImage, match="pillow-heif is not installed") as caught:
        picture_size(data)
    assert caught.value.code is Code.PICTURE_UNREADABLE


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(100),
        b"\0\0\0\x10ftypqt  \0\0\0\0" + bytes(100),
        b"\0\0\0\x08ftyp",
        b"\xff\xff\xff\xffftypxxxx\0\0\0\0" + b"abcd" * 1000,
        b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miafMA1B" + bytes(100),
    ],
    ids=["MP4", "MOV", "nothing behind", "a box of 4 GiB", "an AVIF of zeros"],
)
def test_what_only_begins_alike_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableImage) as caught:
        picture_size(data)
    assert caught.value.code is Code.PICTURE_UNREADABLE


@avif_only
@settings(max_examples=150)
@given(damage=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_avif_is_fitted_or_unreadable(damage: list[tuple[int, int]]) -> None:
    data = bytearray(encoded(halves(), "AVIF", quality=50))
    for at, value in damage:
        data[at % len(data)] = value
    try:
        fitted = fit_picture(bytes(data), Size(32, 48))
    except UnreadableImage:
        return
    assert decoded(fitted).size == (32, 48)


def test_heic_is_loaded_only_when_one_comes() -> None:
    code = "import sys; import bot.media.picture; print('pillow_heif' in sys.modules)"
    seen = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert seen.stdout.strip() == "False"


# --- in a process of their own ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
async def test_the_tools_fit_it(kind: str) -> None:
    media = Media()
    data = encoded(halves(), kind, quality=90)
    assert await media.picture_size(data) == Size(64, 96)
    fitted = await media.fit_picture(data, Size(96, 96), Fit.PAD)
    assert decoded(fitted).size == (96, 96)
    assert is_red_over_blue(fitted)
    media.close()


@avif_only
async def test_a_large_one_loses_only_what_no_video_shows() -> None:
    data = encoded(Image.new("RGB", (6000, 3000), (220, 20, 20)), "AVIF", speed=10)
    assert decoded(await as_jpeg(data)).size == (4096, 2048)


def hidden_bomb() -> bytes:
    """A header of 64x64 before a picture of 64 megapixels: a few kilobytes."""
    data = bytearray(encoded(Image.new("L", (8_000, 8_000), 90), "AVIF", speed=10))
    at = data.index(b"ispe")
    data[at + 8 : at + 16] = struct.pack(">II", 64, 64)
    return bytes(data)


@avif_only
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory in KiB")
async def test_a_bomb_behind_an_honest_face_explodes_elsewhere() -> None:
    command = [sys.executable, "-c", BOMB]
    seen = await asyncio.to_thread(
        subprocess.run, command, input=hidden_bomb(), capture_output=True, timeout=100, check=True
    )
    before, after = map(int, seen.stdout.split())
    assert after - before < 50_000, "KiB: this process has not decoded it"


BOMB = """
import asyncio, resource, sys
from bot.domain.errors import UnreadableImage
from bot.domain.video import Size
from bot.media.tools import Media

async def main():
    data, media = sys.stdin.buffer.read(), Media()
    assert len(data) < 100_000
    assert await media.picture_size(data) == Size(64, 64)
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before = peak()
    try:
        await media.fit_picture(data, Size(64, 64))
    except UnreadableImage:
        pass
    print(before, peak())

asyncio.run(main())
"""


@avif_only
async def test_a_decoder_that_takes_too_long_is_ended() -> None:
    with pytest.raises(UnreadableImage, match="too long") as caught:
        await as_jpeg(encoded(halves(), "AVIF"), allowance=Allowance(start=0))
    assert caught.value.code is Code.PICTURE_UNREADABLE


@avif_only
async def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    await as_jpeg(encoded(halves(), "AVIF"))
    with pytest.raises(UnreadableImage):
        await as_jpeg(encoded(halves(), "AVIF")[:200])
    assert list(tmp_path.iterdir()) == []


async def test_a_disk_that_takes_no_file_is_not_the_pictures_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(StorageError, match="put aside"):
        await as_jpeg(b"\0\0\0\x10ftypavif\0\0\0\0")

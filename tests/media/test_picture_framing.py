"""A picture of another shape: cut, framed by bars, or before a blurred copy of itself."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from bot.domain.fit import Fit
from bot.domain.video import Size
from bot.media.picture import fit_picture
from bot.media.tools import Media

RED, GREEN, BLUE = (230, 20, 20), (20, 220, 20), (20, 20, 230)


def stripes(width: int, height: int) -> Image.Image:
    """Red, green and blue thirds, along the longer side."""
    image = Image.new("RGB", (width, height), GREEN)
    for colour, part in ((RED, 0.0), (BLUE, 2 / 3)):
        if width >= height:
            image.paste(colour, (int(width * part), 0, int(width * (part + 1 / 3)), height))
        else:
            image.paste(colour, (0, int(height * part), width, int(height * (part + 1 / 3))))
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def fitted(data: bytes, size: Size, fit: Fit) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    image = Image.open(io.BytesIO(fit_picture(data, size, fit)), formats=["JPEG"])
    assert (image.mode, image.size) == ("RGB", (size.width, size.height))
    return np.asarray(image).astype(np.int16)


def alike(pixel: np.ndarray[tuple[int, ...], np.dtype[np.int16]], colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel - np.array(colour)).max() < 25)


def test_a_crop_fills_the_frame_and_loses_the_sides() -> None:
    pixels = fitted(encoded(stripes(900, 300)), Size(300, 300), Fit.CROP)
    assert all(alike(pixels[150, x], GREEN) for x in (5, 150, 295))


def test_bars_keep_the_whole_picture() -> None:
    pixels = fitted(encoded(stripes(900, 300)), Size(300, 300), Fit.PAD)
    assert [alike(pixels[150, x], c) for x, c in ((20, RED), (150, GREEN), (280, BLUE))] == [True] * 3
    assert all(alike(pixels[y, x], (0, 0, 0)) for y in (2, 90, 210, 297) for x in (2, 150, 297))
    assert alike(pixels[110, 150], GREEN)
    assert alike(pixels[190, 150], GREEN)


def test_bars_stand_beside_a_tall_picture() -> None:
    pixels = fitted(encoded(stripes(300, 900)), Size(600, 300), Fit.PAD)
    assert [alike(pixels[y, 300], c) for y, c in ((20, RED), (150, GREEN), (280, BLUE))] == [True] * 3
    assert all(alike(pixels[150, x], (0, 0, 0)) for x in (2, 200, 400, 597))


def test_a_blurred_copy_covers_what_the_picture_leaves_free() -> None:
    pixels = fitted(encoded(stripes(300, 900)), Size(900, 300), Fit.BLUR)
    assert [alike(pixels[y, 450], c) for y, c in ((20, RED), (150, GREEN), (280, BLUE))] == [True] * 3
    beside = pixels[:, 100]
    assert not any(alike(pixel, (0, 0, 0)) for pixel in beside), "no bars"
    assert alike(pixels[150, 100], GREEN), "the copy covers the frame as a crop does"


def test_the_copy_is_soft() -> None:
    checks = Image.fromarray((np.indices((400, 200)).sum(axis=0) // 10 % 2 * 255).astype(np.uint8))
    pixels = fitted(encoded(checks), Size(800, 400), Fit.BLUR)
    edges = np.abs(np.diff(pixels.mean(axis=2), axis=1))
    assert edges[:, 310:490].max() > 150, "the picture in the middle is sharp"
    assert edges[:, 20:280].max() < 20, "the copy behind it is not"


@pytest.mark.parametrize("fit", Fit)
@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ((1280, 720), Size(1280, 720)),
        ((2560, 1440), Size(1280, 720)),
        ((64, 36), Size(1280, 720)),
        ((720, 1280), Size(1280, 720)),
        ((1279, 721), Size(1280, 720)),
        ((4000, 16), Size(480, 854)),
        ((16, 4000), Size(854, 480)),
        ((333, 777), Size(16, 16)),
        ((17, 19), Size(1024, 1792)),
    ],
)
def test_the_size_is_exact_whatever_comes_in(source: tuple[int, int], wanted: Size, fit: Fit) -> None:
    fitted(encoded(Image.new("RGB", source, GREEN)), wanted, fit)


@pytest.mark.parametrize("fit", Fit)
def test_a_picture_of_the_same_shape_has_neither_bars_nor_a_backdrop(fit: Fit) -> None:
    pixels = fitted(encoded(stripes(640, 360)), Size(1280, 720), fit)
    assert [alike(pixels[y, 2], RED) for y in (1, 360, 718)] == [True] * 3
    assert [alike(pixels[y, 1277], BLUE) for y in (1, 360, 718)] == [True] * 3


@pytest.mark.parametrize("fit", [Fit.PAD, Fit.BLUR])
def test_a_picture_that_lies_on_its_side_is_turned_before_it_is_framed(fit: Fit) -> None:
    """Orientation 6: the file is wide, the picture tall, its top at the right of the file."""
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = stripes(300, 900)
    data = encoded(upright.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, exif=exif)
    pixels = fitted(data, Size(900, 300), fit)
    assert [alike(pixels[y, 450], c) for y, c in ((20, RED), (150, GREEN), (280, BLUE))] == [True] * 3
    assert alike(pixels[150, 10], (0, 0, 0)) is (fit is Fit.PAD)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("fit", [Fit.PAD, Fit.BLUR])
def test_every_kind_of_pixel_can_be_framed(mode: str, fit: Fit) -> None:
    image = Image.new("L", (64, 32), 255).convert(mode if mode != "I;16" else "I").convert(mode)
    if mode == "I;16":
        image = Image.fromarray(np.full((32, 64), 65535, np.uint16))
    data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")
    pixels = fitted(data, Size(64, 64), fit)
    assert alike(pixels[32, 32], (255, 255, 255))
    assert alike(pixels[2, 32], (0, 0, 0)) is (fit is Fit.PAD)


async def test_the_tools_pass_the_wish_on() -> None:
    media, data = Media(), encoded(stripes(900, 300))
    seen = [await media.fit_picture(data, Size(64, 64), fit) for fit in Fit]
    assert await media.fit_picture(data, Size(64, 64)) == seen[0]
    assert all(one != other for one, other in pairwise(seen))
    media.close()

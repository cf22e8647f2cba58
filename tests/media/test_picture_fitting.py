"""Any picture becomes an upright, opaque JPEG of the exact size."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms, ImageOps

from bot.domain.codes import Code
from bot.domain.errors import UnreadableImage
from bot.domain.video import Size
from bot.media.picture import fit_picture, picture_size

Pixels = npt.NDArray[np.uint8]

# How the upright picture lies in the file, EXIF 2.32: 6 means that row 0 of the file is the right-hand side.
STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).swapaxes(0, 1),
    8: lambda upright: np.rot90(upright, -1),
}


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    return image


def quadrants(width: int, height: int) -> Pixels:
    """Red, green / blue, white."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (255, 0, 0)
    pixels[: height // 2, width // 2 :] = (0, 255, 0)
    pixels[height // 2 :, : width // 2] = (0, 0, 255)
    pixels[height // 2 :, width // 2 :] = (255, 255, 255)
    return pixels


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours of the four quadrants' centres, rounded to 0 or 255."""
    pixels = np.asarray(image)
    height, width, _ = pixels.shape
    spots = [(height // 4, width // 4), (height // 4, -width // 4), (-height // 4, width // 4), (-1, -1)]
    return [tuple(round(value / 255) * 255 for value in pixels[spot]) for spot in spots]


RED_GREEN_BLUE_WHITE = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]


def palette_picture() -> Image.Image:
    """Every pixel has index 3, a dark blue."""
    image = Image.new("P", (64, 64), 3)
    image.putpalette(bytes(range(48)))
    return image


def photo(width: int, height: int) -> Image.Image:
    """Soft shapes with some detail, as a camera sees them."""
    coarse = np.random.default_rng(5).integers(0, 255, (height // 16, width // 16, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pixels_end_upright_whatever_the_orientation(kind: str, orientation: int) -> None:
    stored = np.ascontiguousarray(STORED[orientation](quadrants(96, 64)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(stored), kind, exif=exif, quality=95)
    assert picture_size(data) == Size(96, 64)
    fitted = decoded(fit_picture(data, Size(192, 128)))
    assert corners(fitted) == RED_GREEN_BLUE_WHITE


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "JPEG"),
        ("CMYK", "JPEG"),
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("P", "PNG"),
        ("RGB", "WEBP"),
        ("RGBA", "WEBP"),
        ("P", "GIF"),
    ],
)
def test_colours_survive_every_format_and_mode(mode: str, kind: str) -> None:
    image = Image.fromarray(quadrants(96, 64)).convert(mode)
    fitted = decoded(fit_picture(encoded(image, kind, quality=95), Size(96, 64)))
    assert (fitted.mode, fitted.size) == ("RGB", (96, 64))
    assert corners(fitted) == RED_GREEN_BLUE_WHITE


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "JPEG"), ("L", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("L", "GIF")]
)
def test_grey_keeps_its_brightness(mode: str, kind: str) -> None:
    grey = Image.new("L", (64, 64), 100)
    image = Image.fromarray(np.full((64, 64), 100 * 257, np.uint16)) if mode == "I;16" else grey.convert(mode)
    assert image.mode == mode
    fitted = np.asarray(decoded(fit_picture(encoded(image, kind), Size(32, 32))))
    assert np.abs(fitted.astype(int) - 100).max() <= 2


def test_black_and_white_bits_are_read() -> None:
    image = Image.fromarray(quadrants(96, 64)[:, :, 0]).convert("1")
    fitted = decoded(fit_picture(encoded(image, "PNG"), Size(96, 64)))
    assert corners(fitted) == [(255,) * 3, (0,) * 3, (0,) * 3, (255,) * 3]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(encoded(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"), id="RGBA PNG"),
        pytest.param(encoded(Image.new("LA", (64, 64), (0, 0)), "PNG"), id="LA PNG"),
        pytest.param(encoded(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "WEBP", lossless=True), id="WebP"),
        pytest.param(encoded(palette_picture(), "GIF", transparency=3), id="GIF"),
        pytest.param(encoded(palette_picture(), "PNG", transparency=3), id="palette PNG"),
        pytest.param(encoded(palette_picture(), "PNG", transparency=b"\0" * 9), id="palette alphas"),
        pytest.param(encoded(Image.new("RGB", (64, 64)), "PNG", transparency=(0, 0, 0)), id="RGB PNG, tRNS"),
        pytest.param(encoded(Image.new("L", (64, 64)), "PNG", transparency=0), id="L PNG, tRNS"),
    ],
)
def test_transparency_becomes_white(data: bytes) -> None:
    fitted = decoded(fit_picture(data, Size(32, 32)))
    assert np.asarray(fitted).min() >= 253


def test_half_transparent_red_on_white_is_pink() -> None:
    data = encoded(Image.new("RGBA", (64, 64), (255, 0, 0, 128)), "PNG")
    red, green, blue = np.asarray(decoded(fit_picture(data, Size(32, 32))))[16, 16].tolist()
    assert (red >= 253, abs(green - 127) <= 2, abs(blue - 127) <= 2) == (True, True, True)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert picture_size(data) == Size(64, 64)
    assert corners(decoded(fit_picture(data, Size(32, 32)))) == [(255, 0, 0)] * 4


@pytest.mark.parametrize("source", [(96, 64), (64, 96), (17, 1000), (1000, 17), (640, 640), (1281, 723)])
@pytest.mark.parametrize("wanted", [Size(1280, 720), Size(720, 1280), Size(1024, 1024), Size(33, 17)])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_result_has_exactly_the_size(source: tuple[int, int], wanted: Size, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.new("RGB", source, (9, 99, 199)), "JPEG", exif=exif)
    fitted = decoded(fit_picture(data, wanted))
    assert fitted.size == (wanted.width, wanted.height)
    assert fitted.getexif() == {}


def test_the_crop_takes_the_centre_and_loses_both_edges_alike() -> None:
    pixels = np.zeros((100, 300, 3), np.uint8)
    pixels[:, :100] = (255, 0, 0)
    pixels[:, 100:200] = (0, 255, 0)
    pixels[:, 200:] = (0, 0, 255)
    fitted = np.asarray(decoded(fit_picture(encoded(Image.fromarray(pixels), "PNG"), Size(100, 100))))
    assert np.abs(fitted[:, 2:-2].astype(int) - (0, 255, 0)).mean() < 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_fitted_picture_is_close_to_an_exact_resize(kind: str) -> None:
    original = photo(2400, 1800)
    data = encoded(original, kind, quality=95)
    exact = ImageOps.fit(original, (1280, 720), Image.Resampling.LANCZOS)
    fitted = decoded(fit_picture(data, Size(1280, 720)))
    difference = np.abs(np.asarray(fitted).astype(int) - np.asarray(exact).astype(int))
    assert difference.mean() < 2.0  # 4:2:0 would have 2.6


def swapped_profile() -> bytes:
    """An sRGB profile in which red and blue change places."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    table, rest = profile[:400], profile[400:]
    return table.replace(b"rXYZ", b"tmp_").replace(b"bXYZ", b"rXYZ").replace(b"tmp_", b"bXYZ") + rest


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_embedded_profile_is_converted_to_srgb(kind: str) -> None:
    data = encoded(Image.new("RGB", (64, 64), (255, 0, 0)), kind, icc_profile=swapped_profile())
    fitted = decoded(fit_picture(data, Size(32, 32)))
    assert corners(fitted) == [(0, 0, 255)] * 4
    assert "icc_profile" not in fitted.info


@pytest.mark.parametrize("profile", [b"no profile", swapped_profile()[:300], b"\0" * 5_000_000])
def test_a_broken_profile_is_passed_over(profile: bytes) -> None:
    data = encoded(Image.new("RGB", (64, 64), (255, 0, 0)), "WEBP", icc_profile=profile)
    assert corners(decoded(fit_picture(data, Size(32, 32)))) == [(255, 0, 0)] * 4


def test_a_grey_profile_on_a_colour_picture_is_passed_over() -> None:
    profile = swapped_profile().replace(b"RGB XYZ ", b"GRAYXYZ ")
    data = encoded(Image.new("RGB", (64, 64), (255, 0, 0)), "PNG", icc_profile=profile)
    assert corners(decoded(fit_picture(data, Size(32, 32)))) == [(255, 0, 0)] * 4


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells of the damage, and the picture is fine
@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\1\x12",
        b"\xff" * 99,
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_broken_exif_means_upright(kind: str, exif: bytes) -> None:
    data = encoded(Image.fromarray(quadrants(96, 64)), kind, exif=exif, quality=95)
    assert picture_size(data) == Size(96, 64)
    assert corners(decoded(fit_picture(data, Size(96, 64)))) == RED_GREEN_BLUE_WHITE


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_unknown_orientation_means_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert picture_size(encoded(Image.new("RGB", (96, 64)), "JPEG", exif=exif)) == Size(96, 64)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_truncated_picture_is_unreadable(kind: str, part: float) -> None:
    data = encoded(photo(320, 240), kind)
    with pytest.raises(UnreadableImage) as caught:
        fit_picture(data[: int(len(data) * part)], Size(64, 64))
    assert caught.value.code is Code.PICTURE_UNREADABLE

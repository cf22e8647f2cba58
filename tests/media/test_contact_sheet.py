"""Contact sheets of real videos, made in a real child process."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.domain.errors import CannotFit
from bot.media.continuing import contact_sheet
from bot.media.sheet import columns_for
from tests.media.filming import Film, film

COLOURS = ((200, 60, 60), (60, 170, 80), (60, 90, 200), (190, 180, 60))


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sheet")
    return [
        film(folder / f"{number}.mp4", Film(seconds=1, ground=colour, rate=0))
        for number, colour in enumerate(COLOURS)
    ]


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert picture.format == "JPEG"
    return picture


def cells(picture: Image.Image, columns: int, rows: int) -> list[tuple[int, int, int]]:
    """Return the colour in the middle right of each cell, where no number stands."""
    found = []
    for row in range(rows):
        for column in range(columns):
            x = round((column + 0.75) * picture.width / columns)
            y = round((row + 0.6) * picture.height / rows)
            pixel = np.asarray(picture.crop((x - 4, y - 4, x + 4, y + 4)), np.float32).mean(axis=(0, 1))
            found.append(tuple(round(float(value)) for value in pixel))
    return found  # type: ignore[return-value]


async def test_four_stand_in_their_order_and_are_numbered(clips: list[Path]) -> None:
    sheet = opened(await contact_sheet(clips))
    assert sheet.width == 1600
    for found, colour in zip(cells(sheet, 2, 2), COLOURS, strict=True):
        assert found == pytest.approx(colour, abs=10)
    corner = np.asarray(sheet.crop((16, 16, 100, 100)).convert("L"), np.float32)
    assert corner.max() > 240, "a white number"
    assert np.median(corner) < 80, "on a dark ground"


async def test_a_video_that_is_gone_leaves_its_cell_empty(clips: list[Path]) -> None:
    sheet = opened(await contact_sheet([None, clips[1], None, clips[3]]))
    empty = (43, 45, 49)
    for found, colour in zip(cells(sheet, 2, 2), (empty, COLOURS[1], empty, COLOURS[3]), strict=True):
        assert found == pytest.approx(colour, abs=10)
    with pytest.raises(CannotFit):
        await contact_sheet([None, None])


async def test_captions_make_room_below(clips: list[Path]) -> None:
    plain = opened(await contact_sheet(clips[:2]))
    named = opened(await contact_sheet(clips[:2], captions=["seed 1840275", "种子 2 🦊"]))
    assert named.height > plain.height
    empty = opened(await contact_sheet(clips[:2], captions=["🦊", "\x07"]))
    assert empty.size == plain.size, "what cannot be drawn needs no room"


@pytest.mark.parametrize("captions", [["only one"], ["a", "b", "c", "too many"]])
async def test_captions_may_be_fewer_or_more(clips: list[Path], captions: list[str]) -> None:
    opened(await contact_sheet(clips[:3], captions=captions))


def corner(picture: Image.Image) -> Image.Image:
    return picture.crop((16, 16, 140, 120)).convert("L").point(lambda value: 255 if value > 128 else 0)


async def test_numbers_of_ones_own_stand_instead(clips: list[Path]) -> None:
    usual = opened(await contact_sheet(clips[:2]))
    own = opened(await contact_sheet(clips[:2], numbers=[3, 4]))
    short = opened(await contact_sheet(clips[:2], numbers=[1]))
    assert np.abs(np.asarray(corner(usual), int) - np.asarray(corner(own))).mean() > 5
    assert np.abs(np.asarray(usual, int) - np.asarray(short)).max() == 0


@pytest.mark.parametrize("count", [0, 1, 11])
async def test_too_few_or_too_many_make_no_sheet(clips: list[Path], count: int) -> None:
    with pytest.raises(CannotFit):
        await contact_sheet((clips * 3)[:count])


async def test_one_that_is_no_video_spoils_the_sheet(clips: list[Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"ffconcat version 1.0\nfile other.mp4\n")
    with pytest.raises(CannotFit):
        await contact_sheet([clips[0], bad])


@pytest.mark.parametrize(
    ("count", "ratio", "columns"),
    [
        (2, 9 / 16, 2),
        (3, 16 / 9, 2),
        (3, 9 / 16, 3),
        (4, 16 / 9, 2),
        (5, 9 / 16, 3),
        (6, 16 / 9, 2),
        (10, 16 / 9, 3),
    ],
)
def test_the_columns_suit_shape_and_number(count: int, ratio: float, columns: int) -> None:
    assert columns_for(count, ratio) == columns


async def test_the_number_of_ten_is_whole(make_clip: Callable[..., Path], clips: list[Path]) -> None:
    upright = make_clip(seconds=1, width=90, height=160, audio_rate=0)
    sheet = opened(await contact_sheet([*clips, upright, *clips, upright], captions=["x"] * 10))
    assert max(sheet.size) <= 2000

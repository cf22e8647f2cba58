"""The picture of a family of videos."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.domain.lineage import FamilyMember
from bot.media.family import family_picture
from bot.media.family_tree import places
from bot.media.lettering import drawable, font_for, lines_of
from bot.media.tools import Media


def member(short_id: str, parent: str | None = None, **fields: object) -> FamilyMember:
    return FamilyMember(short_id=short_id, parent=parent, **fields)  # type: ignore[arg-type]


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert picture.format == "JPEG"
    return picture


def rows(members: list[FamilyMember]) -> list[tuple[str, int, int | None]]:
    return [(place.member.short_id, place.lane, place.parent_row) for place in places(members)]


def test_a_chain_is_one_straight_line() -> None:
    assert rows([member("a"), member("b", "a"), member("c", "b")]) == [
        ("a", 0, None),
        ("b", 0, 0),
        ("c", 0, 1),
    ]


def test_branches_stand_one_lane_to_the_right_each_with_its_own() -> None:
    family = [member("a"), member("b", "a"), member("c", "a"), member("d", "b"), member("e", "c")]
    assert rows(family) == [("a", 0, None), ("b", 1, 0), ("d", 1, 1), ("c", 1, 0), ("e", 1, 3)]


def test_parents_that_are_not_drawn_make_first_ones() -> None:
    assert rows([member("b", "gone"), member("c", "b"), member("x")]) == [
        ("b", 0, None),
        ("c", 0, 0),
        ("x", 0, None),
    ]


def test_a_child_that_comes_before_its_parent_is_drawn_below_it() -> None:
    assert [short_id for short_id, _, _ in rows([member("b", "a"), member("a")])] == ["a", "b"]


def test_circles_and_doubles_are_drawn_once() -> None:
    circle = [member("a", "b"), member("b", "a"), member("c", "c"), member("c")]
    assert sorted(short_id for short_id, _, _ in rows(circle)) == ["a", "b", "c"]


def test_a_long_chain_needs_no_recursion() -> None:
    chain = [member("0"), *(member(str(number), str(number - 1)) for number in range(1, 3000))]
    assert len(places(chain)) == 3000


@pytest.mark.parametrize("count", [0, 1, 5, 12, 40, 90])
def test_it_is_as_wide_as_a_phone_and_as_high_as_it_needs(count: int, tmp_path: Path) -> None:
    thumb = tmp_path / "thumb.jpg"
    Image.new("RGB", (320, 180), (200, 60, 60)).save(thumb)
    family = [
        member(f"k{number:03}", f"k{number // 2:03}" if number else None, relation="remix", thumbnail=thumb)
        for number in range(count)
    ]
    picture = opened(family_picture(family))
    assert picture.width == 1080
    assert picture.height <= 40 * 100
    reds = np.asarray(picture, np.int16)
    red = (reds[..., 0] > 180) & (reds[..., 1] < 90)
    assert (red.mean() > 0.1) == (count > 0)


def test_pictures_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"\xff\xd8\xff no picture")
    opened(family_picture([member("a", thumbnail=bad), member("b", "a", thumbnail=tmp_path / "missing.jpg")]))


def test_words_of_every_script_leave_no_box() -> None:
    """What the font lacks is left out; what it has is drawn in the face of its language."""
    assert drawable("红狐 the fox 🦊 \u0627\u0644 x\x07y") == "红狐 the fox xy"
    font = font_for("红", 40)
    box = font.getmask("\U0001f98a").getbbox(), font.getmask("红").getbbox()
    assert box[0] != box[1]
    faces = {font_for(text, 20).getname()[0] for text in ("fox", "狐の", "여우", "紅狐電影")}
    assert len(faces) == 4


def test_lines_break_and_end_in_an_ellipsis() -> None:
    font = font_for("x", 20)
    text = "The quick brown fox jumps over the lazy dog and goes on for a while"
    lines = lines_of(text, font, 200, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(font.getlength(line) <= 200 for line in lines)
    assert lines_of(text, font, 5000, 2) == [text]
    assert lines_of("一" * 30, font, 100, 3)[0] == "一" * 5
    assert lines_of("", font, 100, 3) == []


async def test_media_draws_families_and_sheets(tmp_path: Path, small_clip: Path) -> None:
    from bot.domain.video import Size

    media = Media()
    opened(await media.family_picture([member("a", caption="一只红狐", relation="续写")]))
    opened(await media.contact_sheet([small_clip, small_clip]))
    assert opened(await media.good_frame(small_clip, size=Size(64, 48), match=small_clip)).size == (64, 48)
    percents: list[int] = []
    await media.join_videos(
        [small_clip] * 2,
        tmp_path / "whole.mp4",
        fade=False,
        title=None,
        limit=1 << 20,
        progress=percents.append,
    )
    assert percents[-1] == 100
    media.close()

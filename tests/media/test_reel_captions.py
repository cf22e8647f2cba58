"""Reels: captions are drawn where and as long as they should be, and clips are cut to length."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from bot.domain.join import Caption
from bot.domain.reel import MOST, REEL_SECONDS, longest
from bot.domain.video import Size
from bot.media.caption import Sign
from bot.media.join import join
from bot.media.title_card import title_card
from tests.media.filming import Film, film, heard, packets, pictures

MIB = 1 << 20
GROUND = 120
Cut = Callable[..., Path]


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Cut:
    """Return a maker of plain grey clips, called with fields of `Film`; the same one is filmed once."""
    folder = tmp_path_factory.mktemp("reels")
    made: dict[Film, Path] = {}

    def make(**fields: object) -> Path:
        shot = replace(Film(ground=(GROUND, GROUND, GROUND)), **fields)  # type: ignore[arg-type]
        if shot not in made:
            made[shot] = film(folder / f"{len(made)}.mp4", shot)
        return made[shot]

    return make


def caption(place: int = 1, name: str = "Ada Lovelace", facts: str = "92 % · 12 votes") -> Caption:
    return Caption(place=place, name=name, facts=facts)


async def reel(
    sources: list[Path],
    target: Path,
    *,
    captions: list[Caption],
    cap: float | None = None,
    title: str | None = None,
    fade: bool = False,
) -> Path:
    await join(
        sources,
        target,
        fade=fade,
        title=title,
        limit=50 * MIB,
        progress=lambda _percent: None,
        captions=captions,
        longest=cap,
    )
    return target


def corner(frame: av.VideoFrame) -> npt.NDArray[np.int16]:
    """Return the upper left, in which captions stand and no bar wanders."""
    grey = frame.reformat(format="gray").to_ndarray().astype(np.int16)
    high, wide = grey.shape
    return grey[: high // 5, : wide * 2 // 3]


def shown(frame: av.VideoFrame) -> bool:
    """Say whether something stands in the corner: the ground alone is grey."""
    return bool(np.ptp(corner(frame)) > 60)


async def test_a_caption_stands_for_three_seconds_and_no_longer(cut: Cut, tmp_path: Path) -> None:
    clips = [cut(seconds=5.0), cut(seconds=4.0)]
    whole = await reel(clips, tmp_path / "reel.mp4", captions=[caption(1), caption(2, "Grace")])
    frames = list(pictures(whole))
    assert len(frames) == 9 * 24
    for start in (0.0, 5.0):
        for second in (0.0, 1.5, 2.6):
            assert shown(frames[round((start + second) * 24)]), f"{start} + {second}"
        for second in (3.1, 3.9):
            assert not shown(frames[round((start + second) * 24)]), f"{start} + {second}"
    first, second_one = corner(frames[24]), corner(frames[6 * 24])
    assert np.abs(first - second_one).max() > 60, "each clip has its own"


async def test_a_captions_words_do_not_touch_the_rest_of_the_picture(cut: Cut, tmp_path: Path) -> None:
    clip = cut(seconds=2.0)
    plain = await reel([clip], tmp_path / "plain.mp4", captions=[], title="x")
    signed = await reel([clip], tmp_path / "signed.mp4", captions=[caption()], title="x")
    before, after = (list(pictures(path))[60] for path in (plain, signed))
    old, new = (frame.reformat(format="gray").to_ndarray().astype(np.int16) for frame in (before, after))
    high, wide = old.shape
    changed = np.abs(new - old) > 12
    assert changed[: high // 3, : wide * 2 // 3].any()
    assert not changed[high // 2 :].any()
    assert not changed[:, wide * 7 // 8 :].any()


async def test_long_clips_are_cut_and_short_ones_are_not(cut: Cut, tmp_path: Path) -> None:
    clips = [cut(seconds=6.0), cut(seconds=1.0)]
    whole = await reel(clips, tmp_path / "reel.mp4", captions=[], cap=2.5)
    assert len(list(pictures(whole))) == round(3.5 * 24)
    sound = heard(whole)
    assert len(sound.samples) / sound.rate == pytest.approx(3.5, abs=0.05)
    assert sound.level(0.2, 2.3) > 0.1, "the cut clip sounds to its end"


async def test_ten_clips_with_title_and_fades_stay_below_a_minute(cut: Cut, tmp_path: Path) -> None:
    clip = cut(seconds=12.0, width=160, height=90, fps=12)
    whole = await reel(
        [clip] * MOST,
        tmp_path / "reel.mp4",
        captions=[caption(place) for place in range(1, MOST + 1)],
        cap=longest(MOST),
        title="Best of the week · 16–22 Nov",
        fade=True,
    )
    with av.open(str(whole), "r") as container:
        assert container.duration is not None
        assert 50 < container.duration / av.time_base <= REEL_SECONDS


async def test_without_captions_and_short_enough_clips_are_copied(cut: Cut, tmp_path: Path) -> None:
    clip = cut(seconds=2.0)
    whole = await reel([clip, clip], tmp_path / "whole.mp4", captions=[], cap=8.0)
    once = [packet.data for packet in packets(clip, "video")]
    assert [packet.data for packet in packets(whole, "video")] == once * 2


@pytest.mark.parametrize("size", [Size(1280, 720), Size(720, 1280), Size(64, 48), Size(16, 16)], ids=str)
@pytest.mark.parametrize(
    "name",
    [
        "夜猫子",
        "",
        "\u202e\u0000\u200b",
        "W" * 500,
        "🦊🦊🦊",
        "Zalgo " + "e\u0301\u0316\u0317" * 60,
        "a\nb\r\n@everyone https://example.org",
    ],
    ids=["chinese", "none", "invisible", "endless", "emoji", "zalgo", "lines"],
)
def test_no_name_breaks_a_picture(name: str, size: Size) -> None:
    grey = np.full((size.height, size.width, 3), GROUND, np.uint8)
    frame = av.VideoFrame.from_ndarray(grey, format="rgb24").reformat(format="yuv420p")
    before = frame.to_ndarray().copy()
    sign = Sign(caption(10, name), size)
    signed = sign.on(frame, Fraction(1), Fraction(5))
    assert (signed.width, signed.height) == (size.width, size.height)
    assert int(np.ptp(signed.to_ndarray()[: size.height])) > 40, "at least the place stands there"
    assert np.array_equal(frame.to_ndarray(), before), "a picture that is shown again stays as it was"
    assert sign.on(frame, Fraction(4), Fraction(5)) is frame


def test_a_title_in_two_lines_breaks_between_its_parts() -> None:
    first = av.VideoFrame.from_ndarray(np.zeros((360, 640, 3), np.uint8), format="rgb24")
    card = title_card("Best of the week · 16–22 Nov", first.reformat(format="yuv420p"))
    ink = card.reformat(format="gray").to_ndarray() > 150
    upper, lower = (np.flatnonzero(half.any(axis=0)) for half in (ink[:180], ink[180:]))
    wide, narrow = int(np.ptp(upper)), int(np.ptp(lower))
    assert narrow > wide * 0.5, "the last word does not stand alone"
    assert abs((upper[0] + upper[-1]) - (lower[0] + lower[-1])) < 12, "both in the middle, without the dot"

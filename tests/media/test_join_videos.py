"""Joining real videos in a real child process."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bot.domain.errors import CannotFit
from bot.media.child import Allowance
from bot.media.join import join
from bot.media.mp4 import check_mp4
from tests.media.children import children_running
from tests.media.filming import Film, film, greys, heard, mean_colour, packets, pictures

MIB = 1 << 20
BLUE, GREEN, RED = (70, 110, 160), (70, 150, 90), (170, 90, 80)
FRAME = 1024 / 44_100

Cut = Callable[..., Path]


def silent(_percent: int) -> None:
    """Take the progress and do nothing."""


@pytest.fixture(scope="session")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Cut:
    """Return a maker of clips, called with fields of `Film`; the same one is filmed once."""
    folder = tmp_path_factory.mktemp("films")
    made: dict[Film, Path] = {}

    def make(**fields: object) -> Path:
        shot = replace(Film(), **fields)  # type: ignore[arg-type]
        if shot not in made:
            made[shot] = film(folder / f"{len(made)}.{shot.container}", shot)
        return made[shot]

    return make


async def joined(
    sources: list[Path], target: Path, *, fade: bool = False, title: str | None = None, limit: int = 50 * MIB
) -> Path:
    """Join, and check what holds for every joined video."""
    percents: list[int] = []
    await join(sources, target, fade=fade, title=title, limit=limit, progress=percents.append)
    assert percents == sorted(set(percents))
    assert percents[-1] == 100
    assert check_mp4(target).faststart
    assert target.stat().st_size <= limit
    assert not list(target.parent.glob("*.part*"))
    for kind in ("video", "audio"):
        found = packets(target, kind) if kind == "video" or has_sound(target) else []
        assert all(before.dts < after.dts for before, after in pairwise(found)), kind
        assert all(packet.dts <= packet.pts for packet in found), kind
    return target


def has_sound(path: Path) -> bool:
    import av

    with path.open("rb") as file, av.open(file, "r") as container:
        return bool(container.streams.audio)


def times(path: Path) -> list[Fraction]:
    """Return when each picture is shown."""
    shown = [(frame.pts, frame.time_base) for frame in pictures(path)]
    return [pts * tick for pts, tick in shown if pts is not None and tick is not None]


def assert_steady(path: Path, *, fps: int, seconds: float) -> None:
    """No picture is missing, doubled or black, up to the end."""
    shown = times(path)
    assert shown[0] == 0
    assert all(after - before == pytest.approx(1 / fps, abs=0.001) for before, after in pairwise(shown))
    assert float(shown[-1]) + 1 / fps == pytest.approx(seconds, abs=0.05)
    grey = greys(path)
    assert grey.mean(axis=(1, 2)).min() > 50


def assert_moving(path: Path, seams: list[int], every: int = 1) -> None:
    """Around each seam the picture has changed after so many pictures."""
    grey = greys(path)
    for seam in seams:
        for index in range(seam - 6, seam + 6):
            assert np.abs(grey[index] - grey[index - every]).max() > 15, f"picture {index} stands still"


@pytest.mark.parametrize("bframes", [0, 2])
async def test_clips_that_match_are_copied_to_the_last_bit(cut: Cut, tmp_path: Path, bframes: int) -> None:
    clips = [cut(ground=ground, tone=440, bframes=bframes) for ground in (BLUE, GREEN, RED)]
    whole = await joined(clips, tmp_path / "whole.mp4")
    assert [packet.data for packet in packets(whole, "video")] == [
        packet.data for clip in clips for packet in packets(clip, "video")
    ]
    copied = {packet.data for clip in clips for packet in packets(clip, "audio")}
    assert {packet.data for packet in packets(whole, "audio")} <= copied
    assert_steady(whole, fps=24, seconds=6.0)
    assert_moving(whole, [48, 96])
    before = [picture for clip in clips for picture in greys(clip)]
    assert all(np.array_equal(old, new) for old, new in zip(before, greys(whole), strict=True))


async def test_copied_sound_goes_on_over_the_seams(cut: Cut, tmp_path: Path) -> None:
    grounds = {440: BLUE, 880: GREEN, 660: RED}
    clips = [cut(ground=ground, seconds=2.5, tone=tone) for tone, ground in grounds.items()]
    whole = await joined(clips, tmp_path / "whole.mp4")
    steps = {after.pts - before.pts for before, after in pairwise(packets(whole, "audio"))}
    assert steps == {1024}
    sound = heard(whole)
    assert sound.widest_hole < 0.001
    assert len(sound.samples) / sound.rate == pytest.approx(7.5, abs=2 * FRAME)
    for seam in (2.5, 5.0):
        # A source's last block may fall silent where its sound ends, and the next one swells: within a block.
        windows = np.arange(seam - 0.1, seam + 0.1, 0.005)
        assert min(sound.level(at, at + FRAME) for at in windows) > 0.08, "silence at the seam"
    for begin, tone in ((0.0, 440), (2.5, 880), (5.0, 660)):
        assert sound.tone(begin + 0.03, begin + 0.25) == pytest.approx(tone, abs=4)
        assert sound.tone(begin + 2.25, begin + 2.47) == pytest.approx(tone, abs=4)


async def test_many_copied_clips_stay_in_time(cut: Cut, tmp_path: Path) -> None:
    """Ten seams, each of which could cost half a block: they do not add up."""
    clips = [cut(seconds=1.3, ground=BLUE, tone=tone) for tone in (440, 880)] * 5
    whole = await joined(clips, tmp_path / "whole.mp4")
    sound = heard(whole)
    assert sound.widest_hole < 0.001
    length = float(times(whole)[-1]) + 1 / 24
    one = round(1.3 * 24) / 24
    assert length == pytest.approx(10 * one, abs=0.01)
    for number in range(10):
        begin = number * one
        assert sound.tone(begin + 0.04, begin + 0.2) == pytest.approx((440, 880)[number % 2], abs=5)
        assert sound.tone(begin + one - 0.2, begin + one - 0.04) == pytest.approx(
            (440, 880)[number % 2], abs=5
        )


@pytest.mark.parametrize(
    "other",
    [{"rate": 0}, {"rate": 48_000}, {"layout": "stereo"}, {"heard": 0.8}],
    ids=["silent", "48 kHz", "stereo", "sound ends early"],
)
async def test_where_only_the_sound_differs_the_pictures_are_copied(
    cut: Cut, tmp_path: Path, other: dict[str, object]
) -> None:
    clips = [cut(), cut(ground=GREEN, tone=880.0, **other), cut(ground=RED, tone=660.0)]
    whole = await joined(clips, tmp_path / "whole.mp4")
    assert [packet.data for packet in packets(whole, "video")] == [
        packet.data for clip in clips for packet in packets(clip, "video")
    ]
    assert_steady(whole, fps=24, seconds=6.0)
    sound = heard(whole)
    assert sound.widest_hole < 0.001
    assert len(sound.samples) / sound.rate == pytest.approx(6.0, abs=0.05)
    assert sound.rate == (48_000 if other == {"rate": 48_000} else 44_100)
    assert sound.tone(1.75, 1.98) == pytest.approx(440, abs=4)
    assert sound.tone(4.02, 4.25) == pytest.approx(660, abs=4)
    if other == {"rate": 0}:
        assert sound.level(2.05, 3.95) < 0.01
    else:
        assert sound.tone(2.02, 2.25) == pytest.approx(880, abs=4)
    if other == {"heard": 0.8}:
        assert sound.level(3.7, 3.95) < 0.01


@pytest.mark.parametrize(
    "other",
    [
        {"width": 480, "height": 270},
        {"width": 180, "height": 320},
        {"fps": 30},
        {"fps": 12},
        {"pix_fmt": "yuv444p"},
        {"codec": "libvpx-vp9", "container": "webm", "rate": 48_000},
        {"bframes": 3, "fps": 25},
    ],
    ids=["larger", "upright", "30 fps", "12 fps", "4:4:4", "VP9", "25 fps with B-frames"],
)
async def test_clips_of_other_kinds_are_encoded_into_one(
    cut: Cut, tmp_path: Path, other: dict[str, object]
) -> None:
    clips = [cut(), cut(ground=GREEN, tone=880.0, **other), cut(ground=RED, tone=660.0)]
    whole = await joined(clips, tmp_path / "whole.mp4")
    shown = list(pictures(whole))
    assert {(frame.width, frame.height, frame.format.name) for frame in shown} == {(320, 180, "yuv420p")}
    upright = other.get("height") == 320
    if not upright:  # else there is black beside it
        assert_steady(whole, fps=24, seconds=6.0)
    assert_moving(whole, [48, 96], every=2 if other.get("fps") == 12 else 1)
    for at, ground in ((40, BLUE), (47, BLUE), (48, GREEN), (60, GREEN), (95, GREEN), (96, RED), (120, RED)):
        assert mean_colour(shown[at]) == pytest.approx(ground, abs=9), at
    sound = heard(whole)
    assert sound.widest_hole < 0.001
    assert [round(sound.tone(at, at + 0.22) / 20) for at in (0.03, 1.75, 2.03, 3.75, 4.03, 5.7)] == [
        22, 22, 44, 44, 33, 33
    ]  # fmt: skip


async def test_clips_without_sound_make_a_silent_video(cut: Cut, tmp_path: Path) -> None:
    whole = await joined([cut(rate=0), cut(rate=0, ground=GREEN)], tmp_path / "whole.mp4")
    assert not has_sound(whole)
    assert_steady(whole, fps=24, seconds=4.0)


async def test_a_fade_blends_pictures_and_sound(cut: Cut, tmp_path: Path) -> None:
    clips = [cut(), cut(ground=GREEN, tone=880.0), cut(ground=RED, tone=660.0)]
    whole = await joined(clips, tmp_path / "whole.mp4", fade=True)
    assert_steady(whole, fps=24, seconds=5.0)
    shown = list(pictures(whole))
    half = [(a + b) / 2 for a, b in zip(BLUE, GREEN, strict=True)]
    assert mean_colour(shown[35]) == pytest.approx(BLUE, abs=9)
    assert mean_colour(shown[42]) == pytest.approx(half, abs=8)
    assert mean_colour(shown[48]) == pytest.approx(GREEN, abs=9)
    sound = heard(whole)
    assert sound.widest_hole < 0.001
    assert min(sound.level(at, at + 0.02) for at in np.arange(0.1, 4.9, 0.02)) > 0.15
    assert len(sound.samples) / sound.rate == pytest.approx(5.0, abs=0.05)


async def test_a_title_stands_first_for_two_seconds(cut: Cut, tmp_path: Path) -> None:
    whole = await joined([cut(), cut(ground=GREEN)], tmp_path / "whole.mp4", title="红狐 The fox 🦊")
    shown = list(pictures(whole))
    assert len(shown) == 48 + 96
    grey = greys(whole)
    assert grey[0].max() > 200, "white letters"
    assert np.median(grey[0]) < np.median(grey[48]) * 0.7, "on a dark ground"
    assert np.abs(grey[0] - grey[30]).mean() < 2
    assert mean_colour(shown[48]) == pytest.approx(BLUE, abs=9)
    sound = heard(whole)
    assert sound.level(0, 1.95) < 0.01
    assert sound.level(2.05, 5.95) > 0.2


async def test_a_title_without_a_letter_that_can_be_drawn_is_a_plain_card(cut: Cut, tmp_path: Path) -> None:
    whole = await joined([cut()], tmp_path / "whole.mp4", title="🦊")
    assert len(list(pictures(whole))) == 96


async def test_short_clips_fade_within_their_length(cut: Cut, tmp_path: Path) -> None:
    clips = [cut(seconds=0.5), cut(seconds=0.5, ground=GREEN), cut(seconds=0.5, ground=RED)]
    whole = await joined(clips, tmp_path / "whole.mp4", fade=True)
    assert_steady(whole, fps=24, seconds=1.0)


async def test_a_limit_below_the_copy_has_it_encoded(cut: Cut, tmp_path: Path) -> None:
    clips = [cut(grain=12.0), cut(grain=12.0, ground=GREEN)]
    limit = sum(clip.stat().st_size for clip in clips) * 2 // 3
    whole = await joined(clips, tmp_path / "whole.mp4", limit=limit)
    assert_steady(whole, fps=24, seconds=4.0)


@pytest.mark.parametrize("limit", [0, 2000])
async def test_a_limit_below_the_watchable_leaves_nothing(cut: Cut, tmp_path: Path, limit: int) -> None:
    with pytest.raises(CannotFit):
        await joined([cut(), cut(ground=GREEN)], tmp_path / "whole.mp4", limit=limit)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"no video", b"\0" * 100_000, None, b"ffconcat version 1.0\nfile a.mp4\n"]
)
async def test_what_is_no_video_cannot_be_joined(cut: Cut, tmp_path: Path, content: bytes | None) -> None:
    bad, out = tmp_path / "bad.mp4", tmp_path / "out"
    out.mkdir()
    if content is not None:
        bad.write_bytes(content)
    (tmp_path / "a.mp4").write_bytes(cut().read_bytes())
    with pytest.raises(CannotFit):
        await join([cut(), bad], out / "whole.mp4", fade=False, title=None, limit=MIB, progress=silent)
    assert list(out.iterdir()) == []


async def test_nothing_joined_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(CannotFit, match="nothing"):
        await join([], tmp_path / "whole.mp4", fade=False, title=None, limit=MIB, progress=silent)


async def test_a_clip_that_claims_hours_is_refused(cut: Cut, tmp_path: Path) -> None:
    endless = cut(seconds=1, last_at=90_000.0)
    with pytest.raises(CannotFit, match="would last"):
        await join(
            [cut(), endless], tmp_path / "whole.mp4", fade=True, title=None, limit=MIB, progress=silent
        )


async def test_a_child_that_takes_too_long_is_ended(cut: Cut, tmp_path: Path) -> None:
    with pytest.raises(CannotFit, match="too long"):
        await join(
            [cut(), cut()],
            tmp_path / "whole.mp4",
            fade=True,
            title=None,
            limit=MIB,
            progress=silent,
            allowance=Allowance(start=0),
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_cancelling_leaves_no_process_and_no_file(cut: Cut, tmp_path: Path) -> None:
    moving = asyncio.Event()
    clips = [cut(seconds=8.0, width=1280, height=720)] * 6
    task = asyncio.create_task(
        join(
            clips,
            tmp_path / "whole.mp4",
            fade=True,
            title=None,
            limit=50 * MIB,
            progress=lambda _percent: moving.set(),
        )
    )
    async with asyncio.timeout(60):
        await moving.wait()
    assert children_running("join_process")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children_running("join_process") == []
    assert list(tmp_path.iterdir()) == []

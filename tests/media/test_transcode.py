"""The encode itself, in this process: what the child does with figures that turn out wrong."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import CannotFit
from bot.domain.video import Size
from bot.media.plan import Footage
from bot.media.transcode import read_footage, transcode

MIB = 1 << 20


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy.mp4"


def test_the_figures_of_a_clip_are_read(clip: Path) -> None:
    footage = read_footage(clip)
    assert footage.audio_rate == pytest.approx(64_000, rel=0.1)
    assert replace(footage, audio_rate=None) == Footage(
        seconds=4.0, fps=24.0, size=Size(640, 360), audio_is_aac=True
    )


def test_a_silent_film_has_no_audio_rate(make_clip: Callable[..., Path]) -> None:
    footage = read_footage(make_clip(seconds=1, width=64, height=48, audio_rate=0))
    assert (footage.audio_rate, footage.audio_is_aac) == (None, False)


def test_a_video_longer_than_it_says_is_tried_again_with_less(clip: Path, copy: Path) -> None:
    footage = read_footage(clip)
    percents = list[int]()
    transcode(clip, copy, MIB, footage=replace(footage, seconds=3.5), report=percents.append)
    assert copy.stat().st_size <= MIB
    assert percents != sorted(percents)  # a second attempt starts anew


def test_five_attempts_are_enough(clip: Path, copy: Path) -> None:
    footage = read_footage(clip)
    with pytest.raises(CannotFit, match="5 attempts"):
        transcode(clip, copy, MIB, footage=replace(footage, seconds=1.0), report=lambda percent: None)


def test_an_attempt_over_the_limit_ends_early(clip: Path, copy: Path) -> None:
    percents = list[int]()
    footage = read_footage(clip)
    with pytest.raises(CannotFit):
        transcode(clip, copy, MIB // 2, footage=replace(footage, seconds=0.4), report=percents.append)
    # By its claimed length it would report 99 percent for most of each attempt's 96 frames.
    assert len(percents) < 5 * 96 // 10
    assert copy.stat().st_size < 2 * MIB


def test_a_video_within_the_limit_keeps_its_pictures(small_clip: Path, copy: Path) -> None:
    footage = read_footage(small_clip)
    transcode(small_clip, copy, MIB, footage=footage, report=lambda percent: None)
    assert read_footage(copy) == footage

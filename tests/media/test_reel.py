"""How clips go together, decided by their figures."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.domain.video import Size
from bot.media.reel import Reel, Sound, splice

BLOCK = Fraction(1024, 44_100)
SOUND = Sound(
    kind=("aac",),
    copyable=True,
    rate=44_100,
    channels=1,
    begin=-BLOCK,
    end=Fraction(8),
    block=BLOCK,
    tick=Fraction(1, 44_100),
)
REEL = Reel(
    kind=("h264",),
    copyable=True,
    size=Size(1280, 720),
    fps=Fraction(24),
    tick=Fraction(1, 12_288),
    start=Fraction(0),
    seconds=Fraction(8),
    sound=SOUND,
)


def test_equal_clips_are_copied_one_after_the_other() -> None:
    whole = splice([REEL, replace(REEL, seconds=Fraction(12)), REEL], fade=False, title=False)
    assert whole.copy_picture
    assert whole.begins == (Fraction(0), Fraction(8), Fraction(20))
    assert whole.seconds == 28


def test_sound_that_ends_early_is_no_reason_to_encode_pictures() -> None:
    short = replace(REEL, sound=replace(SOUND, end=Fraction(7)))
    assert splice([REEL, REEL], fade=False, title=False).copy_sound
    whole = splice([short, REEL], fade=False, title=False)
    assert (whole.copy_picture, whole.copy_sound) == (True, False)
    assert splice([REEL, short], fade=False, title=False).copy_sound, "at the very end it leaves no hole"


@pytest.mark.parametrize(
    "other",
    [
        replace(REEL, kind=("h264", "other extradata")),
        replace(REEL, copyable=False),
    ],
)
def test_one_that_differs_has_all_encoded(other: Reel) -> None:
    whole = splice([REEL, other, REEL], fade=False, title=False)
    assert (whole.copy_picture, whole.copy_sound) == (False, True)


def test_what_most_have_is_taken_and_of_equals_the_first() -> None:
    small = replace(REEL, size=Size(640, 360), fps=Fraction(30))
    assert splice([small, REEL, REEL], fade=True, title=False).size == Size(1280, 720)
    whole = splice([small, REEL], fade=True, title=False)
    assert (whole.size, whole.fps) == (Size(640, 360), Fraction(30))
    fast = replace(REEL, fps=Fraction(120))
    assert splice([fast], fade=False, title=True).fps == 60


def test_fades_shorten_and_a_title_lengthens() -> None:
    whole = splice([REEL] * 3, fade=True, title=True)
    assert whole.begins == (Fraction(2), Fraction(19, 2), Fraction(17))
    assert whole.seconds == 2 + 24 - 1
    assert not whole.copy_picture
    assert not whole.copy_sound
    assert splice([REEL], fade=True, title=False).seconds == 8


def test_encoded_lengths_are_whole_pictures() -> None:
    odd = replace(REEL, seconds=Fraction("8.017"), copyable=False)
    whole = splice([odd] * 10, fade=False, title=False)
    assert all((begin * 24).denominator == 1 for begin in whole.begins)
    assert float(whole.seconds) == pytest.approx(80.17, abs=0.25)


@pytest.mark.parametrize(
    ("sounds", "rate", "channels"),
    [
        ([None, None], 44_100, 0),
        ([SOUND, None], 44_100, 1),
        ([SOUND, replace(SOUND, rate=48_000, channels=6)], 48_000, 2),
        ([replace(SOUND, rate=22_050)], 44_100, 1),
    ],
)
def test_the_best_sound_sets_the_format(sounds: list[Sound | None], rate: int, channels: int) -> None:
    whole = splice([replace(REEL, sound=sound) for sound in sounds], fade=False, title=True)
    assert (whole.rate, whole.channels) == (rate, channels)

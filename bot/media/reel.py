"""Reels: what matters of a clip that is to be joined, and how clips go together. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from bot.domain.video import Size

FADE = Fraction(1, 2)
"""Seconds that one clip takes to become the next."""
TITLE = 2
"""Seconds that a title stands."""
_T = TypeVar("_T")

_FASTEST = 60  # frames a second
_RATES = (44_100, 48_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The sound of a clip. `kind` is equal where packets of two clips can stand in one track.

    `begin` and `end` are seconds after the first picture; `block` is the length of one packet. `tick` is the
    unit of the packets' times, in seconds.
    """

    kind: tuple[object, ...]
    copyable: bool
    rate: int
    channels: int
    begin: Fraction
    end: Fraction
    block: Fraction
    tick: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """One clip. `kind` is equal where packets of two clips can stand in one track.

    `start` is when its first picture is shown on the clip's own clock, `seconds` how long its pictures last;
    `size` is that of square pixels. `tick` is the unit of the packets' times, in seconds.
    """

    kind: tuple[object, ...]
    copyable: bool
    size: Size
    fps: Fraction
    tick: Fraction
    start: Fraction
    seconds: Fraction
    sound: Sound | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Splice:
    """How clips go together. `begins` and `lengths` are in seconds of the whole, one a clip.

    `rate` is the sound's, in Hz; with 0 channels there is none. `fade` is in seconds.
    """

    copy_picture: bool
    copy_sound: bool
    size: Size
    fps: Fraction
    rate: int
    channels: int
    fade: Fraction
    begins: tuple[Fraction, ...]
    lengths: tuple[Fraction, ...]

    @property
    def seconds(self) -> Fraction:
        """How long the whole is."""
        return self.begins[-1] + self.lengths[-1]


def splice(
    reels: Sequence[Reel],
    *,
    fade: bool,
    title: bool,
    captioned: bool = False,
    longest: Fraction | None = None,
    may_copy: bool = True,
) -> Splice:
    """Decide how the clips become one: as they are where they match, else encoded anew.

    Of each clip at most the first `longest` seconds are shown. `may_copy` False has the pictures encoded in
    any case.
    """
    shown = [reel.seconds if longest is None else min(reel.seconds, longest) for reel in reels]
    whole = all(length == reel.seconds for length, reel in zip(shown, reels, strict=True))
    as_they_are = not fade and not title and not captioned and whole
    copy_picture = (
        may_copy and as_they_are and all(reel.copyable and reel.kind == reels[0].kind for reel in reels)
    )
    fps = min(_most_common([reel.fps for reel in reels]), Fraction(_FASTEST))
    lengths = [length if copy_picture else _whole_frames(length, fps) for length in shown]
    overlap = _whole_frames(min(FADE, min(lengths) / 2), fps) if fade and len(reels) > 1 else Fraction(0)
    begins = [Fraction(TITLE if title else 0)]
    for length in lengths[:-1]:
        begins.append(begins[-1] + length - overlap)
    sounds = [reel.sound for reel in reels if reel.sound is not None]
    return Splice(
        copy_picture=copy_picture,
        copy_sound=as_they_are and _sound_matches(reels),
        size=_most_common([reel.size for reel in reels]),
        fps=fps,
        rate=_RATES[any(sound.rate > _RATES[0] for sound in sounds)],
        channels=min(2, max((sound.channels for sound in sounds), default=0)),
        fade=overlap,
        begins=tuple(begins),
        lengths=tuple(lengths),
    )


def plain(ratio: Fraction) -> Fraction | int:
    """Return a whole number as an int: there are thousands of packets, and fractions are slow."""
    return ratio.numerator if ratio.denominator == 1 else ratio


def _whole_frames(seconds: Fraction, fps: Fraction) -> Fraction:
    return max(1, round(seconds * fps)) / fps


def _most_common(values: Sequence[_T]) -> _T:
    """Return what most have; of equals the first, since the first clip sets the tone."""
    return Counter(values).most_common(1)[0][0]


def _sound_matches(reels: Sequence[Reel]) -> bool:
    """Say whether the sound tracks can stand one after the other without a hole."""
    first = reels[0].sound
    return first is not None and all(
        reel.sound is not None
        and reel.sound.copyable
        and reel.sound.kind == first.kind
        and reel.sound.begin <= first.block
        and (reel is reels[-1] or reel.sound.end >= reel.seconds - first.block)
        for reel in reels
    )

"""What a picture of figures shows, in words and numbers; how it looks is the business of `bot.media`."""

import colorsys
from dataclasses import dataclass

Colour = tuple[int, int, int]
"""Red, green, blue, each 0 to 255."""
_SPREAD = 0x9E3779B97F4A7C15
"""2**64 over the golden ratio: multiplied by it, neighbours fall far apart (Fibonacci hashing)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A figure with its name in front and `note` behind; `low` and `high` are the ends of its interval.

    Pale ones stand on too little to be believed.
    """

    label: str
    value: float
    note: str
    low: float | None = None
    high: float | None = None
    pale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars from 0 to `most`, from top to bottom; `more` is the line below, about those that are left out."""

    title: str
    bars: tuple[Bar, ...]
    most: float = 1.0
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A moment: its figure, if there is one, and how much it stands on."""

    label: str
    value: float | None
    volume: int
    pale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A line over time from 0 to `most` above columns of volume.

    `ticks` names heights of the line, `caption` says what the columns are.
    """

    title: str
    points: tuple[Point, ...]
    most: float = 1.0
    ticks: tuple[tuple[float, str], ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A list of words."""

    title: str
    lines: tuple[str, ...]


Panel = Bars | Course | Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of panels: rows of one, or of two beside each other."""

    title: str
    subtitle: str = ""
    accent: Colour
    rows: tuple[tuple[Panel, ...], ...]
    footnote: str = ""


def accent_of(guild_id: int) -> Colour:
    """Return the server's colour: always the same, and light enough on a dark ground."""
    hue = (guild_id * _SPREAD % 2**64) / 2**64
    # Blues look darker than others of the same lightness.
    lightness = 0.74 if 0.58 <= hue <= 0.8 else 0.66
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, 0.72)
    return round(red * 255), round(green * 255), round(blue * 255)

"""Votes by emoji: a server's scale, and what one vote is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

BEST = 100
"""The value of the best vote; the worst is 0, so that scales of all styles compare."""
APPROVES = 50
"""A vote above this is for the video, one below against it."""


class RatingStyle(StrEnum):
    """How a server rates; the value is what the database holds."""

    THUMBS = "thumbs"
    STARS = "stars"
    OWN = "own"


THUMBS: Mapping[str, int] = MappingProxyType({"👍": BEST, "👎": 0})
STARS: Mapping[str, int] = MappingProxyType(
    {"1\ufe0f\u20e3": 0, "2\ufe0f\u20e3": 25, "3\ufe0f\u20e3": 50, "4\ufe0f\u20e3": 75, "5\ufe0f\u20e3": BEST}
)


def plain(emoji: str) -> str:
    """Return the emoji without skin tone and presentation, so that the same one is written one way only.

    An emoji of a server (`<:name:id>`, `<a:name:id>`) is its id: a new name changes nothing.
    """
    if emoji.startswith("<") and emoji.endswith(">") and emoji.count(":") == 2:
        return emoji[:-1].rpartition(":")[2]
    return "".join(sign for sign in emoji if sign not in "\ufe0f🏻🏼🏽🏾🏿")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The emoji that the bot adds, in order, with what each counts: 0 to `BEST`."""

    style: RatingStyle = RatingStyle.THUMBS
    values: Mapping[str, int] = field(default_factory=lambda: THUMBS)

    def value(self, emoji: str) -> int | None:
        """Read an emoji as a vote; others are none."""
        wanted = plain(emoji)
        return next((value for own, value in self.values.items() if plain(own) == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The votes that count on one video: how many people, and the sum of their values.

    `by_value` and `by_emoji` (plain) say how many people voted so.
    """

    people: int = 0
    total: int = 0
    by_value: Mapping[int, int] = field(default_factory=dict)
    by_emoji: Mapping[str, int] = field(default_factory=dict)

    @property
    def approval(self) -> float | None:
        """Return the mean vote, 0 to 1; None without votes."""
        return self.total / (BEST * self.people) if self.people else None

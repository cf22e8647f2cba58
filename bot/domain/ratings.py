"""Votes by emoji: one a person and video."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

VOTES: Mapping[str, int] = MappingProxyType({"👍": 1, "👎": -1})
"""The emoji that the bot adds, in order, and what each counts."""


def vote_value(emoji: str) -> int | None:
    """Read an emoji as a vote; skin tones count as the plain hand, other emoji not at all."""
    return VOTES.get(emoji.rstrip("\ufe0f🏻🏼🏽🏾🏿"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many people voted for and against."""

    up: int = 0
    down: int = 0

"""What a button of a comparison does; the value stands in its id, so it is never renamed."""

from enum import StrEnum


class ComparisonVerb(StrEnum):
    """The middle part of `reelbot-compare:<verb>:<comparison>`."""

    A = "a"
    B = "b"
    END = "end"

"""Where a video comes from: which one it was made from, and which board it is a clip of."""

from dataclasses import dataclass
from enum import StrEnum


class Relation(StrEnum):
    """What a video is to its parent; the value is what the database holds."""

    AGAIN = "again"
    VARIATION = "variation"
    STYLE = "style"
    REMIX = "remix"
    CONTINUATION = "continuation"
    SCENE = "scene"
    REFINEMENT = "refinement"
    JOIN = "join"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The parent's job id, and the place in a board: `clip` counts from 1, 0 is the board's joined video."""

    parent: str | None = None
    relation: Relation | None = None
    board: str | None = None
    clip: int | None = None


NEW = Origin()
"""A video of its own."""

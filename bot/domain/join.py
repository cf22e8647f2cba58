"""How clips become one video."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What members thought of a clip when it was chosen for a reel: approval 0 to 1, and of how many."""

    approval: float
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What stands in a clip for its first seconds: its place, whose it is, and a line of facts."""

    place: int
    name: str
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A video to be made of others.

    `sources` are job ids in order. `fade` blends each clip into the next instead of a cut; a `title` is shown
    for two seconds first. A reel has `scores`, one a source, the best first: its clips are captioned, and
    `left_out` are the job ids that would be in it if they were kept. No clip lasts longer than `longest`
    seconds.
    """

    sources: tuple[str, ...]
    fade: bool = False
    title: str | None = None
    scores: tuple[Score, ...] = ()
    left_out: tuple[str, ...] = ()
    longest: float | None = None

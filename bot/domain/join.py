"""How clips become one video."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A video to be made of others.

    `sources` are job ids in order. `fade` blends each clip into the next instead of a cut; a `title` is shown
    for two seconds first.
    """

    sources: tuple[str, ...]
    fade: bool = False
    title: str | None = None

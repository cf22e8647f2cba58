"""The emoji that one person holds under one video, and which of them is the vote. Pure.

The rule: all vote emoji that a person holds are kept, each with what it was worth when it was given, and the
one given last is the vote. Taking that one back makes the one before it the vote again. An emoji is worth
what the server's scale says at that moment; one of an earlier scale keeps what it is worth on this video
already, and is nothing where nobody had given it before the scale changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

NORMAL, SUPER = 1, 2
"""The two kinds of reaction with one emoji; who gives both has one vote (bits, so that both are 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One emoji that a person holds. `value`: 0 to `BEST`, `at`: milliseconds, `held`: the kinds, as bits."""

    value: int
    at: int
    held: int = NORMAL


Held = Mapping[str, Vote]
"""What one person holds under one video, by plain emoji."""


def given(held: Held, emoji: str, *, value: int, at: int, kind: int) -> Held:
    """Return what is held once this was given too, as the newest even where the clock was set back."""
    before = held.get(emoji)
    kinds = kind if before is None else before.held | kind
    return {**held, emoji: Vote(value=value, at=_newest(held, at), held=kinds)}


def taken_back(held: Held, emoji: str, *, kind: int) -> Held:
    """Return what is held once this was taken back."""
    before = held.get(emoji)
    if before is None:
        return held
    others = {other: vote for other, vote in held.items() if other != emoji}
    kinds = before.held & ~kind
    return {**others, emoji: replace(before, held=kinds)} if kinds else others


def recounted(held: Held, shown: Mapping[str, int], values: Mapping[str, int], at: int) -> Held:
    """Return what is held by a message: plain emoji -> kinds.

    What stands keeps its value and time. What is new came while nobody listened, so it is newer than what
    stands; of several, whose order nobody knows, the last in the order of `values` is the vote.
    """
    after = {emoji: replace(vote, held=shown[emoji]) for emoji, vote in held.items() if emoji in shown}
    for emoji, value in values.items():
        if emoji in shown and emoji not in after:
            after[emoji] = Vote(value=value, at=_newest(after, at), held=shown[emoji])
    return after


def counting(held: Held) -> str | None:
    """Return the emoji that is the person's vote."""
    return max(held, key=lambda emoji: held[emoji].at) if held else None


def _newest(held: Held, at: int) -> int:
    return max([at, *(vote.at + 1 for vote in held.values())])

"""What is worth choosing on a server: how the looks, models and lengths of its videos were voted on."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from bot.domain.ratings import APPROVES, BEST
from bot.domain.trends import TOO_FEW
from bot.domain.video import VideoRequest
from bot.domain.wilson import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """Videos that were chosen alike, with their votes: how many, and the sum of their values (0 to 100).

    `model` is an address such as "house/model-1".
    """

    style: str | None
    model: str
    seconds: int
    votes: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one choice was voted on: so many votes, and the sum of their values (0 to 100)."""

    votes: int
    total: int

    @property
    def approval(self) -> float:
        """Return the mean vote, 0 to 1."""
        return self.total / (BEST * self.votes)

    @property
    def percent(self) -> int:
        """Return the approval as people read it."""
        return round(100 * self.approval)

    @property
    def lower(self) -> float:
        """Return what the approval is at least, by Wilson's interval: few votes promise little."""
        return wilson(self.total / BEST, self.votes)[0]

    @property
    def liked(self) -> bool:
        """Say whether it is liked more than not."""
        return self.total > APPROVES * self.votes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """What has enough votes to say something; models go by address."""

    styles: Mapping[str, Standing] = field(default_factory=dict)
    models: Mapping[str, Standing] = field(default_factory=dict)
    seconds: Mapping[int, Standing] = field(default_factory=dict)


NONE = Standings()
"""Nothing is known."""


class Trait(StrEnum):
    """What of a video was chosen."""

    STYLE = "style"
    MODEL = "model"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """How one of the things that a video was made with was voted on."""

    trait: Trait
    standing: Standing


Choice = TypeVar("Choice", bound=Hashable)
Value = TypeVar("Value")


def standings(voted: Iterable[Voted]) -> Standings:
    """Add up the votes by each choice, and leave out what has too few."""
    rows = list(voted)
    return Standings(
        styles=_added((row.style, row) for row in rows if row.style is not None),
        models=_added((row.model, row) for row in rows),
        seconds=_added((row.seconds, row) for row in rows),
    )


def best_first(values: Iterable[Value], standing: Callable[[Value], Standing | None]) -> list[Value]:
    """Return what is liked first, the surest first, then the rest in their order.

    What has too few votes and what is disliked stays where it was: to be known is no reason to be offered.
    """

    def rank(value: Value) -> float:
        known = standing(value)
        return -known.lower if known is not None and known.liked else 0.0

    return sorted(values, key=rank)


def hint(request: VideoRequest, model: str, known: Standings) -> Hint | None:
    """Return how a video's look was voted on, else its model (an address), else its length."""
    if request.join is not None:
        return None
    found = [
        (Trait.STYLE, known.styles.get(request.style or "")),
        (Trait.MODEL, known.models.get(model)),
        (Trait.SECONDS, known.seconds.get(request.seconds)),
    ]
    hints = (Hint(trait=trait, standing=standing) for trait, standing in found if standing is not None)
    return next(hints, None)


def _added(rows: Iterable[tuple[Choice, Voted]]) -> Mapping[Choice, Standing]:
    votes: dict[Choice, int] = {}
    total: dict[Choice, int] = {}
    for choice, row in rows:
        votes[choice] = votes.get(choice, 0) + row.votes
        total[choice] = total.get(choice, 0) + row.total
    return {
        choice: Standing(votes=count, total=total[choice])
        for choice, count in votes.items()
        if count >= TOO_FEW
    }

"""Blind comparisons: two videos side by side, votes, and what they tell about style and model."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from bot.domain.job import Job, JobId, Place, Venue
from bot.domain.origin import Relation
from bot.domain.states import JobState

ComparisonId = NewType("ComparisonId", str)
"""The interaction's id, so that a redelivered event is the same comparison."""

ELSEWHERE = frozenset({Relation.SCENE, Relation.CONTINUATION, Relation.JOIN})
"""What these show is another moment than their relatives: comparable, but seldom what is meant."""
TAKES = frozenset({Relation.VARIATION, Relation.STYLE, Relation.REFINEMENT})


class Side(StrEnum):
    """The name that a video has while nobody may know which it is; the value stands in ids of buttons."""

    A = "a"
    B = "b"


class Facet(StrEnum):
    """What two videos may differ in."""

    PROMPT = "prompt"
    MODEL = "model"
    STYLE = "style"
    SIZE = "size"
    SECONDS = "seconds"
    SEED = "seed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One row. Times are milliseconds since 1970 UTC.

    `left` is shown as A, `right` as B. It ends with the `enough`th vote, at `ends_at`, or by a person:
    `revealed_at` then. `due_at` is when somebody must look at it next. `filled`: the videos stand in the
    message; `shown`: so does the end. `withdrawn`: a video was deleted, so none may be shown any more.
    """

    id: ComparisonId
    place: Place
    user_id: int
    left: JobId
    right: JobId
    enough: int
    ends_at: int
    created_at: int
    due_at: int
    locale: str = "en-US"
    filled: bool = False
    revealed_at: int | None = None
    shown: bool = False
    withdrawn: bool = False

    def video(self, side: Side) -> JobId:
        """Return which video has this name."""
        return self.left if side is Side.A else self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """How many people chose which side."""

    a: int = 0
    b: int = 0

    @property
    def winner(self) -> Side | None:
        """Return who has more; None for a tie."""
        if self.a == self.b:
            return None
        return Side.A if self.a > self.b else Side.B


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Votes of comparisons that have ended, as games: (chosen, not chosen) to how often.

    A vote is a game of styles only where both videos differ in it, and of models likewise; "" is no style.
    """

    styles: Mapping[tuple[str, str], int] = field(default_factory=dict)
    models: Mapping[tuple[str, str], int] = field(default_factory=dict)


def sides(key: ComparisonId, first: JobId, second: JobId) -> tuple[JobId, JobId]:
    """Shuffle the two: which is A follows from the comparison's id alone, so a repeat shuffles alike."""
    turned = hashlib.sha256(f"sides {key}".encode()).digest()[0] & 1
    return (second, first) if turned else (first, second)


def may_be_compared(job: Job, *, guild_id: int) -> bool:
    """Say whether the video stands on this server: one that only its author got is nobody else's."""
    delivered = job.state is JobState.DELIVERED and job.result is not None
    return delivered and job.place.guild_id == guild_id and job.venue is not Venue.DIRECT


def akin(job: Job, relatives: Iterable[Job]) -> list[Job]:
    """Sort relatives by how well they compare: other takes of it first, then by blood, then by time."""
    others = [other for other in relatives if other.id != job.id]
    return sorted(others, key=lambda other: (_distance(job, other), abs(other.created_at - job.created_at)))


def _distance(job: Job, other: Job) -> int:
    if {job.origin.relation, other.origin.relation} & ELSEWHERE:
        return 3
    if job.origin.board is not None and job.origin.board == other.origin.board:
        return 0 if other.origin.relation in TAKES else 2
    if job.origin.parent is not None and job.origin.parent == other.origin.parent:
        return 1
    return 2


def said(job: Job) -> str:
    """Return the member's own words, without those of an enhancer or a style."""
    return job.request.typed or job.request.prompt


def differing(left: Job, right: Job) -> list[Facet]:
    """Return in what two videos differ, as far as their requests tell."""
    one, two = left.request, right.request
    same = {
        # A style's words are told by its name.
        Facet.PROMPT: one.prompt == two.prompt or (one.style != two.style and said(left) == said(right)),
        Facet.MODEL: (left.provider, one.model) == (right.provider, two.model),
        Facet.STYLE: one.style == two.style,
        Facet.SIZE: one.size == two.size,
        Facet.SECONDS: one.seconds == two.seconds,
        Facet.SEED: one.seed == two.seed,
    }
    return [facet for facet, equal in same.items() if not equal]

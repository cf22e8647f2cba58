"""A board: clips that belong together, each an ordinary job, under one message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

from bot.domain.codes import Code
from bot.domain.job import JobId, Place
from bot.domain.origin import Relation

BoardId = NewType("BoardId", str)
"""The Discord interaction id, so that a redelivered event is the same board."""

JOINED = 0
"""The position of the video that the clips are joined to."""


class BoardKind(StrEnum):
    """What the clips are to each other; the value is what the database holds."""

    STORY = "story"
    LONGER = "longer"
    VARIATIONS = "variations"
    STYLES = "styles"
    REFINEMENT = "refinement"


class BoardState(StrEnum):
    """Where a board stands. A running one may wait for a person: see `Board.waits`."""

    PROPOSED = "proposed"
    RUNNING = "running"
    DONE = "done"


class ClipState(StrEnum):
    """Where a clip stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


ENDED_CLIPS = frozenset({ClipState.DONE, ClipState.FAILED, ClipState.SKIPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPlan:
    """What one clip shows. Size and model are the board's; `typed` is the text before it was enhanced.

    `picture` is the workspace's name of a picture as it was given. `parent` is the job that the clip is made
    from. `label` says in a word what is special about it, such as a style's name.
    """

    prompt: str
    seconds: int
    seed: int | None = None
    negative: str | None = None
    audio: bool | None = None
    style: str | None = None
    typed: str | None = None
    picture: str | None = None
    parent: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One clip. `attempt` counts its orders; `job_id` is the newest. `trouble`: why no job could be made."""

    position: int
    plan: ClipPlan
    state: ClipState = ClipState.PLANNED
    attempt: int = 0
    job_id: JobId | None = None
    trouble: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The parent row with its clips in order. Times are milliseconds since 1970 UTC.

    `chained`: a clip begins where the one before it ends. `joins`: the clips become one video, with a
    cross-fade (`fade`) and a title card (`title`) where asked for. `note` is the kind's own: JSON of what it
    must remember. `version` grows with every change; a write with an old one changes nothing. `due` says
    that somebody must look at it: to start what follows, or to show what has changed.
    """

    id: BoardId
    short_id: str
    kind: BoardKind
    user_id: int
    provider: str
    model: str
    size: str
    created_at: int
    clips: tuple[Clip, ...]
    place: Place | None = None
    locale: str = "en-US"
    state: BoardState = BoardState.PROPOSED
    title: str | None = None
    chained: bool = False
    joins: bool = False
    fade: bool = False
    joined: Clip | None = None
    note: str = ""
    finished_at: int | None = None
    due: bool = True
    version: int = 0

    @property
    def relation(self) -> Relation:
        """Return what a clip is to its parent."""
        return _RELATIONS[self.kind]

    @property
    def waits(self) -> bool:
        """Say whether nothing goes on until a person decides: a clip has failed and its place is needed."""
        busy = any(clip.state is ClipState.RUNNING for clip in self.every_clip)
        return self.state is BoardState.RUNNING and not busy and bool(self.failed)

    @property
    def every_clip(self) -> tuple[Clip, ...]:
        """Return the clips, and the joined video last."""
        return self.clips if self.joined is None else (*self.clips, self.joined)

    @property
    def failed(self) -> tuple[Clip, ...]:
        """Return the clips, or the join, that failed."""
        return tuple(clip for clip in self.every_clip if clip.state is ClipState.FAILED)

    @property
    def done(self) -> tuple[Clip, ...]:
        """Return the clips that are videos."""
        return tuple(clip for clip in self.clips if clip.state is ClipState.DONE)

    @property
    def seconds(self) -> int:
        """Add up the clips that are not left out."""
        return sum(clip.plan.seconds for clip in self.clips if clip.state is not ClipState.SKIPPED)

    def clip(self, position: int) -> Clip | None:
        """Return the clip at this position; 0 is the joined video."""
        return next((clip for clip in self.every_clip if clip.position == position), None)

    def with_clip(self, changed: Clip) -> "Board":
        """Return the board with this clip in the place of the earlier one."""
        if changed.position == JOINED:
            return replace(self, joined=changed)
        clips = tuple(changed if clip.position == changed.position else clip for clip in self.clips)
        return replace(self, clips=clips)


_RELATIONS = {
    BoardKind.STORY: Relation.SCENE,
    BoardKind.LONGER: Relation.CONTINUATION,
    BoardKind.VARIATIONS: Relation.VARIATION,
    BoardKind.STYLES: Relation.STYLE,
    BoardKind.REFINEMENT: Relation.REFINEMENT,
}


def clips_of(plans: Sequence[ClipPlan]) -> tuple[Clip, ...]:
    """Return the clips of a new board."""
    return tuple(Clip(position=number, plan=plan) for number, plan in enumerate(plans, 1))


def clip_job_id(board: Board, clip: Clip) -> JobId:
    """Name the clip's next order: the same for everybody who would make it, so that it is made once."""
    return JobId(f"{board.id}-{clip.position}-{clip.attempt + 1}")

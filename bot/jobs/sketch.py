"""A board as it is asked for, and what it will take."""

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain.board import Board, BoardKind, Clip, ClipPlan, ClipState
from bot.domain.job import JobId
from bot.domain.refinement import rounds_left
from bot.jobs.models import Models, Options, address
from bot.jobs.service import seed_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A board as it is asked for, unchecked. `model` and `size` as members type them, None for the usual."""

    kind: BoardKind
    clips: tuple[ClipPlan, ...]
    model: str | None = None
    size: str | None = None
    title: str | None = None
    chained: bool = False
    joins: bool = False
    fade: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What the clips that are still to be made take: `price` in dollars, None where nobody has said."""

    clips: int
    seconds: int
    price: Decimal | None


def quote_of(models: Models, board: Board) -> Quote:
    """Add up what the clips that are still to be made take; of a refinement, what all rounds left would."""
    left = [clip for clip in board.clips if clip.state is ClipState.PLANNED]
    if board.kind is BoardKind.REFINEMENT:
        left = [board.clips[-1]] * rounds_left(board)
    seconds = sum(clip.plan.seconds for clip in left)
    found = models.find(address(board.provider, board.model))
    price = None if found is None else found.price_per_second
    return Quote(clips=len(left), seconds=seconds, price=None if price is None else price * seconds)


def options_of(plan: ClipPlan, model: str, size: str) -> Options:
    """Return what a clip asks for."""
    return Options(
        prompt=plan.prompt,
        size=size,
        seconds=plan.seconds,
        model=model,
        seed=plan.seed,
        negative=plan.negative,
        audio=plan.audio,
        style=plan.style,
        typed=plan.typed,
    )


def anew(clip: Clip) -> ClipPlan:
    """Return the plan of a clip that is made once more: with its old seed the same would come out again."""
    seed = clip.plan.seed
    if seed is None or clip.state is not ClipState.DONE:
        return clip.plan
    return replace(clip.plan, seed=seed_of(JobId(f"{seed}-again")))


def sketch_of(board: Board) -> Sketch:
    """Return what a proposal asks for, to be asked for with a change."""
    return Sketch(
        kind=board.kind,
        clips=tuple(clip.plan for clip in board.clips),
        model=address(board.provider, board.model),
        size=board.size,
        title=board.title,
        chained=board.chained,
        joins=board.joins,
        fade=board.fade,
        note=board.note,
    )

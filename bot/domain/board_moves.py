"""What a board does next, and what a person may do with it: pure decisions."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.board import JOINED, Board, BoardKind, BoardState, Clip, ClipPlan, ClipState
from bot.domain.refinement import closed, goes_on

AT_ONCE = 3
"""So many clips of a board that are not chained are in work at the same time: others have wishes too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What to do now: clips to order, or the join, or the end because nothing is left to do."""

    start: tuple[Clip, ...] = ()
    join: bool = False
    end: bool = False


def next_moves(board: Board) -> Moves:
    """Say what a running board needs now."""
    if board.state is not BoardState.RUNNING:
        return Moves()
    running = sum(clip.state is ClipState.RUNNING for clip in board.clips)
    planned = [clip for clip in board.clips if clip.state is ClipState.PLANNED]
    if planned:
        if not board.chained:
            return Moves(start=tuple(planned[: max(0, AT_ONCE - running)]))
        ready = planned[0] if not running and _may_follow(board, planned[0]) else None
        return Moves(start=() if ready is None else (ready,))
    if running or (board.joins and board.failed) or goes_on(board):
        return Moves()
    if board.joined is not None and board.joined.state is ClipState.PLANNED:
        if len(board.done) > 1:
            return Moves(join=True)
        return Moves(end=True)
    busy = board.joined is not None and board.joined.state is ClipState.RUNNING
    return Moves() if busy else Moves(end=True)


def before(board: Board, clip: Clip) -> Clip | None:
    """Return the clip that this one follows: the last one before it that is not left out."""
    earlier = [
        other
        for other in board.clips
        if other.position < clip.position and other.state is not ClipState.SKIPPED
    ]
    return earlier[-1] if earlier else None


def ended(board: Board, now: int) -> Board:
    """Return the board with nothing left to do; a join that never came about is left out."""
    if board.joined is not None and board.joined.state is ClipState.PLANNED:
        board = board.with_clip(replace(board.joined, state=ClipState.SKIPPED))
    return replace(board, state=BoardState.DONE, finished_at=now)


def redone(board: Board, position: int, plan: ClipPlan | None = None) -> Board:
    """Return the board with this clip, and the joined video, to be made anew: a person pays for it again."""
    clip = board.clip(position)
    if clip is None:
        raise ValueError(f"board {board.id} has no clip {position}")
    again = replace(clip, plan=plan or clip.plan, state=ClipState.PLANNED, trouble=None)
    board = board.with_clip(again)
    if board.joined is not None and position != JOINED:
        board = board.with_clip(replace(board.joined, state=ClipState.PLANNED, trouble=None))
    return replace(board, state=BoardState.RUNNING, finished_at=None, due=True)


def skipped(board: Board, position: int) -> Board:
    """Return the board without this clip."""
    clip = board.clip(position)
    if clip is None:
        raise ValueError(f"board {board.id} has no clip {position}")
    board = board.with_clip(replace(clip, state=ClipState.SKIPPED, trouble=None))
    return replace(board, due=True)


def stopped(board: Board) -> Board:
    """Return the board with nothing more to order; what is done is still joined."""
    if board.kind is BoardKind.REFINEMENT:
        board = closed(board)
    for clip in board.clips:
        if clip.state in {ClipState.PLANNED, ClipState.FAILED}:
            board = board.with_clip(replace(clip, state=ClipState.SKIPPED, trouble=None))
    if board.joined is not None and board.joined.state is ClipState.FAILED:
        board = board.with_clip(replace(board.joined, state=ClipState.SKIPPED))
    return replace(board, due=True)


def may_redo(board: Board, clip: Clip) -> bool:
    """Say whether the clip may be ordered again: it has ended, and the joined video is not in work."""
    busy = board.joined is not None and board.joined.state is ClipState.RUNNING
    ended_clip = clip.state in {ClipState.DONE, ClipState.FAILED, ClipState.SKIPPED}
    if board.kind is BoardKind.REFINEMENT:  # a round that is there is rated; the next one is another round
        return clip.state is ClipState.FAILED and goes_on(board)
    if clip.position == JOINED:
        return clip.state is ClipState.FAILED
    return ended_clip and not busy


def may_change(board: Board, clip: Clip) -> bool:
    """Say whether the clip's text may be changed: it is still planned, or may be ordered again."""
    return clip.position != JOINED and (clip.state is ClipState.PLANNED or may_redo(board, clip))


def may_skip(board: Board, clip: Clip) -> bool:
    """Say whether the clip may be left out: nothing is being paid for it."""
    left = [other for other in board.clips if other.state is not ClipState.SKIPPED]
    open_clip = clip.state in {ClipState.PLANNED, ClipState.FAILED}
    if board.kind is BoardKind.REFINEMENT:
        return False
    return board.state is BoardState.RUNNING and open_clip and (clip.position == JOINED or len(left) > 1)


Allowed = Callable[[Board, Clip], bool]


def _may_follow(board: Board, clip: Clip) -> bool:
    earlier = before(board, clip)
    return earlier is None or earlier.state is ClipState.DONE

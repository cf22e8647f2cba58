"""The improvement loop: rounds that are rated, what their ratings come to, and what follows. Pure.

A loop is a board of kind REFINEMENT whose clips are its rounds; the board's note holds the `Loop` as JSON.
It ends at 8 of 10, at its limit of rounds, or when somebody stops it; never because its clips are all there.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.board import Board, BoardKind, BoardState, Clip, ClipState
from bot.domain.prompts.refine import GOOD_FROM, WEAK_BELOW, Criterion, Scores

LEAST_ROUNDS = 2
MOST_ROUNDS = 6
USUAL_ROUNDS = 4


class Judge(StrEnum):
    """Who rates the rounds."""

    AUTHOR = "me"
    CHANNEL = "channel"


class Writer(StrEnum):
    """Who wrote a round's new words; INSTEAD: the rules, because the language model failed."""

    MODEL = "model"
    RULES = "rules"
    INSTEAD = "instead"
    AUTHOR = "author"


class Ending(StrEnum):
    """Why a loop is over."""

    GOOD = "good"
    LIMIT = "limit"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the ratings of one round come to: the sum of each criterion's scores over `votes` people."""

    sums: Mapping[Criterion, int]
    votes: int

    @classmethod
    def of(cls, ratings: Sequence[Scores]) -> "Verdict":
        """Add up.

        Raises:
            ValueError: nobody has rated.
        """
        if not ratings:
            raise ValueError("a verdict needs a rating")
        sums = {criterion: sum(one.by_criterion[criterion] for one in ratings) for criterion in Criterion}
        return cls(sums=sums, votes=len(ratings))

    def mean(self, criterion: Criterion) -> float:
        """Return one criterion's mean."""
        return self.sums[criterion] / self.votes

    @property
    def overall(self) -> float:
        """The mean of everything."""
        return sum(self.sums.values()) / (self.votes * len(Criterion))

    @property
    def good_enough(self) -> bool:
        """Whether the loop ends here: 8 or more overall."""
        return self.overall >= GOOD_FROM

    @property
    def aims(self) -> tuple[Criterion, ...]:
        """What the words are revised for: each criterion below 7, else the lowest one."""
        weak = tuple(criterion for criterion in Criterion if self.mean(criterion) < WEAK_BELOW)
        return weak or (min(Criterion, key=self.mean),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """New words that wait for the author's press; `number` tells them from every earlier ones of the loop."""

    number: int
    prompt: str
    aims: tuple[Criterion, ...]
    writer: Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """What a refinement remembers: at most `rounds`, the verdicts by round, the words that wait."""

    rounds: int = USUAL_ROUNDS
    judge: Judge = Judge.AUTHOR
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)
    revision: Revision | None = None
    written: int = 0
    closed: bool = False

    @classmethod
    def of(cls, board: Board) -> "Loop":
        """Read a board's note; a board without one has the usual rules."""
        if not board.note:
            return cls()
        kept = json.loads(board.note)
        revision = kept["revision"]
        return cls(
            rounds=kept["rounds"],
            judge=Judge(kept["judge"]),
            verdicts={
                int(position): Verdict(
                    sums={Criterion(name): total for name, total in verdict["sums"].items()},
                    votes=verdict["votes"],
                )
                for position, verdict in kept["verdicts"].items()
            },
            revision=None
            if revision is None
            else Revision(
                number=revision["number"],
                prompt=revision["prompt"],
                aims=tuple(Criterion(name) for name in revision["aims"]),
                writer=Writer(revision["writer"]),
            ),
            written=kept["written"],
            closed=kept["closed"],
        )

    @property
    def note(self) -> str:
        """Write it for a board."""
        revision = self.revision
        kept = {
            "rounds": self.rounds,
            "judge": self.judge.value,
            "verdicts": {
                str(position): {"sums": dict(verdict.sums), "votes": verdict.votes}
                for position, verdict in self.verdicts.items()
            },
            "revision": None
            if revision is None
            else {
                "number": revision.number,
                "prompt": revision.prompt,
                "aims": list(revision.aims),
                "writer": revision.writer.value,
            },
            "written": self.written,
            "closed": self.closed,
        }
        return json.dumps(kept, ensure_ascii=False)

    @property
    def best(self) -> int | None:
        """The round with the highest verdict, None where none is rated.

        Of two that are alike the earlier one: its words are the simpler ones, and it cost less to get there.
        """
        if not self.verdicts:
            return None
        return min(self.verdicts, key=lambda position: (-self.verdicts[position].overall, position))

    @property
    def ending(self) -> Ending:
        """Why it is over, for a loop that is."""
        if self.best is not None and self.verdicts[self.best].good_enough:
            return Ending.GOOD
        return Ending.LIMIT if self.rounds in self.verdicts else Ending.STOPPED


def goes_on(board: Board) -> bool:
    """Say whether more clips may come by a person's decision, so that nothing else may end the board."""
    return board.kind is BoardKind.REFINEMENT and not Loop.of(board).closed


def rounds_left(board: Board) -> int:
    """Count the rounds that may still be ordered."""
    loop, made = Loop.of(board), 0 if board.state is BoardState.PROPOSED else len(board.clips)
    return 0 if loop.closed else max(0, loop.rounds - made)


def current(board: Board) -> Clip | None:
    """Return the round that waits for a rating or for what follows it, None where there is none."""
    last = board.clips[-1]
    waits = board.state is BoardState.RUNNING and last.state is ClipState.DONE and goes_on(board)
    return last if waits else None


def takes_ratings(board: Board) -> bool:
    """Say whether the current round may be rated; a vote is closed once its author has gone on."""
    loop = Loop.of(board)
    return current(board) is not None and (loop.revision is None or loop.judge is Judge.AUTHOR)


def rated(board: Board, position: int, verdict: Verdict) -> Board:
    """Return the board with a round's verdict; words that were written for an earlier one are dropped."""
    loop = Loop.of(board)
    verdicts = {**loop.verdicts, position: verdict}
    return _with(board, replace(loop, verdicts=verdicts, revision=None))


def is_over(board: Board, position: int, verdict: Verdict) -> bool:
    """Say whether this verdict ends the loop: it is good enough, or no further round is allowed."""
    return verdict.good_enough or position >= Loop.of(board).rounds


def revised(board: Board, prompt: str, aims: Sequence[Criterion], writer: Writer) -> Board:
    """Return the board with words for its next round, which wait for the author's press."""
    loop = Loop.of(board)
    number = loop.written + 1
    revision = Revision(number=number, prompt=prompt, aims=tuple(aims), writer=writer)
    return _with(board, replace(loop, revision=revision, written=number))


def with_round(board: Board) -> Board:
    """Return the board with the words that waited as its next round, made from the round before it.

    Raises:
        ValueError: no words wait; a programming error.
    """
    loop, last = Loop.of(board), board.clips[-1]
    if loop.revision is None:
        raise ValueError(f"no words wait for the next round of board {board.id}")
    first = board.clips[0].plan
    plan = replace(
        last.plan, prompt=loop.revision.prompt, typed=first.typed or first.prompt, parent=last.job_id
    )
    board = replace(board, clips=(*board.clips, Clip(position=last.position + 1, plan=plan)))
    return _with(board, replace(loop, revision=None))


def closed(board: Board) -> Board:
    """Return the board with its loop over: it ends as soon as nothing is in work."""
    return _with(board, replace(Loop.of(board), revision=None, closed=True))


def _with(board: Board, loop: Loop) -> Board:
    return replace(board, note=loop.note, due=True)

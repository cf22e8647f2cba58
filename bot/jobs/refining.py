"""What members do with an improvement loop: rate a round, go on, edit the next words, order them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from bot.domain.board import Board, BoardKind, Clip, ClipPlan
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, NotYourJob, StaleBoard, TooLate
from bot.domain.evaluation import Evaluation, EvaluationKind
from bot.domain.prompt import shorten
from bot.domain.prompts.refine import Criterion, Scores
from bot.domain.refinement import (
    Judge,
    Loop,
    Revision,
    Verdict,
    Writer,
    closed,
    current,
    is_over,
    rated,
    revised,
    takes_ratings,
    with_round,
)
from bot.jobs.actor import Actor
from bot.jobs.models import Models, Options, address
from bot.jobs.sketch import Sketch, options_of
from bot.ports import Clock
from bot.ports_board import BoardStore
from bot.ports_evaluation import EvaluationStore
from bot.ports_prompt import Rewriter, Written

ATTEMPTS = 16
"""A board changes under a press when others rate at the same moment: so often the press is tried anew."""
COMMENTS = 1000
"""Characters of what the raters said that the one who writes the next words is told."""


class Boards(Protocol):
    """What refining needs of the use cases of boards."""

    async def find(self, typed_id: str, actor: Actor) -> Board:
        """Return a board by the id that members see."""


class RefiningService:
    """The use cases of refinements. Nothing is ordered but by `render`, the author's press."""

    def __init__(
        self,
        *,
        boards: Boards,
        store: BoardStore,
        evaluations: EvaluationStore,
        models: Models,
        rewriter: Rewriter,
        wake: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._boards = boards
        self._store = store
        self._evaluations = evaluations
        self._models = models
        self._rewriter = rewriter
        self._wake = wake
        self._clock = clock

    def sketch(self, options: Options, *, rounds: int, judge: Judge) -> Sketch:
        """Return the board to propose: its first round, and the loop's rules.

        Raises:
            InvalidRequest: there is no such model.
        """
        _, model = self._models.choose(options.model)
        plan = ClipPlan(
            prompt=options.prompt,
            seconds=options.seconds or model.default_seconds,
            negative=options.negative,
            style=options.style,
            typed=options.typed,
        )
        return Sketch(
            kind=BoardKind.REFINEMENT,
            clips=(plan,),
            model=options.model,
            size=options.size,
            note=Loop(rounds=rounds, judge=judge).note,
        )

    async def to_rate(self, typed_id: str, position: int, actor: Actor) -> tuple[Board, Evaluation | None]:
        """Return the board whose round the actor may rate, and what they have said of it before.

        Raises:
            BoardNotFound, NotYourJob, TooLate.
        """
        board = await self._boards.find(typed_id, actor)
        job_id = _may_rate(board, position, actor).job_id
        known = [] if job_id is None else await self._evaluations.of_job(job_id, EvaluationKind.REFINE)
        return board, next((one for one in known if one.user_id == actor.user_id), None)

    async def rate(
        self, typed_id: str, position: int, actor: Actor, scores: Scores, comment: str = ""
    ) -> Board:
        """Keep a person's rating of the current round, the last one of each counts; return the board with it.

        Raises:
            BoardNotFound, NotYourJob, TooLate.
        """
        board = await self._boards.find(typed_id, actor)
        job_id = _may_rate(board, position, actor).job_id
        if job_id is None:
            raise TooLate(code=Code.ROUND_CLOSED, id=board.short_id)
        await self._evaluations.put(
            Evaluation(
                job_id=job_id,
                user_id=actor.user_id,
                kind=EvaluationKind.REFINE,
                scores={criterion.value: score for criterion, score in scores.by_criterion.items()},
                comment=comment.strip(),
                at=self._clock.now(),
            )
        )

        async def change(board: Board) -> Board:
            # Read after the board: whoever wins the compare-and-set has counted what was kept before it.
            clip = _may_rate(board, position, actor)
            verdict, _ = await self._verdict(board, clip)
            return board if verdict is None else rated(board, position, verdict)

        return await self._change(board, change)

    async def go_on(self, typed_id: str, position: int, actor: Actor) -> Board:
        """Let the ratings so far decide: the loop is closed, or new words wait for its author's press.

        Closes a vote. A second time returns the board as the first has left it.

        Raises:
            BoardNotFound, NotYourJob, TooLate: not the author's, or nobody has rated the round yet.
        """
        board = await self._mine(typed_id, actor)
        loop = Loop.of(board)
        if loop.closed or loop.revision is not None:
            return board
        clip = _at(board, position)
        verdict, comment = await self._verdict(board, clip)
        if verdict is None:
            raise TooLate(code=Code.ROUND_UNRATED, id=board.short_id)
        written = None
        if not is_over(board, position, verdict):
            written = await self._rewriter.revise(clip.plan.prompt, verdict.aims, comment)

        async def change(board: Board) -> Board:
            now = Loop.of(board)
            if now.closed or now.revision is not None:
                return board
            _at(board, position)
            board = rated(board, position, verdict)
            if written is None:
                return closed(board)
            return revised(board, written.text, verdict.aims, _writer(written))

        return await self._change(board, change)

    async def waiting_words(self, typed_id: str, number: int, actor: Actor) -> tuple[Board, Revision]:
        """Return the words that wait for the author's press.

        Raises:
            BoardNotFound, NotYourJob, TooLate: other words, or none, wait by now.
        """
        board = await self._mine(typed_id, actor)
        return board, _waiting(board, number)

    async def edit(self, typed_id: str, number: int, actor: Actor, words: str) -> Board:
        """Put the author's own words in the place of those that wait.

        Raises:
            BoardNotFound, NotYourJob, TooLate; InvalidRequest: the model does not take them.
        """

        async def change(board: Board) -> Board:
            revision = _waiting(board, number)
            self._check(board, words)
            return revised(board, words, revision.aims, Writer.AUTHOR)

        return await self._change(await self._mine(typed_id, actor), change)

    async def render(self, typed_id: str, number: int, actor: Actor) -> Board:
        """Order the next round with the words that wait: its author pays for it.

        Raises:
            BoardNotFound, NotYourJob, TooLate: other words wait by now, or the round is ordered already.
            InvalidRequest: the model does not take them.
        """

        async def change(board: Board) -> Board:
            self._check(board, _waiting(board, number).prompt)
            return with_round(board)

        return await self._change(await self._mine(typed_id, actor), change)

    async def _mine(self, typed_id: str, actor: Actor) -> Board:
        board = await self._boards.find(typed_id, actor)
        if board.kind is not BoardKind.REFINEMENT:
            raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
        if board.user_id != actor.user_id:
            raise NotYourJob(code=Code.ONLY_AUTHOR_GOES_ON)
        return board

    async def _verdict(self, board: Board, clip: Clip) -> tuple[Verdict | None, str]:
        """Add up what counts of the round's ratings, and what was said with them."""
        if clip.job_id is None:
            return None, ""
        ratings = await self._evaluations.of_job(clip.job_id, EvaluationKind.REFINE)
        if Loop.of(board).judge is Judge.AUTHOR:
            ratings = [one for one in ratings if one.user_id == board.user_id]
        if not ratings:
            return None, ""
        comment = "\n".join(one.comment for one in ratings if one.comment)
        return Verdict.of([_scores(one) for one in ratings]), shorten(comment, COMMENTS)

    def _check(self, board: Board, words: str) -> None:
        plan = replace(board.clips[-1].plan, prompt=words)
        self._models.check(options_of(plan, address(board.provider, board.model), board.size))

    async def _change(self, board: Board, change: Callable[[Board], Awaitable[Board]]) -> Board:
        for _ in range(ATTEMPTS):
            after = await change(board)
            if after == board:
                return board
            try:
                board = await self._store.change(board, after)
            except StaleBoard:
                await asyncio.sleep(0)
                found = await self._store.get(board.id)
                if found is None:
                    break
                board = found
                continue
            self._wake()
            return board
        raise TooLate(code=Code.CLIP_BUSY, id=board.short_id)


def _at(board: Board, position: int) -> Clip:
    """Return the current round if it is this one.

    Raises:
        TooLate: it is past, or not there yet.
    """
    clip = current(board)
    if clip is None or clip.position != position:
        raise TooLate(code=Code.ROUND_CLOSED, id=board.short_id)
    return clip


def _may_rate(board: Board, position: int, actor: Actor) -> Clip:
    if board.kind is not BoardKind.REFINEMENT:
        raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
    clip = _at(board, position)
    if Loop.of(board).judge is Judge.AUTHOR and board.user_id != actor.user_id:
        raise NotYourJob(code=Code.ONLY_AUTHOR_RATES)
    if not takes_ratings(board):
        raise TooLate(code=Code.ROUND_CLOSED, id=board.short_id)
    return clip


def _waiting(board: Board, number: int) -> Revision:
    revision = None if current(board) is None else Loop.of(board).revision
    if revision is None or revision.number != number:
        raise TooLate(code=Code.WORDS_PAST, id=board.short_id)
    return revision


def _scores(evaluation: Evaluation) -> Scores:
    return Scores(
        visual=evaluation.scores[Criterion.VISUAL],
        adherence=evaluation.scores[Criterion.ADHERENCE],
        consistency=evaluation.scores[Criterion.CONSISTENCY],
        narrative=evaluation.scores[Criterion.NARRATIVE],
    )


def _writer(written: Written) -> Writer:
    if not written.offline:
        return Writer.MODEL
    return Writer.RULES if written.why is None else Writer.INSTEAD

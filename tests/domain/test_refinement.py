"""The improvement loop's rules: what ratings come to, when it is over, which round is the best."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.board import Board, BoardId, BoardKind, BoardState, Clip, ClipPlan, ClipState, clips_of
from bot.domain.board_moves import Moves, may_change, may_redo, may_skip, next_moves, stopped
from bot.domain.job import JobId
from bot.domain.prompts.refine import Criterion, Scores
from bot.domain.refinement import (
    Ending,
    Judge,
    Loop,
    Verdict,
    Writer,
    closed,
    current,
    is_over,
    rated,
    revised,
    rounds_left,
    takes_ratings,
    with_round,
)
from tests.factories import NOW, make_place


def scores(*four: int) -> Scores:
    visual, adherence, consistency, narrative = four * 4 if len(four) == 1 else four
    return Scores(visual=visual, adherence=adherence, consistency=consistency, narrative=narrative)


def verdict(*ratings: Sequence[int]) -> Verdict:
    return Verdict.of([scores(*rating) for rating in ratings])


def make_loop(state: ClipState = ClipState.DONE, *, rounds: int = 4, judge: Judge = Judge.AUTHOR) -> Board:
    [clip] = clips_of([ClipPlan(prompt="a fox", seconds=8)])
    return Board(
        id=BoardId("9"),
        short_id="7F3K2",
        kind=BoardKind.REFINEMENT,
        user_id=42,
        provider="preview",
        model="preview",
        size="1280x720",
        created_at=NOW,
        clips=(Clip(position=1, plan=clip.plan, state=state, job_id=JobId("9-1-1"), attempt=1),),
        state=BoardState.RUNNING,
        place=make_place(),
        note=Loop(rounds=rounds, judge=judge).note,
    )


def test_the_mean_of_several_people_is_exact() -> None:
    several = verdict([8], [8, 8, 8, 7], [9, 8, 8, 8])
    assert several.overall == 8
    assert several.good_enough
    assert several.mean(Criterion.VISUAL) == pytest.approx(25 / 3)
    assert not verdict([8], [8, 8, 8, 7]).good_enough


@pytest.mark.parametrize(
    ("ratings", "aims"),
    [
        ([[6, 8, 8, 8]], (Criterion.VISUAL,)),
        ([[6, 7, 5, 9]], (Criterion.VISUAL, Criterion.CONSISTENCY)),
        ([[7]], (Criterion.VISUAL,)),
        ([[8, 8, 7, 7]], (Criterion.CONSISTENCY,)),
        ([[9, 6, 9, 9], [9, 8, 9, 9]], (Criterion.ADHERENCE,)),
        ([[9, 6, 7, 9], [9, 7, 7, 9]], (Criterion.ADHERENCE,)),
    ],
    ids=str,
)
def test_the_words_are_revised_for_what_is_below_7_else_for_the_lowest(
    ratings: list[list[int]], aims: tuple[Criterion, ...]
) -> None:
    assert verdict(*ratings).aims == aims


def test_nobodys_ratings_are_no_verdict() -> None:
    with pytest.raises(ValueError, match="rating"):
        Verdict.of([])


def test_everything_comes_back_from_the_note() -> None:
    board = make_loop(judge=Judge.CHANNEL, rounds=6)
    board = rated(board, 1, verdict([5, 6, 7, 8], [9]))
    board = revised(board, "一只狐狸 “runs”", [Criterion.NARRATIVE], Writer.INSTEAD)
    loop = Loop.of(board)
    assert loop == Loop(
        rounds=6,
        judge=Judge.CHANNEL,
        verdicts={1: verdict([5, 6, 7, 8], [9])},
        revision=loop.revision,
        written=1,
    )
    assert loop.revision is not None
    assert (loop.revision.prompt, loop.revision.aims) == ("一只狐狸 “runs”", (Criterion.NARRATIVE,))
    assert (loop.revision.number, loop.revision.writer) == (1, Writer.INSTEAD)
    assert Loop.of(closed(board)).revision is None


@pytest.mark.parametrize(
    ("overall", "best"), [((5, 7, 9), 3), ((5, 7, 7), 2), ((6, 6, 6), 1), ((9,), 1)], ids=str
)
def test_the_best_is_the_highest_and_of_equals_the_earliest(overall: tuple[int, ...], best: int) -> None:
    verdicts = {number: verdict([score]) for number, score in enumerate(overall, 1)}
    assert Loop(verdicts=verdicts).best == best


def test_without_a_rating_nothing_is_best() -> None:
    assert Loop().best is None
    assert Loop(closed=True).ending is Ending.STOPPED


@pytest.mark.parametrize(
    ("position", "score", "over", "ending"),
    [(1, 8, True, Ending.GOOD), (1, 7, False, Ending.STOPPED), (2, 7, True, Ending.LIMIT)],
)
def test_it_is_over_at_8_or_at_the_limit(position: int, score: int, over: bool, ending: Ending) -> None:
    board = make_loop(rounds=2)
    assert is_over(board, position, verdict([score])) is over
    assert Loop.of(rated(board, position, verdict([score]))).ending is ending


def test_its_clips_being_there_does_not_end_it_but_a_person_does() -> None:
    board = make_loop()
    assert next_moves(board) == Moves()
    assert current(board) == board.clips[0]
    over = closed(board)
    assert next_moves(over) == Moves(end=True)
    assert current(over) is None
    assert not takes_ratings(over)


@pytest.mark.parametrize("state", [ClipState.PLANNED, ClipState.RUNNING, ClipState.FAILED])
def test_only_a_round_that_is_there_is_rated(state: ClipState) -> None:
    board = make_loop(state)
    assert current(board) is None
    assert not takes_ratings(board)
    assert not next_moves(board).end


def test_a_vote_is_closed_by_going_on_and_the_author_may_change_their_mind() -> None:
    for judge, again in ((Judge.CHANNEL, False), (Judge.AUTHOR, True)):
        board = rated(make_loop(judge=judge), 1, verdict([5]))
        assert takes_ratings(board)
        assert takes_ratings(revised(board, "x", [Criterion.VISUAL], Writer.RULES)) is again


def test_another_rating_drops_the_words_and_their_number_is_never_used_again() -> None:
    board = revised(rated(make_loop(), 1, verdict([5])), "x", [Criterion.VISUAL], Writer.RULES)
    board = rated(board, 1, verdict([6]))
    assert Loop.of(board).revision is None
    revision = Loop.of(revised(board, "y", [Criterion.VISUAL], Writer.RULES)).revision
    assert revision is not None
    assert revision.number == 2


def test_the_next_round_is_made_from_the_one_before() -> None:
    board = rated(make_loop(), 1, verdict([5]))
    board = with_round(revised(board, "a fox runs", [Criterion.VISUAL], Writer.RULES))
    second = board.clips[1]
    assert (second.position, second.state, second.attempt) == (2, ClipState.PLANNED, 0)
    assert (second.plan.prompt, second.plan.typed, second.plan.parent) == ("a fox runs", "a fox", "9-1-1")
    assert board.due
    assert next_moves(board) == Moves(start=(second,))
    with pytest.raises(ValueError, match="no words wait"):
        with_round(board)


def test_rounds_that_may_still_be_ordered_are_counted() -> None:
    started = make_loop(ClipState.PLANNED)
    assert rounds_left(replace(started, state=BoardState.PROPOSED)) == 4
    assert rounds_left(started) == 3
    assert rounds_left(make_loop()) == 3
    assert rounds_left(closed(make_loop())) == 0


def test_only_a_round_that_failed_is_made_anew() -> None:
    done, failed = make_loop(), make_loop(ClipState.FAILED)
    for board, allowed in ((done, False), (failed, True), (stopped(failed), False)):
        assert may_redo(board, board.clips[0]) is allowed
        assert may_change(board, board.clips[0]) is allowed
        assert not may_skip(board, board.clips[0])


def test_stopping_closes_the_loop_and_what_is_in_work_still_comes() -> None:
    board = stopped(make_loop(ClipState.RUNNING))
    assert next_moves(board) == Moves()
    assert board.clips[0].state is ClipState.RUNNING
    assert next_moves(stopped(make_loop())) == Moves(end=True)

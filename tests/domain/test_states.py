import itertools

import pytest

from bot.domain.states import (
    CANCELLABLE,
    DECISIONS,
    DRIVEN,
    HOLDS_SLOT,
    TERMINAL,
    TRANSITIONS,
    JobState,
    check_decision,
    check_transition,
)

S = JobState


def test_every_state_can_be_reached_from_the_queue() -> None:
    reached, frontier = {S.QUEUED}, [S.QUEUED]
    while frontier:
        for target in TRANSITIONS[frontier.pop()] - reached:
            reached.add(target)
            frontier.append(target)
    assert reached == set(JobState)


@pytest.mark.parametrize("state", sorted(set(JobState) - TERMINAL))
def test_every_open_state_can_end(state: JobState) -> None:
    seen, frontier = {state}, [state]
    while frontier:
        for target in TRANSITIONS[frontier.pop()] - seen:
            seen.add(target)
            frontier.append(target)
    assert seen & TERMINAL


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(JobState, 2)))
def test_only_moves_of_the_table_are_accepted(before: JobState, after: JobState) -> None:
    if after in TRANSITIONS[before]:
        check_transition(before, after)
    else:
        with pytest.raises(ValueError, match="cannot go"):
            check_transition(before, after)


def test_the_machine_leaves_alone_what_has_ended() -> None:
    for state in JobState:
        assert (not TRANSITIONS[state]) is (state in TERMINAL)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(JobState, JobState)))
def test_only_decisions_of_the_table_are_accepted(before: JobState, after: JobState) -> None:
    if after in DECISIONS.get(before, ()):
        check_decision(before, after)
    else:
        with pytest.raises(ValueError, match="nobody may"):
            check_decision(before, after)


def test_a_failed_job_is_never_bought_again_as_itself() -> None:
    assert not DECISIONS[S.FAILED] & {S.QUEUED, S.SUBMITTING}
    assert set(DECISIONS) <= TERMINAL | {S.UNSURE}
    assert DECISIONS[S.UNSURE] == TRANSITIONS[S.UNSURE]


def test_a_paid_video_is_never_cancelled_or_queued_again() -> None:
    paid = {S.FETCHING, S.FITTING, S.DELIVERING}
    assert not paid & CANCELLABLE
    for state in paid | {S.RENDERING}:
        assert not TRANSITIONS[state] & {S.QUEUED, S.SUBMITTING}


def test_the_sets_fit_together() -> None:
    assert {S.DELIVERED, S.FAILED, S.CANCELLED} == TERMINAL
    assert not DRIVEN & (TERMINAL | {S.QUEUED, S.UNSURE})
    assert {S.SUBMITTING, S.RENDERING, S.UNSURE} == HOLDS_SLOT

import random

import pytest

from bot.domain.codes import Code
from bot.domain.errors import (
    AuthFailed,
    BadResponse,
    ContentRejected,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    RemoteNotFound,
    Unavailable,
    UnsupportedRequest,
)
from bot.domain.remote import PollPace, RemoteStatus, SubmitSafety
from bot.domain.states import JobState
from bot.jobs import decide
from bot.jobs.decide import Advance, Outcome, Retry, Wait
from tests.factories import NOW, make_job, make_remote

S = JobState
KEY, LIST, NONE = SubmitSafety.KEY, SubmitSafety.LIST, SubmitSafety.NONE
HOUR = 3_600_000


def rng() -> random.Random:
    return random.Random(1)


def kind(outcome: Outcome | None) -> object:
    """Name an outcome for the tables: the state it moves to, or its class."""
    return outcome.to if isinstance(outcome, Advance) else type(outcome)


@pytest.mark.parametrize(
    ("intent_age", "safety", "expected"),
    [
        pytest.param(None, KEY, type(None), id="fresh, key: send"),
        pytest.param(None, LIST, type(None), id="fresh, list: send"),
        pytest.param(None, NONE, type(None), id="fresh, none: send"),
        pytest.param(0, KEY, type(None), id="in doubt, key: the same key again"),
        pytest.param(0, LIST, Retry, id="in doubt, list: wait until nothing is in flight"),
        pytest.param(59_999, LIST, Retry, id="in doubt, list: one ms too early"),
        pytest.param(60_000, LIST, type(None), id="in doubt, list: look now"),
        pytest.param(0, NONE, S.UNSURE, id="in doubt, none: a person decides"),
        pytest.param(24 * HOUR, NONE, S.UNSURE, id="in doubt for long, none: still a person"),
    ],
)
def test_nothing_is_sent_twice_blindly(
    intent_age: int | None, safety: SubmitSafety, expected: object
) -> None:
    intent = None if intent_age is None else NOW - intent_age
    job = make_job(state=S.SUBMITTING, submit_intent_at=intent)
    assert kind(decide.before_submit(job, safety, NOW)) == expected


@pytest.mark.parametrize(
    ("error", "safety", "expected"),
    [
        (NotSent("refused"), NONE, S.QUEUED),
        (RateLimited("full", retry_after=3), NONE, S.QUEUED),
        (ContentRejected("no"), NONE, S.FAILED),
        (UnsupportedRequest("no"), KEY, S.FAILED),
        (AuthFailed("no"), LIST, S.FAILED),
        (OutcomeUnknown("cut"), NONE, S.UNSURE),
        (OutcomeUnknown("cut"), KEY, Retry),
        (OutcomeUnknown("cut"), LIST, Retry),
        (BadResponse("html"), NONE, S.UNSURE),
        (Unavailable("500"), NONE, S.UNSURE),
        (ProviderError("whatever"), NONE, S.UNSURE),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_a_failed_submit_costs_at_most_once(
    error: ProviderError, safety: SubmitSafety, expected: object
) -> None:
    job = make_job(state=S.SUBMITTING, submit_intent_at=NOW)
    assert kind(decide.after_submit_error(job, error, safety, NOW, rng())) == expected


def test_a_refused_submit_goes_back_in_line_without_an_intent() -> None:
    job = make_job(state=S.SUBMITTING, submit_intent_at=NOW, attempt=2)
    outcome = decide.after_submit_error(job, RateLimited("full", retry_after=7), NONE, NOW, rng())
    assert isinstance(outcome, Advance)
    assert outcome.changes["submit_intent_at"] is None
    assert outcome.changes["due_at"] == NOW + 7000
    assert outcome.changes["attempt"] == 3


@pytest.mark.parametrize(("age", "expected"), [(HOUR, S.QUEUED), (HOUR + 1, S.FAILED)])
def test_an_api_that_stays_down_fails_the_job_after_an_hour(age: int, expected: JobState) -> None:
    job = make_job(state=S.SUBMITTING, tried_at=NOW - age)
    assert kind(decide.after_submit_error(job, NotSent("down"), NONE, NOW, rng())) == expected


def test_a_long_wait_in_line_uses_up_no_patience() -> None:
    job = make_job(state=S.SUBMITTING, created_at=NOW - 5 * HOUR, tried_at=NOW - 1000)
    assert kind(decide.after_submit_error(job, NotSent("down"), NONE, NOW, rng())) is S.QUEUED
    assert isinstance(decide.after_submit_error(job, OutcomeUnknown("cut"), KEY, NOW, rng()), Retry)


def test_a_key_that_never_gets_an_answer_ends_with_a_person() -> None:
    job = make_job(state=S.SUBMITTING, tried_at=NOW - HOUR - 1)
    assert kind(decide.after_submit_error(job, OutcomeUnknown("cut"), KEY, NOW, rng())) is S.UNSURE


@pytest.mark.parametrize(
    ("found", "expected"),
    [([], type(None)), (["a"], S.RENDERING), (["a", "b"], S.UNSURE)],
    ids=["none: send again", "one: adopt", "two: a person decides"],
)
def test_only_an_exact_match_of_the_list_is_adopted(found: list[str], expected: object) -> None:
    outcome = decide.after_found([make_remote(id=name) for name in found], PollPace(), NOW)
    assert kind(outcome) == expected
    if isinstance(outcome, Advance) and outcome.to is S.RENDERING:
        assert outcome.changes["deadline_at"] > NOW, "an adopted render does not run for ever either"


@pytest.mark.parametrize(
    "error", [NotSent("down"), RateLimited("full", retry_after=7), AuthFailed("key")], ids=str
)
@pytest.mark.parametrize(("age", "expected"), [(HOUR, Retry), (HOUR + 1, S.UNSURE)])
def test_a_refusal_after_a_lost_reply_does_not_say_that_nothing_was_paid(
    error: ProviderError, age: int, expected: object
) -> None:
    job = make_job(state=S.SUBMITTING, submit_intent_at=NOW - 5000, tried_at=NOW - age)
    outcome = decide.after_submit_error(job, error, KEY, NOW, rng(), doubtful=True)
    assert kind(outcome) == expected
    if isinstance(outcome, Retry) and error.retry_after:
        assert outcome.seconds >= error.retry_after


@pytest.mark.parametrize(
    "error", [RateLimited("slow"), AuthFailed("key"), NotSent("down"), OutcomeUnknown("no list")], ids=str
)
@pytest.mark.parametrize(("age", "expected"), [(HOUR, Retry), (HOUR + 1, S.UNSURE)])
def test_a_list_that_cannot_be_read_leaves_the_doubt(
    error: ProviderError, age: int, expected: object
) -> None:
    job = make_job(state=S.SUBMITTING, submit_intent_at=NOW - age, tried_at=NOW - age)
    outcome = decide.after_search_error(job, error, NOW, rng())
    assert kind(outcome) == expected
    if isinstance(outcome, Advance):
        assert "submit_intent_at" not in outcome.changes


def test_the_receipt_is_kept_with_a_deadline() -> None:
    remote = make_remote(id="video_9", status=RemoteStatus.DONE)
    outcome = decide.after_submit(remote, PollPace(deadline=10), NOW, random.Random(1))
    assert outcome.to is S.RENDERING
    assert outcome.changes == {"remote_id": "video_9", "deadline_at": NOW + 10_000, "due_at": NOW}


@pytest.mark.parametrize(("hint", "seconds"), [(None, 5), (30.0, 30), (0.0, 0.2), (86_400.0, 120)])
def test_a_render_that_is_pending_is_first_asked_after_a_poll_interval(
    hint: float | None, seconds: float
) -> None:
    remote = make_remote(status=RemoteStatus.QUEUED, poll_after=hint)
    due = {
        decide.after_submit(remote, PollPace(first=5), NOW, random.Random(seed)).changes["due_at"] - NOW
        for seed in range(100)
    }
    assert 890 * seconds <= min(due) < max(due) <= 1100 * seconds


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (RemoteStatus.QUEUED, Wait),
        (RemoteStatus.RUNNING, Wait),
        (RemoteStatus.DONE, S.FETCHING),
        (RemoteStatus.FAILED, S.FAILED),
        (RemoteStatus.CANCELLED, S.FAILED),
        (RemoteStatus.EXPIRED, S.FAILED),
    ],
)
def test_every_status_leads_somewhere(status: RemoteStatus, expected: object) -> None:
    job = make_job(state=S.RENDERING, remote_id="v", deadline_at=NOW + 1)
    assert kind(decide.after_poll(job, make_remote(status=status), 1.0, NOW)) == expected


@pytest.mark.parametrize(("late", "expected"), [(0, Wait), (1, S.FAILED)])
def test_a_render_is_given_up_only_after_its_deadline(late: int, expected: object) -> None:
    job = make_job(state=S.RENDERING, deadline_at=NOW)
    assert kind(decide.after_poll(job, make_remote(), 1.0, NOW + late)) == expected


def test_a_finished_render_is_taken_even_after_the_deadline() -> None:
    job = make_job(state=S.RENDERING, deadline_at=NOW - HOUR)
    done = make_remote(status=RemoteStatus.DONE)
    assert kind(decide.after_poll(job, done, 1.0, NOW)) is S.FETCHING


def test_moderation_is_told_apart_from_failure() -> None:
    refused = make_remote(status=RemoteStatus.FAILED, moderated=True)
    outcome = decide.after_poll(make_job(state=S.RENDERING), refused, 1.0, NOW)
    assert isinstance(outcome, Advance)
    assert outcome.changes["failure"].code is Code.PROVIDER_MODERATED


@pytest.mark.parametrize(
    ("error", "age", "expected"),
    [
        (Unavailable("down"), HOUR, Wait),
        (BadResponse("html"), HOUR, Wait),
        (AuthFailed("key"), HOUR, Wait),
        (RateLimited("slow", retry_after=30), HOUR, Wait),
        (RemoteNotFound("404"), 30_000, Wait),
        (RemoteNotFound("404"), 30_001, S.FAILED),
    ],
    ids=str,
)
def test_a_failed_poll_never_gives_up_what_is_paid_for(
    error: ProviderError, age: int, expected: object
) -> None:
    job = make_job(state=S.RENDERING, submit_intent_at=NOW - age, deadline_at=NOW + HOUR)
    assert kind(decide.after_poll_error(job, error, 1.0, NOW)) == expected


def test_a_poll_waits_as_long_as_the_api_asks() -> None:
    outcome = decide.after_poll_error(make_job(), RateLimited("", retry_after=30), 1.0, NOW)
    assert outcome == Wait(30)


def test_polls_slow_down_and_follow_hints() -> None:
    pace = PollPace(first=5, longest=20)
    delays = [decide.poll_delay(polls, pace, None, rng()) for polls in range(40)]
    assert 4.5 <= delays[0] <= 5.5
    assert all(delay <= 22 for delay in delays)
    assert delays[-1] >= 18
    assert 1.8 <= decide.poll_delay(30, pace, 2.0, rng()) <= 2.2
    assert decide.poll_delay(0, pace, 0.0, rng()) > 0
    assert decide.poll_delay(0, pace, 1e9, rng()) <= 132


@pytest.mark.parametrize(
    ("renders", "first", "longest"),
    [(1, 5, 20), (250, 5, 20), (500, 10, 20), (1000, 20, 20), (3000, 60, 60)],
)
def test_a_crowd_is_polled_fifty_times_a_second(renders: int, first: float, longest: float) -> None:
    pace = PollPace(first=5, longest=20, deadline=77)
    assert pace.among(renders) == PollPace(first=first, longest=longest, deadline=77)


def test_backoff_grows_has_jitter_and_an_end() -> None:
    waits = [decide.backoff(attempt, rng(), longest=60) for attempt in range(1000)]
    assert 0.5 <= waits[0] <= 1
    assert max(waits) <= 60
    assert min(waits[10:]) >= 30

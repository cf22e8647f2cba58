"""Figures of a period, counted from its jobs."""

from dataclasses import replace

import pytest

from bot.domain.states import JobState
from bot.domain.stats import MOST_SPANS, Figures, Run, figures, stats
from bot.domain.trends import DAY

NOW = 20_000 * DAY + 5 * 3600 * 1000
RUN = Run(model="house/one", user_id=7, created_at=NOW, state=JobState.DELIVERED, waited=1_000, took=60_000)


def test_nothing_has_no_rate_and_no_times() -> None:
    assert figures([]) == Figures()
    assert figures([]).success is None


@pytest.mark.parametrize(
    ("states", "success"),
    [
        ("delivered delivered delivered failed", 0.75),
        ("delivered cancelled cancelled", 1.0),
        ("failed", 0.0),
        ("queued unsure rendering cancelled", None),
    ],
)
def test_a_cancelled_job_is_no_failure_and_one_that_goes_on_neither(
    states: str, success: float | None
) -> None:
    counted = figures([replace(RUN, state=JobState(state)) for state in states.split()])
    assert counted.success == success
    assert counted.jobs == len(states.split())


@pytest.mark.parametrize(
    ("times", "median"),
    [([], None), ([None], None), ([5], 5), ([9, 1, None, 4], 4), ([4, 1, 9, 2], 2), ([-50], 0)],
    ids=["none", "not known", "one", "odd", "of two middle ones the smaller", "a clock set back"],
)
def test_times_are_those_of_the_middle_job(times: list[int | None], median: int | None) -> None:
    counted = figures([replace(RUN, waited=time, took=time) for time in times])
    assert (counted.waited, counted.took) == (median, median)


def test_jobs_are_told_apart_by_model_and_member_the_busiest_first() -> None:
    runs = [
        replace(RUN, user_id=user_id, model=model)
        for user_id, model in [(1, "a/x"), (2, "b/y"), (2, "b/y"), (3, "a/x"), (2, "a/z")]
    ]
    counted = stats(runs, user_id=2, since=NOW - DAY, now=NOW)
    assert [(model, part.jobs) for model, part in counted.models] == [("a/x", 2), ("b/y", 2), ("a/z", 1)]
    assert [(user_id, part.jobs) for user_id, part in counted.members] == [(2, 3), (1, 1), (3, 1)]
    assert (counted.whole.jobs, counted.own.jobs) == (5, 3)


@pytest.mark.parametrize(
    ("days", "length", "count"), [(7, 1, 7), (30, 1, 30), (90, 7, 13), (365, 30, 13), (4000, 365, 11)]
)
def test_the_spans_of_a_period_end_today(days: int, length: int, count: int) -> None:
    today = NOW // DAY * DAY
    since = today - (days - 1) * DAY
    runs = [replace(RUN, created_at=at) for at in (since, today - 1, today, NOW)]
    counted = stats(runs, user_id=7, since=since, now=NOW)
    assert counted.days == length
    assert len(counted.spans) == count <= MOST_SPANS
    starts = [span.since for span in counted.spans]
    assert starts == list(range(starts[0], today + 1 if length == 1 else starts[-1] + 1, length * DAY))
    assert starts[-1] == today - (length - 1) * DAY
    assert sum(span.figures.jobs for span in counted.spans) == 4
    assert counted.spans[0].figures.jobs >= 1, "the first moment of the period is in the first span"
    assert counted.spans[-1].figures.jobs == (2 if length == 1 else 3)


def test_a_period_without_beginning_begins_with_the_first_job() -> None:
    runs = [replace(RUN, created_at=NOW - 9 * DAY), RUN]
    counted = stats(runs, user_id=7, since=0, now=NOW)
    assert [span.figures.jobs for span in counted.spans] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [span.figures.jobs for span in stats([], user_id=7, since=0, now=NOW).spans] == [0]


def test_a_job_from_after_now_was_asked_for_today() -> None:
    counted = stats([replace(RUN, created_at=NOW + 9 * DAY)], user_id=7, since=NOW - DAY, now=NOW)
    assert [span.figures.jobs for span in counted.spans] == [0, 1]
    assert [span.figures.jobs for span in stats([], user_id=7, since=NOW + DAY, now=NOW).spans] == [0]

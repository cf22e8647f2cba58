"""Which videos a reel shows, and which days it is about."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.job import JobId
from bot.domain.reel import (
    CLIP_SECONDS,
    MOST,
    MOST_OF_ONE,
    REEL_SECONDS,
    TITLE_SECONDS,
    Candidate,
    best,
    due,
    ended,
    is_scheduled,
    lately,
    longest,
    scheduled_id,
)

DAY = 24 * 3600 * 1000
WEEK, MONTH = ReelEvery.WEEK, ReelEvery.MONTH
MOMENTS = st.integers(DAY * 400, DAY * 47_000)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def candidate(number: int, votes: int, approval: float, *, user: int = 0, later: int = 0) -> Candidate:
    return Candidate(
        job_id=JobId(str(number)),
        user_id=user or number,
        votes=votes,
        total=round(votes * approval * 100),
        finished_at=later,
    )


def ids(chosen: list[Candidate]) -> list[str]:
    return [found.job_id for found in chosen]


@pytest.mark.parametrize(
    ("now", "key", "first", "last"),
    [
        ("2026-11-23T00:00", "2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-11-29T23:59", "2026-W47", "2026-11-16", "2026-11-22"),
        ("2027-01-01T12:00", "2026-W52", "2026-12-21", "2026-12-27"),
        ("2027-01-04T00:00", "2026-W53", "2026-12-28", "2027-01-03"),
        ("2025-01-06T08:00", "2025-W01", "2024-12-30", "2025-01-05"),
    ],
)
def test_the_week_that_ended_runs_from_monday_to_sunday(now: str, key: str, first: str, last: str) -> None:
    period = ended(WEEK, at(now))
    assert (period.key, str(period.first), str(period.last)) == (key, first, last)


@pytest.mark.parametrize(
    ("now", "key", "days"),
    [
        ("2026-12-01T00:00", "2026-11", 30),
        ("2026-11-30T23:59", "2026-10", 31),
        ("2027-01-15T12:00", "2026-12", 31),
        ("2028-03-01T00:00", "2028-02", 29),
    ],
)
def test_the_month_that_ended_is_a_whole_one(now: str, key: str, days: int) -> None:
    period = ended(MONTH, at(now))
    assert period.key == key
    assert period.first.day == 1
    assert period.end - period.start == days * DAY


@given(MOMENTS, st.sampled_from(ReelEvery))
def test_times_follow_each_other_without_a_gap(now: int, every: ReelEvery) -> None:
    period = ended(every, now)
    assert period.start < period.end <= now
    assert ended(every, period.end) == period
    before = ended(every, period.end - 1)
    assert before.end == period.start
    assert before.key != period.key
    assert scheduled_id(1, before) != scheduled_id(1, period) != scheduled_id(2, period)


@given(MOMENTS, st.sampled_from(ReelEvery))
def test_the_last_days_hold_today(now: int, every: ReelEvery) -> None:
    period = lately(every, now)
    assert period.start <= now < period.end
    assert period.last - period.first == timedelta(days={WEEK: 6, MONTH: 29}[every])
    assert (date(1970, 1, 1) + timedelta(milliseconds=period.start)) == period.first
    assert period.start % DAY == 0


def test_a_reel_is_due_once_a_time_has_ended_since_it_was_wished() -> None:
    wished = FeedbackSettings(
        guild_id=1, reel_every=WEEK, reel_channel_id=2, reel_since=at("2026-11-18T10:00")
    )
    assert due(wished, at("2026-11-22T23:59")) is None
    period = due(wished, at("2026-11-23T00:00"))
    assert period is not None
    assert period.key == "2026-W47"
    after_a_month = due(wished, at("2026-12-24T00:00"))
    assert after_a_month is not None
    assert after_a_month.key == "2026-W51", "the newest alone"
    assert due(FeedbackSettings(guild_id=1), at("2026-11-23T00:00")) is None


def test_many_good_votes_go_before_one_perfect_one() -> None:
    one, many, bad = candidate(1, 1, 1.0), candidate(2, 20, 0.9), candidate(3, 30, 0.2)
    assert ids(best([one, bad, many], 3)) == ["2", "1", "3"]


def test_of_equals_the_later_goes_first_and_what_has_no_vote_never() -> None:
    early, late, none = candidate(1, 2, 1.0, later=1), candidate(2, 2, 1.0, later=2), candidate(3, 0, 0.0)
    assert ids(best([early, none, late], 5)) == ["2", "1"]


def test_a_reel_is_not_one_persons_unless_wished() -> None:
    own = [candidate(number, 10, 1.0, user=7) for number in range(1, 6)]
    other = candidate(9, 1, 0.0)
    assert len([found for found in best([*own, other], 5) if found.user_id == 7]) == MOST_OF_ONE
    assert ids(best([*own, other], 5))[-1] == "9"
    assert len(best(own, 5, of_one=5)) == 5
    assert "5" not in ids(best(own, 5, without={JobId("5")}))


@given(
    st.lists(
        st.builds(
            candidate,
            st.integers(1, 40),
            st.integers(0, 50),
            st.floats(0, 1),
            user=st.integers(1, 5),
            later=st.integers(0, 3),
        ),
        unique_by=lambda found: found.job_id,
    ),
    st.integers(1, MOST),
)
def test_the_choice_does_not_hang_on_the_order_of_rows(found: list[Candidate], count: int) -> None:
    chosen = best(found, count)
    assert chosen == best(list(reversed(found)), count)
    assert len(chosen) <= count
    assert [one.surely for one in chosen] == sorted((one.surely for one in chosen), reverse=True)


@given(st.integers(1, MOST))
def test_no_reel_is_longer_than_a_minute(clips: int) -> None:
    assert 0 < longest(clips) <= CLIP_SECONDS
    assert TITLE_SECONDS + clips * longest(clips) <= REEL_SECONDS + 1e-9


def test_a_reel_that_comes_by_itself_is_known_by_its_id() -> None:
    assert is_scheduled(scheduled_id(100, ended(WEEK, at("2026-11-23T00:00"))))
    assert not is_scheduled(JobId("1441441441441441441"))

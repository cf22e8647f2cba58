"""Shares of approval: what they say, how they are ordered, and how days become points of a line."""

import pytest

from bot.domain.trends import DAY, Dimension, Period, Share, over_time, ranked, whole

TODAY = 20_700
NOW = TODAY * DAY + 5_000


def share(label: str | None, votes: int, total: int, dimension: Dimension = Dimension.STYLE) -> Share:
    return Share(dimension=dimension, label=label, videos=votes, votes=votes, total=total)


def day(number: int, votes: int, total: int) -> Share:
    return share(str(number), votes, total, Dimension.DAY)


def test_a_share_says_how_good_and_how_sure() -> None:
    known = share("noir", 8, 600)
    assert known.approval == 0.75
    assert known.enough
    low, high = known.interval
    assert 0.4 < low < 0.75 < high < 0.95
    few = share("anime", 4, 400)
    assert not few.enough
    assert share(None, 0, 0).approval is None


def test_the_best_come_first_and_those_with_too_few_votes_last() -> None:
    shares = [
        share("few", 4, 400),
        share("good", 10, 900),
        share("none", 0, 0),
        share("as good but with more", 20, 1800),
        share("bad", 10, 100),
        share("other", 10, 1000, Dimension.MODEL),
    ]
    found = [one.label for one in ranked(shares, Dimension.STYLE)]
    assert found == ["as good but with more", "good", "bad", "few"]


@pytest.mark.parametrize(
    ("period", "points", "width"),
    [(Period.WEEK, 7, 1), (Period.MONTH, 30, 1), (Period.QUARTER, 13, 7), (Period.YEAR, 27, 14)],
)
def test_a_period_is_shown_in_6_to_30_points_that_end_today(period: Period, points: int, width: int) -> None:
    since = period.since(NOW)
    oldest = since // DAY
    shares = [day(oldest, 2, 100), day(TODAY, 3, 300)]
    found = over_time(shares, since=since, now=NOW)
    assert (len(found), found[0].days) == (points, width)
    assert found[-1].first_day + width - 1 == TODAY
    assert found[0].first_day <= oldest
    assert (found[0].votes, found[-1].votes) == (2, 3)
    assert found[0].approval == 0.5
    assert found[1].approval is None, "a day without votes has none"


@pytest.mark.parametrize("age", [2, 3, 6, 29, 30, 400, 4_000, 20_000])
def test_all_of_the_time_fits_too_whatever_its_length(age: int) -> None:
    shares = [day(TODAY - age, 1, 100), day(TODAY - age // 2, 1, 0), day(TODAY, 1, 50)]
    found = over_time(shares, since=0, now=NOW)
    assert 6 <= len(found) <= 30
    assert sum(bucket.votes for bucket in found) == 3
    assert sum(bucket.total for bucket in found) == 150


def test_a_server_without_videos_has_a_week_of_nothing() -> None:
    found = over_time([], since=0, now=NOW)
    assert len(found) == 7
    assert not any(bucket.votes for bucket in found)


def test_videos_of_a_clock_that_was_ahead_stay_in_the_picture() -> None:
    found = over_time([day(TODAY + 2, 5, 500)], since=Period.WEEK.since(NOW), now=NOW)
    assert found[-1].votes == 5


def test_the_whole_is_the_sum_of_its_days() -> None:
    total = whole([day(1, 2, 100), day(2, 4, 400), share("noir", 6, 500)])
    assert (total.videos, total.votes, total.total) == (6, 6, 500)


def test_a_period_begins_with_a_day() -> None:
    assert Period.WEEK.since(NOW) == (TODAY - 6) * DAY
    assert Period.ALL.since(NOW) == 0

"""Reels: which videos were the best of a time, and what time that is. All days are of UTC."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.job import JobId
from bot.domain.ratings import BEST
from bot.domain.wilson import wilson

FEWEST, USUAL, MOST = 3, 5, 10
"""Clips of a reel that members can ask for."""
MOST_OF_ONE = 2
"""Clips of one member, so that a reel is not one person's."""
CLIP_SECONDS = 8.0
REEL_SECONDS = 60.0
TITLE_SECONDS = 2.0
FADE_SECONDS = 0.5
BACK = {ReelEvery.WEEK: 7, ReelEvery.MONTH: 30}
"""Days that a reel on demand looks back, today among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time whose best is shown: milliseconds since 1970, the end not in it."""

    every: ReelEvery
    start: int
    end: int

    @property
    def first(self) -> date:
        """The first day."""
        return _moment(self.start).date()

    @property
    def last(self) -> date:
        """The last day of which anything is in it."""
        return _moment(self.end - 1).date()

    @property
    def key(self) -> str:
        """The name of a whole week or month: "2026-W47", "2026-11"."""
        if self.every is ReelEvery.MONTH:
            return f"{self.first:%Y-%m}"
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A delivered video with votes. `total` is the sum of the votes' values, 0 to `BEST` each."""

    job_id: JobId
    user_id: int
    votes: int
    total: int
    finished_at: int

    @property
    def approval(self) -> float:
        """The mean vote, 0 to 1."""
        return self.total / (BEST * self.votes)

    @property
    def surely(self) -> float:
        """What the approval is at least, as far as so many votes can tell."""
        return wilson(self.total / BEST, self.votes)[0]


def lately(every: ReelEvery, now: int) -> Period:
    """Return the last 7 or 30 days, today as far as it has come."""
    first = _moment(now).date() - timedelta(days=BACK[every] - 1)
    return Period(every=every, start=_milliseconds(first), end=now + 1)


def ended(every: ReelEvery, now: int) -> Period:
    """Return the newest calendar week, Monday to Sunday, or month that is over."""
    today = _moment(now).date()
    if every is ReelEvery.WEEK:
        end = today - timedelta(days=today.weekday())
        start = end - timedelta(days=7)
    else:
        end = today.replace(day=1)
        start = (end - timedelta(days=1)).replace(day=1)
    return Period(every=every, start=_milliseconds(start), end=_milliseconds(end))


def due(settings: FeedbackSettings, now: int) -> Period | None:
    """Return the time whose reel the server waits for; of several that have ended, the newest alone."""
    if settings.reel_every is None or settings.reel_channel_id is None or settings.reel_since is None:
        return None
    period = ended(settings.reel_every, now)
    return period if period.end > settings.reel_since else None


def best(
    candidates: Sequence[Candidate],
    count: int,
    *,
    of_one: int | None = None,
    without: Collection[JobId] = (),
) -> list[Candidate]:
    """Return the best, best first, at most `of_one` of each member, none of those `without`.

    Few votes prove little, so what counts is what the approval is at least; then votes, then the later one.
    """
    chosen: list[Candidate] = []
    taken: dict[int, int] = {}
    for candidate in sorted(candidates, key=_rank, reverse=True):
        if len(chosen) == count:
            break
        already = taken.get(candidate.user_id, 0)
        if candidate.votes and candidate.job_id not in without and already < (of_one or MOST_OF_ONE):
            taken[candidate.user_id] = already + 1
            chosen.append(candidate)
    return chosen


def longest(clips: int) -> float:
    """Return how many seconds each of so many clips may last, so that the reel is not too long."""
    return min(CLIP_SECONDS, (REEL_SECONDS - TITLE_SECONDS) / clips)


def shown_seconds(lengths: Sequence[int]) -> int:
    """Return how long a reel of clips of these lengths is, in seconds."""
    cap = longest(len(lengths))
    clips = sum(min(length, cap) for length in lengths)
    return round(TITLE_SECONDS + clips - FADE_SECONDS * (len(lengths) - 1))


def scheduled_id(guild_id: int, period: Period) -> JobId:
    """Return the id of a server's reel of a week or month: deciding twice is the same job."""
    return JobId(f"best-{guild_id}-{period.key}")


def is_scheduled(job_id: JobId) -> bool:
    """Say whether nobody asked for the reel: it came by itself."""
    return job_id.startswith("best-")


def _rank(candidate: Candidate) -> tuple[float, int, int, str]:
    if not candidate.votes:
        return 0.0, 0, candidate.finished_at, candidate.job_id
    return candidate.surely, candidate.votes, candidate.finished_at, candidate.job_id


def _moment(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _milliseconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000

"""What rates well on a server: shares of approval over time and by what videos were made with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ratings import BEST
from bot.domain.wilson import wilson

TOO_FEW = 5
"""Below so many votes a share says nothing yet: it is shown, but greyed, and nothing is suggested from it."""
MOST_BARS = 12
DAY = 86_400_000
"""Milliseconds."""
_MOST_POINTS = 30
_LEAST_DAYS = 7
_WIDTHS = (1, 2, 7, 14, 30, 91, 182, 365)


class Dimension(StrEnum):
    """What videos are told apart by; the value is what the statement says.

    `ENHANCED` counts videos without a style only: with one it is not known whether the text was enhanced too.
    """

    DAY = "day"
    STYLE = "style"
    MODEL = "model"
    SIZE = "size"
    SECONDS = "seconds"
    ENHANCED = "enhanced"
    PICTURE = "picture"


class Period(StrEnum):
    """How far back videos count, by the day (UTC) on which they were asked for."""

    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"
    ALL = "all"

    @property
    def days(self) -> int | None:
        """How many days count, today being the last; None for all."""
        return None if self is Period.ALL else int(self.value)

    def since(self, now: int) -> int:
        """Return the first moment that counts (ms): the beginning of a day, or 0."""
        return 0 if self.days is None else (now // DAY - self.days + 1) * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendQuery:
    """Which videos count: of a server, asked for since then (ms), of a member, by a model's address."""

    guild_id: int
    since: int = 0
    member: int | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Videos that have something in common, and the votes on them that count; `total` is the votes' sum.

    `label` is the style's name, the model's address, the size, the seconds, "yes" or "no", or the day since
    1970; None for videos without a style.
    """

    dimension: Dimension
    label: str | None
    videos: int
    votes: int
    total: int

    @property
    def approval(self) -> float | None:
        """The mean vote, 0 to 1; None without votes."""
        return self.total / (BEST * self.votes) if self.votes else None

    @property
    def interval(self) -> tuple[float, float]:
        """Within which the approval lies at 95 %."""
        return wilson(self.total / BEST, self.votes)

    @property
    def enough(self) -> bool:
        """Whether there are votes enough to say anything."""
        return self.votes >= TOO_FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionShare:
    """What people say in detail: a criterion of a kind of form, how many people, the sum of their scores."""

    kind: str
    criterion: str
    people: int
    total: int

    @property
    def mean(self) -> float:
        """The mean score, on the form's own scale."""
        return self.total / self.people


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a person wrote about a video."""

    user_id: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Some days in a row, the first one counted since 1970, and the votes on their videos."""

    first_day: int
    days: int
    videos: int
    votes: int
    total: int

    @property
    def approval(self) -> float | None:
        """The mean vote, 0 to 1; None without votes."""
        return self.total / (BEST * self.votes) if self.votes else None

    @property
    def enough(self) -> bool:
        """Whether there are votes enough to say anything."""
        return self.votes >= TOO_FEW


def ranked(shares: Iterable[Share], dimension: Dimension) -> list[Share]:
    """Return the shares of a dimension that have votes: the best first, those with too few votes last."""
    voted = (share for share in shares if share.dimension is dimension and share.votes)
    return sorted(
        voted, key=lambda share: (not share.enough, -(share.approval or 0), -share.votes, share.label or "")
    )


def over_time(shares: Iterable[Share], *, since: int, now: int) -> list[Bucket]:
    """Return the days in at most 30 buckets of equal length, of which the last one ends today.

    They begin at `since` (ms), or with 0 at the first day that has videos; at least a week is shown.
    """
    by_day = {int(share.label or 0): share for share in shares if share.dimension is Dimension.DAY}
    today = max([now // DAY, *by_day])
    first = since // DAY if since else min([today, *by_day])
    span = max(today - first + 1, _LEAST_DAYS)
    width = next((width for width in _WIDTHS if width * _MOST_POINTS >= span), -(-span // _MOST_POINTS))
    count = -(-span // width)
    start = today - count * width + 1
    sums = [[0, 0, 0] for _ in range(count)]
    for day, share in by_day.items():
        if day >= start:
            bucket = sums[(day - start) // width]
            for place, number in enumerate((share.videos, share.votes, share.total)):
                bucket[place] += number
    return [
        Bucket(first_day=start + number * width, days=width, videos=videos, votes=votes, total=total)
        for number, (videos, votes, total) in enumerate(sums)
    ]


def whole(shares: Sequence[Share]) -> Share:
    """Return all videos together; each has exactly one day."""
    days = [share for share in shares if share.dimension is Dimension.DAY]
    return Share(
        dimension=Dimension.DAY,
        label=None,
        videos=sum(share.videos for share in days),
        votes=sum(share.votes for share in days),
        total=sum(share.total for share in days),
    )

"""Figures of many jobs: how many there were, how many came out, how long they waited and took."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.states import JobState
from bot.domain.trends import DAY

MOST_SPANS = 30
"""So many spans fit beside each other in a picture on a phone."""
_LENGTHS = (1, 7, 30, 91, 365)
"""Days of a span: the first of these with which a period has no more than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What figures need of a job. Times are milliseconds, `created_at` since 1970 UTC.

    `model` is an address such as "house/model-1". `waited` is from the command to the last start (None before
    there was one), `took` from there to the delivered video (None where there is none).
    """

    model: str
    user_id: int
    created_at: int
    state: JobState
    waited: int | None = None
    took: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """So many jobs, and the middle one's times in milliseconds; what is neither of the three goes on."""

    jobs: int = 0
    delivered: int = 0
    failed: int = 0
    cancelled: int = 0
    waited: int | None = None
    took: int | None = None

    @property
    def success(self) -> float | None:
        """Return the share of delivered ones, 0 to 1; cancelled ones and those that go on are no failures."""
        ended = self.delivered + self.failed
        return self.delivered / ended if ended else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The jobs of some days, the first of which began at `since` (ms)."""

    since: int
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The figures of a period: of everybody, of who asks, and by what there is, the busiest first.

    `models` goes by address. `spans` have `days` each, are in order and without a gap; the last ends today.
    """

    whole: Figures
    own: Figures
    models: Sequence[tuple[str, Figures]]
    members: Sequence[tuple[int, Figures]]
    spans: Sequence[Span]
    days: int


Key = TypeVar("Key", int, str)


def stats(runs: Sequence[Run], *, user_id: int, since: int, now: int) -> Stats:
    """Count the runs, none of which is older than `since` (ms); with 0 the first run begins the period."""
    first = since or min((run.created_at for run in runs), default=now)
    whole = now // DAY - min(first, now) // DAY + 1
    days = next((days for days in _LENGTHS if days * MOST_SPANS >= whole), _LENGTHS[-1])
    return Stats(
        whole=figures(runs),
        own=figures([run for run in runs if run.user_id == user_id]),
        models=_grouped(runs, lambda run: run.model),
        members=_grouped(runs, lambda run: run.user_id),
        spans=_spans(runs, now, days, count=-(-whole // days)),
        days=days,
    )


def figures(runs: Sequence[Run]) -> Figures:
    """Count these runs."""
    states = [run.state for run in runs]
    return Figures(
        jobs=len(runs),
        delivered=states.count(JobState.DELIVERED),
        failed=states.count(JobState.FAILED),
        cancelled=states.count(JobState.CANCELLED),
        waited=_median(run.waited for run in runs),
        took=_median(run.took for run in runs),
    )


def _grouped(runs: Sequence[Run], key: Callable[[Run], Key]) -> list[tuple[Key, Figures]]:
    groups: dict[Key, list[Run]] = {}
    for run in runs:
        groups.setdefault(key(run), []).append(run)
    counted = [(name, figures(group)) for name, group in groups.items()]
    return sorted(counted, key=lambda group: (-group[1].jobs, group[0]))


def _spans(runs: Sequence[Run], now: int, days: int, *, count: int) -> list[Span]:
    """Cut the period into spans of so many days, the last of which ends with the present day."""
    first = (now // DAY + 1 - count * days) * DAY
    groups: list[list[Run]] = [[] for _ in range(count)]
    for run in runs:
        # The clock may have been set back since: what was asked for in the future was asked for today.
        groups[min((run.created_at - first) // (days * DAY), count - 1)].append(run)
    return [
        Span(since=first + number * days * DAY, figures=figures(group)) for number, group in enumerate(groups)
    ]


def _median(values: Iterable[int | None]) -> int | None:
    """Return the middle value; of two middle ones the smaller."""
    known = sorted(max(0, value) for value in values if value is not None)
    return known[(len(known) - 1) // 2] if known else None

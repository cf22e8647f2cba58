"""What the picture of `/stats` shows: pure functions from figures to a chart."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from bot.domain.chart import Bar, Bars, Chart, Course, Panel, Point, accent_of
from bot.domain.stats import Figures, Span, Stats
from bot.domain.trends import MOST_BARS, TOO_FEW, Period
from cogs.stats._words import facts
from cogs.status import clock_time
from cogs.texts import Texts

LEAST_SCALE = 2000
"""Milliseconds: below, the heights of a scale would all read 0:00."""


def figures_chart(
    stats: Stats,
    period: Period,
    texts: Texts,
    *,
    guild_id: int | None,
    models: Mapping[str, str],
    members: Mapping[int, str],
) -> Chart:
    """Put the figures into panels: over time, by model, and by member where they may be told apart.

    `models` and `members` are the names that are known.
    """
    rows: list[tuple[Panel, ...]] = [
        (_success(stats, texts),),
        (
            _times(texts("stats-picture-wait"), stats.spans, lambda figures: figures.waited),
            _times(texts("stats-picture-making"), stats.spans, lambda figures: figures.took),
        ),
        (
            _bars(
                texts("stats-picture-models"),
                [(models.get(model, model), figures) for model, figures in stats.models],
                texts,
            ),
        ),
    ]
    if stats.members:
        named = [
            (members.get(user_id) or texts("somebody-gone"), figures) for user_id, figures in stats.members
        ]
        rows.append((_bars(texts("stats-picture-members"), named, texts),))
    return Chart(
        title=texts("stats-picture-title"),
        subtitle=texts("stats-picture-subtitle", period=texts(f"choice-period-{period}")),
        accent=accent_of(guild_id or 0),
        rows=tuple(rows),
        footnote=texts("stats-picture-footnote"),
    )


def _success(stats: Stats, texts: Texts) -> Course:
    most = max(span.figures.jobs for span in stats.spans)
    return Course(
        title=texts("stats-picture-success", days=stats.days),
        points=tuple(
            Point(
                label=_day(span),
                value=span.figures.success,
                volume=span.figures.jobs,
                pale=span.figures.delivered + span.figures.failed < TOO_FEW,
            )
            for span in stats.spans
        ),
        ticks=((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")),
        caption=texts("stats-picture-columns", most=str(most)),
    )


def _times(title: str, spans: Sequence[Span], time: Callable[[Figures], int | None]) -> Course:
    """Draw the median times (ms) of the spans, in half the width: two dates fit below."""
    ends = (spans[0], spans[-1])
    highest = max(LEAST_SCALE, *(time(span.figures) or 0 for span in spans))
    return Course(
        title=title,
        points=tuple(
            Point(
                label=_day(span) if span in ends else "",
                value=time(span.figures),
                volume=0,
                pale=span.figures.jobs < TOO_FEW,
            )
            for span in spans
        ),
        most=highest,
        ticks=tuple((height, clock_time(height)) for height in (0, highest // 2, highest)),
    )


def _day(span: Span) -> str:
    return f"{datetime.fromtimestamp(span.since / 1000, UTC):%Y-%m-%d}"


def _bars(title: str, named: Sequence[tuple[str, Figures]], texts: Texts) -> Bars:
    left = len(named) - MOST_BARS
    return Bars(
        title=title,
        bars=tuple(
            Bar(label=name, value=figures.jobs, note=facts(figures, texts))
            for name, figures in named[:MOST_BARS]
        ),
        most=max((figures.jobs for _, figures in named), default=1),
        more=texts("stats-more", count=left) if left > 0 else "",
    )

"""The chart of trends: pure, from figures to labelled panels, and its words for whoever cannot see it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.bradley_terry import Strength
from bot.domain.chart import Bar, Bars, Chart, Course, Lines, Panel, Point, accent_of
from bot.domain.evaluation import HIGHEST, EvaluationKind
from bot.domain.prompt import shorten
from bot.domain.trends import DAY, MOST_BARS, TOO_FEW, Dimension, Share, ranked
from bot.jobs.trends import Trends
from cogs.looks import shown_style
from cogs.texts import Texts

ALT_TEXT = 1024
"""Characters (https://discord.com/developers/docs/resources/message#attachment-object)."""
_TITLES: Mapping[Dimension, str] = {
    Dimension.STYLE: "trends-style",
    Dimension.MODEL: "trends-model",
    Dimension.SIZE: "trends-size",
    Dimension.SECONDS: "trends-seconds",
    Dimension.ENHANCED: "trends-enhanced",
    Dimension.PICTURE: "trends-picture",
}
_ROWS = (
    (Dimension.STYLE,),
    (Dimension.MODEL,),
    (Dimension.SIZE, Dimension.SECONDS),
    (Dimension.ENHANCED, Dimension.PICTURE),
)
_FORMS = {EvaluationKind.DETAIL: "trends-detail", EvaluationKind.REFINE: "trends-refine"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the reader calls the server, the member whose videos count, and models by their addresses."""

    server: str
    member: str | None
    model: Callable[[str], str]


def trends_chart(trends: Trends, names: Names, texts: Texts) -> Chart:
    """Return the panels of which there is anything to show."""
    rows: list[tuple[Panel, ...]] = [(_course(trends, texts),)] if trends.whole.votes else []
    rows += [
        tuple(panel for dimension in row for panel in _bars(trends, dimension, names, texts)) for row in _ROWS
    ]
    rows.append(_compared(trends.styles, "trends-compared-styles", lambda name: _style(name, texts), texts))
    rows.append(_compared(trends.models, "trends-compared-models", names.model, texts))
    rows += [_criteria(trends, kind, texts) for kind in _FORMS]
    if trends.themes:
        lines = tuple(
            theme.text
            if theme.people is None
            else texts("trends-theme", theme=theme.text, people=theme.people)
            for theme in trends.themes
        )
        rows.append((Lines(title=texts("trends-themes"), lines=lines),))
    return Chart(
        title=texts("trends-title", server=names.server),
        subtitle=subtitle(trends, names, texts),
        accent=accent_of(trends.query.guild_id),
        rows=tuple(row for row in rows if row),
        footnote=texts("trends-footnote", few=TOO_FEW),
    )


def subtitle(trends: Trends, names: Names, texts: Texts) -> str:
    """Say which videos count, and how many votes there are."""
    parts = [texts(f"choice-period-{trends.period}")]
    if names.member is not None:
        parts.append(texts("trends-of-member", member=names.member))
    if trends.query.model is not None:
        parts.append(names.model(trends.query.model))
    whole = trends.whole
    parts.append(texts("trends-votes", votes=whole.votes, videos=whole.videos))
    return " · ".join(parts)


def alt_text(chart: Chart) -> str:
    """Say in words what the chart shows: every bar with its figure, as far as there is room."""
    sentences = [f"{chart.title}. {chart.subtitle}."]
    for panel in (panel for row in chart.rows for panel in row):
        if isinstance(panel, Bars):
            figures = [f"{bar.label} {bar.note}" for bar in panel.bars]
        elif isinstance(panel, Course):
            figures = [_ends(panel)]
        else:
            figures = list(panel.lines)
        sentences.append(f"{panel.title}: {'; '.join(figures)}.")
    return shorten(" ".join(sentences), ALT_TEXT)


def shown_label(share: Share, names: Names, texts: Texts) -> str:
    """Name what the videos of a share have in common."""
    label = share.label or ""
    match share.dimension:
        case Dimension.STYLE:
            return _style(label, texts)
        case Dimension.MODEL:
            return names.model(label)
        case Dimension.SIZE:
            return label.replace("x", "×")
        case Dimension.SECONDS:
            return texts("trends-length", seconds=label)
        case Dimension.ENHANCED:
            return texts("trends-enhanced-which", which=label)
        case Dimension.PICTURE:
            return texts("trends-picture-which", which=label)
        case Dimension.DAY:
            return day(int(label or 0))


def day(number: int) -> str:
    """Write a day since 1970 as 2026-11-21."""
    return datetime.fromtimestamp(number * DAY // 1000, UTC).date().isoformat()


def percent(share: float) -> str:
    """Write a share as whole percents."""
    return f"{100 * share:.0f}"


def _style(name: str, texts: Texts) -> str:
    return shown_style(name, texts) if name else texts("trends-no-style")


def _course(trends: Trends, texts: Texts) -> Course:
    points = tuple(
        Point(
            label=day(bucket.first_day),
            value=bucket.approval,
            volume=bucket.votes,
            pale=not bucket.enough,
        )
        for bucket in trends.course
    )
    return Course(
        title=texts("trends-course"),
        points=points,
        ticks=tuple((share, texts("trends-percent", percent=percent(share))) for share in (0.0, 0.5, 1.0)),
        caption=texts(
            "trends-volume", most=max(point.volume for point in points), days=trends.course[0].days
        ),
    )


def _bars(trends: Trends, dimension: Dimension, names: Names, texts: Texts) -> Iterable[Bars]:
    shares = ranked(trends.shares, dimension)
    if not shares:
        return
    bars = tuple(
        Bar(
            label=shown_label(share, names, texts),
            value=share.approval or 0.0,
            note=texts("trends-share", percent=percent(share.approval or 0.0), votes=str(share.votes)),
            low=share.interval[0],
            high=share.interval[1],
            pale=not share.enough,
        )
        for share in shares[:MOST_BARS]
    )
    yield Bars(title=texts(_TITLES[dimension]), bars=bars, more=_more(shares, texts))


def _more(shares: Sequence[Share], texts: Texts) -> str:
    left = len(shares) - MOST_BARS
    return texts("trends-more", count=left) if left > 0 else ""


def _compared(
    rated: Mapping[str, Strength], title: str, name: Callable[[str], str], texts: Texts
) -> tuple[Panel, ...]:
    """Show how often each would be chosen over an average one."""
    best = sorted(
        rated.items(), key=lambda one: (one[1].games < TOO_FEW, -one[1].value, -one[1].games, one[0])
    )
    bars = tuple(
        Bar(
            label=name(key),
            value=strength.value,
            note=texts("trends-share", percent=percent(strength.value), votes=str(strength.games)),
            pale=strength.games < TOO_FEW,
        )
        for key, strength in best[:MOST_BARS]
    )
    left = len(best) - MOST_BARS
    more = texts("trends-more", count=left) if left > 0 else ""
    return (Bars(title=texts(title), bars=bars, more=more),) if bars else ()


def _criteria(trends: Trends, kind: EvaluationKind, texts: Texts) -> tuple[Panel, ...]:
    asked = [one for one in trends.criteria if one.kind == kind.value]
    bars = tuple(
        Bar(
            label=texts(f"criterion-{one.criterion}-label"),
            value=one.mean,
            note=texts("trends-score", score=f"{one.mean:.1f}", people=str(one.people)),
            pale=one.people < TOO_FEW,
        )
        for one in sorted(asked, key=lambda one: (-one.mean, one.criterion))
        if texts.has(f"criterion-{one.criterion}-label")  # not of a version to come
    )
    best = HIGHEST[kind]
    return (Bars(title=texts(_FORMS[kind], best=str(best)), bars=bars, most=best),) if bars else ()


def _ends(panel: Course) -> str:
    known = [point for point in panel.points if point.value is not None]
    ends = known if len(known) < 2 else [known[0], known[-1]]
    return "; ".join(f"{point.label} {percent(point.value or 0.0)} %" for point in ends)

"""What `/stats` says in words: pure functions from figures to texts."""

from bot.domain.prompt import shorten
from bot.domain.stats import Figures, Stats
from bot.domain.trends import Period
from bot.jobs.stats import MOST, Report
from cogs.status import clock_time
from cogs.texts import Texts

MEMBERS = 10
ALT = 1024
"""Of an attachment's description (reference: discord, messages)."""


def figures_text(report: Report, period: Period, texts: Texts, *, in_server: bool) -> str:
    """Write the figures: of everybody, of who asks, and by member where they may be told apart."""
    stats, place = report.stats, "server" if in_server else "direct"
    title = texts("stats-title", period=texts(f"choice-period-{period}"), place=place)
    if not stats.whole.jobs:
        return f"{title}\n{texts('stats-none')}"
    lines = [title, *_lines(stats.whole, texts)]
    if in_server:
        lines.append(texts("stats-own", jobs=stats.own.jobs, **_rates(stats.own)))
    if stats.members:
        lines.append(texts("stats-members"))
        for user_id, figures in stats.members[:MEMBERS]:
            member = f"<@{user_id}>" if user_id else texts("somebody-gone")
            lines.append(texts("stats-member", member=member, facts=facts(figures, texts)))
        if len(stats.members) > MEMBERS:
            lines.append(texts("stats-more", count=len(stats.members) - MEMBERS))
    if report.cut:
        lines.append(texts("stats-cut", most=f"{MOST:,}"))
    return "\n".join(lines)


def alt_text(stats: Stats, period: Period, texts: Texts) -> str:
    """Say what the picture shows, for those who do not see it."""
    shown = [texts("stats-alt", period=texts(f"choice-period-{period}")), *_lines(stats.whole, texts)]
    return shorten(" ".join(shown).replace("**", ""), ALT)


def facts(figures: Figures, texts: Texts) -> str:
    """Write figures in a few signs, such as "41 · 97 % · 0:12 · 1:40"; what is not known is a dash."""
    return texts("stats-facts", jobs=str(figures.jobs), **_rates(figures))


def percent(figures: Figures) -> str:
    """Write the success rate; 100 only where nothing has failed."""
    return "–" if figures.success is None else f"{int(100 * figures.success)} %"


def duration(milliseconds: int | None) -> str:
    """Write a length of time."""
    return "–" if milliseconds is None else clock_time(milliseconds)


def _lines(figures: Figures, texts: Texts) -> list[str]:
    going = figures.jobs - figures.delivered - figures.failed - figures.cancelled
    counts = {
        "stats-delivered": figures.delivered,
        "stats-failed": figures.failed,
        "stats-cancelled": figures.cancelled,
        "stats-going": going,
    }
    parts = ", ".join(texts(key, count=count) for key, count in counts.items() if count)
    return [
        texts("stats-jobs", jobs=figures.jobs, parts=parts),
        texts("stats-rates", **_rates(figures)),
    ]


def _rates(figures: Figures) -> dict[str, str]:
    return {
        "percent": percent(figures),
        "waited": duration(figures.waited),
        "took": duration(figures.took),
    }

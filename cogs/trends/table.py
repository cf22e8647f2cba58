"""The figures of trends as a table for spreadsheets."""

import csv
import io
from collections.abc import Sequence

from bot.domain.evaluation import HIGHEST, EvaluationKind
from bot.domain.trends import Dimension, Share
from bot.jobs.trends import Trends
from cogs.texts import Texts
from cogs.trends.picture import Names, shown_label

BYTE_ORDER_MARK = "\ufeff"
"""Without it some spreadsheets read UTF-8 as something else."""
HEADER = ("what", "which", "videos", "votes", "approval", "low", "high", "mean score", "best score")
"""Approval and the ends of its interval in percent."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""

Cell = str | int | None


def trends_table(trends: Trends, names: Names, texts: Texts) -> bytes:
    """Return the table as CSV: days, every dimension, criteria, comparisons and themes."""
    shares = sorted(trends.shares, key=_order)
    rows: list[Sequence[Cell]] = [HEADER]
    rows += [_share_row(share, names, texts) for share in shares]
    for one in trends.criteria:
        best = HIGHEST.get(EvaluationKind(one.kind)) if one.kind in set(EvaluationKind) else None
        what = f"criterion ({one.kind})"
        rows.append((what, one.criterion, None, one.people, None, None, None, f"{one.mean:.2f}", best))
    for what, rated in (("compared style", trends.styles), ("compared model", trends.models)):
        for name, strength in sorted(rated.items()):
            rows.append((what, name, None, strength.games, f"{100 * strength.value:.1f}"))
    rows += [("theme", theme.text, None, theme.people) for theme in trends.themes]
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in (*row, *(None,) * (len(HEADER) - len(row)))])
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _share_row(share: Share, names: Names, texts: Texts) -> Sequence[Cell]:
    row: tuple[Cell, ...] = (
        share.dimension.value,
        shown_label(share, names, texts),
        share.videos,
        share.votes,
    )
    if share.approval is None:
        return row
    return (*row, *(f"{100 * figure:.1f}" for figure in (share.approval, *share.interval)))


def _order(share: Share) -> tuple[int, int, int, str]:
    """Days by time, all others the most votes first."""
    place = list(Dimension).index(share.dimension)
    if share.dimension is Dimension.DAY:
        return place, int(share.label or 0), 0, ""
    return place, 0, -share.votes, share.label or ""


def _harmless(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text

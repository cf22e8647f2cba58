"""Pictures of figures, drawn in a child process: what draws them takes more memory than the whole bot."""

from dataclasses import asdict

from bot.domain.chart import Bars, Chart, Course, Panel
from bot.media.child import Allowance
from bot.media.order import picture_of

_LARGEST = 8 << 20  # bytes; a picture has some hundred thousand


async def draw_chart(chart: Chart, *, allowance: Allowance | None = None) -> bytes:
    """Return a JPEG of the chart, 1080 pixels wide. Cancelling kills the process.

    Raises:
        CannotFit: it took too long, or the process failed.
    """
    rows = [[{"kind": _kind(panel), **asdict(panel)} for panel in row] for row in chart.rows]
    order = asdict(chart) | {"rows": rows}
    return await picture_of("bot.media.chart_process", order, _LARGEST, allowance or Allowance())


def _kind(panel: Panel) -> str:
    if isinstance(panel, Bars):
        return "bars"
    return "course" if isinstance(panel, Course) else "lines"

"""The child process that draws a chart: `python -m bot.media.chart_process`.

Its source is an order: a `bot.domain.chart.Chart` as an object, each panel with its `kind`.
"""

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.chart import Bar, Bars, Chart, Course, Lines, Panel, Point
from bot.domain.errors import CannotFit
from bot.media.confined import Say, confined

_QUALITIES = (92, 80, 60)


def chart_here(order: Path, target: Path, limit: int, say: Say) -> None:
    """Write the chart as a JPEG of at most `limit` bytes."""
    chart = _chart(json.loads(order.read_text(encoding="utf-8")))
    say(seconds=0.0)
    picture = _drawn(chart)
    for quality in _QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, subsampling=0)
        if out.tell() <= limit:
            target.write_bytes(out.getvalue())
            return
    raise CannotFit(f"the chart has more than {limit} bytes")


def _drawn(chart: Chart) -> Any:
    # The library looks for all fonts of the machine when it is first imported; none of them is used.
    from bot.media.chart_drawing import drawn

    return drawn(chart)


def _chart(order: Mapping[str, Any]) -> Chart:
    red, green, blue = order["accent"]
    return Chart(
        title=order["title"],
        subtitle=order["subtitle"],
        accent=(red, green, blue),
        rows=tuple(tuple(_panel(panel) for panel in row) for row in order["rows"]),
        footnote=order["footnote"],
    )


def _panel(panel: Mapping[str, Any]) -> Panel:
    if panel["kind"] == "bars":
        return Bars(
            title=panel["title"],
            bars=tuple(Bar(**bar) for bar in panel["bars"]),
            most=panel["most"],
            more=panel["more"],
        )
    if panel["kind"] == "course":
        return Course(
            title=panel["title"],
            points=tuple(Point(**point) for point in panel["points"]),
            most=panel["most"],
            ticks=tuple((height, name) for height, name in panel["ticks"]),
            caption=panel["caption"],
        )
    return Lines(title=panel["title"], lines=tuple(panel["lines"]))


if __name__ == "__main__":
    sys.exit(confined(sys.argv[1:], chart_here))

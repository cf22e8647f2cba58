"""A whole chart: head, rows of panels, foot."""

from PIL import Image

from bot.domain.chart import Chart
from bot.media.chart_panels import draw_panel, height_of
from bot.media.chart_sheet import MARGIN, SMALL, SOFT, TITLE, WIDTH, Sheet, broken_at

_LINE = SMALL + 14
_FOOTNOTE_LINES = 3


def drawn(chart: Chart) -> Image.Image:
    """Draw the chart, as high as its panels need."""
    heights = [max(height_of(panel) for panel in row) for row in chart.rows]
    head = MARGIN + TITLE + 24 + (SMALL + 20 if chart.subtitle else 0) + 14
    inner = WIDTH - 2 * MARGIN
    notes = broken_at(chart.footnote, SMALL, inner, _FOOTNOTE_LINES)
    foot = len(notes) * _LINE + MARGIN
    sheet = Sheet(head + sum(heights) + foot, chart.accent)
    sheet.box(MARGIN, MARGIN - 4, 10, TITLE + 12, sheet.accent)
    sheet.text(MARGIN + 30, MARGIN + TITLE / 2, chart.title, size=TITLE, width=inner - 30)
    subtitle = MARGIN + TITLE + 24 + SMALL / 2
    sheet.text(MARGIN, subtitle, chart.subtitle, size=SMALL, colour=SOFT, width=inner)
    top = float(head)
    for row, height in zip(chart.rows, heights, strict=True):
        each = (inner - (len(row) - 1) * MARGIN) / len(row)
        for number, panel in enumerate(row):
            draw_panel(sheet, panel, MARGIN + number * (each + MARGIN), top, each)
        top += height
    for number, note in enumerate(notes):
        middle = top + _LINE * number + _LINE / 2
        sheet.text(MARGIN, middle, note, size=SMALL, colour=SOFT, width=inner)
    return sheet.picture()

"""The panels of a chart: bars with intervals, a course over time, lines of words."""

from itertools import pairwise

from bot.domain.chart import Bar, Bars, Course, Lines, Panel, Point
from bot.media.chart_sheet import HEADING, INK, PALE, RULE, SMALL, SOFT, TEXT, TRACK, Sheet, width_of

_HEAD = HEADING + 22
_GAP = 30
_ROW = 50
_THICK = 26
_COURSE = 300
_LINE = TEXT + 15
_LABELS = 0.38
"""The share of a panel's width that names may take."""


def height_of(panel: Panel) -> int:
    """Return how many pixels the panel needs, with the gap below."""
    if isinstance(panel, Bars):
        return _HEAD + _ROW * len(panel.bars) + (_ROW if panel.more else 0) + _GAP
    if isinstance(panel, Course):
        return _HEAD + _COURSE + SMALL + 30 + (SMALL + 16 if panel.caption else 0) + _GAP
    return _HEAD + _LINE * len(panel.lines) + _GAP


def draw_panel(sheet: Sheet, panel: Panel, x: float, y: float, width: float) -> None:
    """Draw the panel with its top left corner here."""
    sheet.text(x, y + HEADING / 2, panel.title, size=HEADING, width=width)
    top = y + _HEAD
    if isinstance(panel, Bars):
        _bars(sheet, panel, x, top, width)
    elif isinstance(panel, Course):
        _course(sheet, panel, x, top, width)
    else:
        _lines(sheet, panel, x, top, width)


def _bars(sheet: Sheet, panel: Bars, x: float, y: float, width: float) -> None:
    labels = min(_LABELS * width, max((width_of(bar.label, TEXT) for bar in panel.bars), default=0) + 6)
    notes = max((width_of(bar.note, SMALL) for bar in panel.bars), default=0) + 6
    start, room = x + labels + 16, width - labels - notes - 32
    for number, bar in enumerate(panel.bars):
        middle = y + _ROW * number + _ROW / 2
        name, note = (PALE, PALE) if bar.pale else (INK, SOFT)
        sheet.text(x, middle, bar.label, size=TEXT, colour=name, width=labels)
        sheet.box(start, middle - _THICK / 2, room, _THICK, TRACK)
        _bar(sheet, bar, start, middle, room, panel.most)
        sheet.text(x + width, middle, bar.note, size=SMALL, colour=note, width=notes, align="right")
    if panel.more:
        below = y + _ROW * len(panel.bars) + _ROW / 2
        sheet.text(x, below, panel.more, size=SMALL, colour=SOFT, width=width)


def _bar(sheet: Sheet, bar: Bar, x: float, middle: float, room: float, most: float) -> None:
    def at(value: float) -> float:
        return x + room * min(max(value / most, 0.0), 1.0)

    # Nothing at all is shown as a sliver: an empty track would say that there is no figure.
    filled = max(at(bar.value) - x, 4)
    sheet.box(x, middle - _THICK / 2, filled, _THICK, RULE if bar.pale else sheet.accent)
    if bar.low is not None and bar.high is not None:
        ink, ends = PALE if bar.pale else INK, (at(bar.low), at(bar.high))
        sheet.line(ends, (middle, middle), ink, thick=3)
        for end in ends:
            sheet.line((end, end), (middle - 8, middle + 8), ink, thick=3)


def _course(sheet: Sheet, panel: Course, x: float, y: float, width: float) -> None:
    names = max((width_of(name, SMALL) for _, name in panel.ticks), default=0)
    start, room = x + names + 18, width - names - 18
    for height, name in panel.ticks:
        level = y + _COURSE * (1 - height / panel.most)
        sheet.line((start, start + room), (level, level), RULE, thick=1.5)
        sheet.text(start - 14, level, name, size=SMALL, colour=SOFT, width=names + 4, align="right")
    points = panel.points
    step = room / max(len(points), 1)
    busiest = max((point.volume for point in points), default=0) or 1
    for number, point in enumerate(points):
        high = _COURSE * 0.4 * point.volume / busiest
        thin = step * 0.66
        left = start + step * (number + 0.5) - thin / 2
        sheet.box(left, y + _COURSE - high, thin, high, sheet.accent, alpha=0.28)
    _line_through(sheet, panel, start, y, step)
    below = y + _COURSE + 16 + SMALL / 2
    for number in sorted({0, len(points) // 2, len(points) - 1} if points else set()):
        _moment(sheet, points[number], number, len(points), start, below, step)
    sheet.text(start, below + SMALL + 16, panel.caption, size=SMALL, colour=SOFT, width=room)


def _moment(
    sheet: Sheet, point: Point, number: int, count: int, start: float, below: float, step: float
) -> None:
    """Write when a point was: the first and the last one within the panel."""
    if number == 0 and count > 1:
        sheet.text(start, below, point.label, size=SMALL, colour=SOFT, width=3 * SMALL * 4)
    elif number == count - 1 and count > 1:
        end = start + step * count
        sheet.text(end, below, point.label, size=SMALL, colour=SOFT, width=3 * SMALL * 4, align="right")
    else:
        middle = start + step * (number + 0.5)
        sheet.text(middle, below, point.label, size=SMALL, colour=SOFT, width=3 * SMALL * 4, align="center")


def _line_through(sheet: Sheet, panel: Course, start: float, y: float, step: float) -> None:
    known = [
        (start + step * (number + 0.5), y + _COURSE * (1 - point.value / panel.most), point.pale)
        for number, point in enumerate(panel.points)
        if point.value is not None
    ]
    for one, next_one in pairwise(known):
        pale = one[2] or next_one[2]
        sheet.line(
            (one[0], next_one[0]),
            (one[1], next_one[1]),
            PALE if pale else sheet.accent,
            thick=3 if pale else 5,
            dashed=pale,
        )
    for across, down, pale in known:
        sheet.dot(across, down, PALE if pale else sheet.accent, hollow=pale)


def _lines(sheet: Sheet, panel: Lines, x: float, y: float, width: float) -> None:
    for number, line in enumerate(panel.lines):
        middle = y + _LINE * number + _LINE / 2
        sheet.box(x, middle - 5, 10, 10, sheet.accent)
        sheet.text(x + 28, middle, line, size=TEXT, width=width - 28)

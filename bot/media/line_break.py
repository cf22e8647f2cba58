"""Where lines break: at spaces, between Chinese, Japanese or Korean characters, or inside an endless word."""

import unicodedata
from collections.abc import Callable

_ELLIPSIS = "…"
_LOOSE = " ,.;:，。、；：-"

Measure = Callable[[str], float]


def broken(text: str, measure: Measure, width: float, most: int) -> list[str]:
    """Return at most `most` lines; `measure` gives a text's width. An ellipsis stands for what is left."""
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most:
        end = _fitting(rest, measure, width)
        if end == len(rest):
            lines.append(rest)
            break
        if len(lines) == most - 1:
            while end > 1 and measure(rest[:end].rstrip(_LOOSE) + _ELLIPSIS) > width:
                end -= 1
            lines.append(rest[:end].rstrip(_LOOSE) + _ELLIPSIS)
            break
        end = _break_before(rest, end)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def _fitting(text: str, measure: Measure, width: float) -> int:
    """Return how many characters from the start fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _break_before(text: str, end: int) -> int:
    """Return the best place at or before `end`; a closing mark never starts a line."""
    for place in range(end, 0, -1):
        before, after = text[place - 1], text[place]
        if " " in (before, after):
            return place
        if (_is_wide(before) or _is_wide(after)) and unicodedata.category(after) not in {"Po", "Pe", "Pf"}:
            return place
    return end


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"

"""Which of a clip's last pictures the next clip can go on from. Pure, on figures of the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

HALF = 0.5
"""Seconds before the last good picture among which the sharpest is chosen."""
_ALIKE = 0.9  # of the best sharpness: then the later picture is better, since the next clip starts from it
_BLACK, _WHITE = 24, 232  # of 255
_FADED = 0.94  # of the brightness before a fade
_DEEP = 0.75  # of the brightness before: what gets less dark is no fade
_SHORTEST_FADE = 4  # pictures; what is quicker is a cut to another scene
_CUT = 0.6  # of a fall in one step: a cut to a dark scene
_BLEACHED = 200  # of 255, as the darkest there is: the end of a fade to white
_STEADY = 1.0  # of 255: what the brightness may waver on its way down


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Figures of one picture: `time` in seconds, brightness of 255; 5 % below `dark`, 5 % over `light`."""

    time: float
    mean: float
    dark: float
    light: float
    sharpness: float


def last_good(looks: Sequence[Look]) -> int | None:
    """Return the index of the picture to go on from: sharp, and of before a fade; None if there is none.

    `looks` are in order and reach back some seconds, so that a long fade is seen whole.
    """
    means = [look.mean for look in looks]
    end = _fade(means)
    if looks and looks[-1].dark >= _BLEACHED:
        end = min(end, _fade([255 - mean for mean in means]))
    good = [
        index
        for index, look in enumerate(looks[:end])
        if look.light >= _BLACK and look.dark <= _WHITE and not _is_much_darker(look, looks)
    ]
    if not good:
        return None
    late = [index for index in good if looks[index].time >= looks[good[-1]].time - HALF]
    best = max(looks[index].sharpness for index in late)
    return max(index for index in late if looks[index].sharpness >= best * _ALIKE)


def _fade(means: Sequence[float]) -> int:
    """Return where a fade to black begins that lasts to the end, or the number of pictures."""
    count = len(means)
    first = count - 1
    while first > 0 and means[first - 1] >= means[first] - _STEADY:
        first -= 1
    if first >= count - _SHORTEST_FADE:
        return count
    bright, fall = means[first], means[first] - means[-1]
    steepest = max(before - after for before, after in pairwise(means[first:]))
    if means[-1] >= bright * _DEEP or steepest > fall * _CUT:
        return count
    return next(index for index in range(first, count) if means[index] < bright * _FADED)


def _is_much_darker(look: Look, looks: Sequence[Look]) -> bool:
    """Say whether it is a dark flash: darker than what comes before it and what comes after."""
    before = [other.mean for other in looks if 0 < look.time - other.time <= HALF]
    after = [other.mean for other in looks if 0 < other.time - look.time <= HALF]
    return bool(before) and all(look.mean < median(means) * _DEEP for means in (before, after) if means)

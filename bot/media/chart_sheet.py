"""The ground of charts: a dark card that stands out on any ground, with type that a phone shows legibly.

Everything is drawn in pixels of one upright picture, from the top. Imported in a child process alone.
"""

import functools
import unicodedata
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontPath, FontProperties
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from bot.media.lettering import drawable, font_for, lines_of

WIDTH = 1080
MARGIN = 44
DPI = 72.0
"""So that a point of type is a pixel."""
TITLE, HEADING, TEXT, SMALL = 50, 36, 31, 27
"""Heights of type in pixels; a phone shows the picture at a third of its size."""
BACK, TRACK, RULE = "#232428", "#34363c", "#4a4d55"
INK, SOFT, PALE = "#f2f3f5", "#b5bac1", "#8d919b"


class Sheet:
    """The picture while it is drawn: text and shapes by pixels from the top left."""

    def __init__(self, height: int, accent: tuple[int, int, int]) -> None:
        self.accent = "#{:02x}{:02x}{:02x}".format(*accent)
        self._figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=BACK)
        self._canvas: Any = FigureCanvasAgg(self._figure)
        self._axes: Any = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int,
        colour: str = INK,
        width: float,
        align: str = "left",
    ) -> None:
        """Write one line with its middle at this height, cut to so many pixels."""
        shown = fitting(text, size, width)
        if shown:
            self._axes.text(
                x,
                y,
                shown,
                color=colour,
                ha=align,
                va="center_baseline",
                fontproperties=_font(shown, size),
                parse_math=False,
            )

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, alpha: float = 1) -> None:
        """Fill a box with round corners."""
        if width <= 0 or height <= 0:
            return
        radius = min(8.0, width / 2, height / 2)
        self._axes.add_patch(
            FancyBboxPatch(
                (x, y),
                width,
                height,
                boxstyle=f"round,pad=0,rounding_size={radius}",
                facecolor=colour,
                linewidth=0,
                alpha=alpha,
            )
        )

    def line(
        self,
        xs: tuple[float, ...],
        ys: tuple[float, ...],
        colour: str,
        *,
        thick: float = 2,
        dashed: bool = False,
    ) -> None:
        """Draw a line through points."""
        style = (0, (2, 2)) if dashed else "-"
        self._axes.plot(xs, ys, color=colour, linewidth=thick, linestyle=style, solid_capstyle="round")

    def dot(self, x: float, y: float, colour: str, *, hollow: bool) -> None:
        """Draw a point of a line."""
        self._axes.plot(
            [x], [y], "o", markersize=14, color=BACK if hollow else colour, markeredgecolor=colour, mew=3
        )

    def picture(self) -> Image.Image:
        """Return what was drawn."""
        self._canvas.draw()
        return Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")


def fitting(text: str, size: int, width: float) -> str:
    """Return the text as it can be drawn: without boxes, and cut to so many pixels."""
    return "".join(broken_at(text, size, width, 1))


def broken_at(text: str, size: int, width: float, most: int) -> list[str]:
    """Return the text in at most so many lines, each of them as above."""
    shown = _shown(text)
    return lines_of(shown, font_for(shown, size), width, most) if shown else []


def width_of(text: str, size: int) -> float:
    """Return how many pixels the text takes."""
    shown = _shown(text)
    return font_for(shown, size).getlength(shown)


def _shown(text: str) -> str:
    """Leave out what the font lacks; a label of emoji alone is written out, so that it says something."""
    names = (unicodedata.name(sign, "").lower() for sign in text.strip()[:3])
    return drawable(text) or drawable(" ".join(names))


def _font(text: str, size: int) -> FontProperties:
    return FontProperties(fname=_face(text), size=size)


@functools.cache
def _face(text: str) -> FontPath:
    face = font_for(text, 10)
    return FontPath(str(face.path), face.index)

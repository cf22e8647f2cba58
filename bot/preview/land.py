"""Land: the silhouettes in front of the sky, each a strip that slides by whole pixels a frame.

Whole pixels are what keeps the motion free of shimmer (reference: media, 3.5).
"""

from dataclasses import dataclass

import numpy as np

from bot.preview.mood import Land
from bot.preview.palette import Colour, Palette
from bot.preview.sky import smoothstep
from bot.preview.sprites import Bytes, Canvas, Field, Sprite


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One strip: where its mean crest lies and how high it swings (shares of the height), and its speed."""

    crest: float
    swing: float
    shade: float  # 0 is the colour of the farthest land, 1 of the nearest
    speed: int  # pixels a frame


LAYERS: dict[Land, tuple[Layer, ...]] = {
    "mountains": (
        Layer(crest=0.55, swing=0.17, shade=0.0, speed=1),
        Layer(crest=0.70, swing=0.12, shade=0.45, speed=2),
        Layer(crest=0.86, swing=0.08, shade=1.0, speed=3),
    ),
    "hills": (
        Layer(crest=0.60, swing=0.07, shade=0.0, speed=1),
        Layer(crest=0.72, swing=0.08, shade=0.5, speed=2),
        Layer(crest=0.87, swing=0.07, shade=1.0, speed=3),
    ),
    "dunes": (
        Layer(crest=0.64, swing=0.07, shade=0.0, speed=1),
        Layer(crest=0.74, swing=0.10, shade=0.5, speed=2),
        Layer(crest=0.88, swing=0.09, shade=1.0, speed=3),
    ),
    "forest": (
        Layer(crest=0.56, swing=0.12, shade=0.0, speed=1),
        Layer(crest=0.70, swing=0.07, shade=0.5, speed=2),
        Layer(crest=0.87, swing=0.05, shade=1.0, speed=3),
    ),
    "city": (
        Layer(crest=0.58, swing=0.16, shade=0.0, speed=1),
        Layer(crest=0.70, swing=0.18, shade=0.5, speed=2),
        Layer(crest=0.86, swing=0.14, shade=1.0, speed=3),
    ),
    "sea": (),
}


class Strip:
    """One layer ready to draw: its crest as a sprite, and plain rows of colour down to the bottom."""

    def __init__(
        self,
        layer: Layer,
        land: Land,
        palette: Palette,
        rng: np.random.Generator,
        *,
        size: tuple[int, int],
        frames: int,
    ) -> None:
        width, height = size
        self._speed = layer.speed
        length = width + layer.speed * frames + 2
        swing = layer.swing * min(height, width * 1.2)
        heights = np.clip(
            layer.crest * height - _profile(land, rng, length, width, layer) * swing, 0, height - 4
        )
        self._top = int(heights.min()) & ~1
        end = min(int(heights.max()) + 4, height) & ~1
        colour = palette.far.mixed(palette.near, layer.shade)
        mist = colour.mixed(palette.horizon, 0.42 * (1 - layer.shade) + 0.04)
        rgb = _fog(colour, mist, self._top, height)
        rows = np.arange(self._top, end, dtype=np.float32)[:, None]
        rgba = np.empty((end - self._top, length, 4), np.float32)
        rgba[..., :3] = rgb[: end - self._top, None, :]
        rgba[..., 3] = np.clip(rows - heights[None, :] + 0.5, 0, 1)
        if land == "city":
            _light_windows(rgba, heights - self._top, rng, palette.light, layer.shade)
        self._crest = Sprite(rgba, steps=(1, 2))
        self._end = end
        self._below = _rows_of(rgb[end - self._top :])

    def draw(self, canvas: Canvas, number: int) -> None:
        """Draw the strip as it stands in frame `number`."""
        self._crest.draw(canvas, -self._speed * number, self._top)
        for plane, column, step in zip(canvas, self._below, (1, 2, 2), strict=True):
            plane[self._end // step :] = column


def _fog(colour: Colour, mist: Colour, top: int, height: int) -> Field:
    """Return one RGB a row from the crest down: the land's colour, lost in mist further down."""
    share = smoothstep(0.0, 0.30, np.linspace(0, (height - top) / height, height - top, dtype=np.float32))[
        :, None
    ]
    rgb: Field = (
        np.float32(1) * np.asarray(colour, np.float32) * (1 - share) + np.asarray(mist, np.float32) * share
    )
    return rgb


def _rows_of(rgb: Field) -> list[Bytes]:
    """Return the Y, U and V columns of rows of one colour each."""
    rows = [Colour(*map(float, row)).yuv() for row in rgb]
    yuv = np.asarray(rows, np.float32).reshape(-1, 3).round().astype(np.uint8)
    columns: list[Bytes] = [yuv[:, :1], yuv[::2, 1:2], yuv[::2, 2:3]]
    return columns


def _profile(land: Land, rng: np.random.Generator, length: int, width: int, layer: Layer) -> Field:
    """Return the height of the crest at each pixel, about -1 to 1, features scaled to the frame's width."""
    x = np.arange(length, dtype=np.float32) / np.float32(max(width, 900))
    if land == "city":
        return _skyline(rng, length, layer)
    if land == "mountains":
        return _peaks(rng, x)
    if land == "dunes":
        return _dunes(rng, x)
    rolling = _waves(rng, x, (1.3, 2.7, 5.1), (1.0, 0.45, 0.15))
    if land == "forest":
        return rolling + _pines(rng, length, layer)
    return rolling


def _waves(rng: np.random.Generator, x: Field, turns: tuple[float, ...], weights: tuple[float, ...]) -> Field:
    total = np.zeros_like(x)
    for turn, weight in zip(turns, weights, strict=True):
        total += np.float32(weight) * np.sin(
            np.float32(2 * np.pi * turn) * x + np.float32(rng.uniform(0, 2 * np.pi))
        )
    return total / np.float32(sum(weights))


def _peaks(rng: np.random.Generator, x: Field) -> Field:
    """Return jagged ridges: straight slopes between random points, roughened at ever smaller scale."""
    total = np.zeros_like(x)
    for cells, weight in ((4, 1.0), (9, 0.5), (21, 0.22), (47, 0.1), (110, 0.05)):
        count = int(float(x[-1]) * cells) + 3
        places = (np.arange(count) + rng.uniform(-0.35, 0.35, count) - 0.5) / cells
        total += np.interp(x, places, rng.uniform(-1, 1, count)).astype(np.float32) * np.float32(weight)
    return total / np.float32(1.1)


def _dunes(rng: np.random.Generator, x: Field) -> Field:
    """Return dunes: long slopes that break off on their lee side."""
    total = np.zeros_like(x)
    for turn, weight in ((1.1, 1.0), (2.3, 0.4)):
        phase = (x * np.float32(turn) + np.float32(rng.random())) % 1
        rise, fall = smoothstep(0.0, 0.72, phase), smoothstep(0.72, 1.0, phase)
        total += np.float32(weight) * (2 * (rise - fall) - 1)
    return total / np.float32(1.3)


def _pines(rng: np.random.Generator, length: int, layer: Layer) -> Field:
    """Return a row of conifers, taller and wider the nearer the layer."""
    trees = np.zeros(length, np.float32)
    scale = 12 + 26 * layer.shade
    place = 0.0
    while place < length:
        half = float(rng.uniform(0.5, 1.0)) * scale
        start, stop = max(int(place - half), 0), min(int(place + half) + 1, length)
        if start < stop:
            off = np.abs(np.arange(start, stop, dtype=np.float32) - np.float32(place)) / np.float32(half)
            tiers = (1 - off) + 0.09 * np.sin(off * np.float32(26))
            height = np.float32(half / scale * (0.75 if layer.shade < 0.3 else 1.7))
            trees[start:stop] = np.maximum(trees[start:stop], np.clip(tiers, 0, 1) * height)
        place += half * float(rng.uniform(0.45, 1.1))
    return trees


def _skyline(rng: np.random.Generator, length: int, layer: Layer) -> Field:
    """Return flat roofs with a few masts, in blocks of 16 pixels so that windows line up."""
    roofs = np.empty(length, np.float32)
    place = 0
    while place < length:
        block = int(rng.integers(3, 7)) * (10 + round(8 * layer.shade))
        roof = float(rng.uniform(-0.7, 1.0)) ** 3 if rng.random() < 0.5 else float(rng.uniform(-0.8, 0.3))
        roofs[place : place + block] = roof
        if roof > 0.3:
            middle = place + block // 2
            roofs[middle - block // 5 : middle + block // 5] = roof + 0.12
            roofs[middle - 1 : middle + 1] = roof + 0.4
        place += block
    return roofs


def _light_windows(
    rgba: Field, heights: Field, rng: np.random.Generator, light: Colour, shade: float
) -> None:
    """Light some windows below the roofs; nearer buildings have larger ones."""
    cell = 8 + 2 * round(3 * shade)
    height, width = rgba.shape[:2]
    lit = rng.random((height // cell, width // cell)) < 0.30
    glow = rng.uniform(0.35, 0.95, lit.shape) * lit
    tones = rng.uniform(0.0, 0.5, lit.shape)
    for row, column in np.argwhere(lit):
        y, x = row * cell, column * cell
        pane = slice(y + 2, y + cell - 3), slice(x + 2, x + cell - 2)
        if y < heights[x : x + cell].max() + cell * 0.6:
            continue
        tint = np.asarray(light.mixed(Colour(1.0, 0.62, 0.3), float(tones[row, column])), np.float32)
        rgba[(*pane, slice(0, 3))] += (tint - rgba[(*pane, slice(0, 3))]) * np.float32(glow[row, column])

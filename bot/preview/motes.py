"""Motes: what floats in the air of a scene."""

import math
from typing import Protocol

import numpy as np

from bot.preview.clip import FPS
from bot.preview.mood import Motes
from bot.preview.palette import Colour, Palette
from bot.preview.sprites import Bytes, Canvas, Field, Sprite, Veil, disc, tinted

EMBER = Colour(1.0, 0.55, 0.16)
FIREFLY = Colour(0.93, 1.0, 0.55)
PETAL = Colour(1.0, 0.80, 0.87)


class Floating(Protocol):
    """Anything that can be drawn into frame `number`, as visible as `opacity` says."""

    def draw(self, canvas: Canvas, number: int, opacity: float = 1.0) -> None:
        """Draw into the canvas."""


def motes_of(kind: Motes, palette: Palette, rng: np.random.Generator, size: tuple[int, int]) -> Floating:
    """Return the motes of a kind for frames of `size`."""
    if kind == "snow":
        return Fall(rng, size, ((1.0, 1, 205, 420), (1.9, 2, 230, 260), (3.4, 4, 245, 90)), drift=1)
    if kind == "rain":
        return Fall(rng, size, ((0.5, 20, 140, 90), (0.7, 32, 180, 45)), drift=4, streak=17)
    if kind == "embers":
        return Drift(
            rng, size, _glows(EMBER, (4, 6, 10), steps=2), count=44, rise=(60, 170), sway=22, blink=0.45
        )
    if kind == "fireflies":
        return Drift(rng, size, _glows(FIREFLY, (8, 12, 18)), count=38, rise=(-12, 16), sway=34, blink=1.0)
    if kind == "petals":
        petals = [petal for reach in (6, 9, 13) for petal in _petals(reach)]
        return Drift(rng, size, petals, count=34, rise=(-95, -40), sway=40, blink=0.0)
    return Drift(
        rng,
        size,
        _glows(palette.light, (5, 9, 15), 0.5, steps=2),
        count=20,
        rise=(3, 18),
        sway=14,
        blink=0.55,
    )


def stars_of(rng: np.random.Generator, size: tuple[int, int]) -> Veil:
    """Return a field of stars, thicker towards the top of the frame."""
    width, height = size
    sky = np.zeros((height, width), np.uint8)
    for radius, brightest, count in ((0.6, 165, 260), (0.95, 215, 70), (1.5, 240, 14)):
        for _ in range(count):
            x, y = int(rng.integers(4, width - 4)), int(rng.random() ** 1.5 * height * 0.62) + 4
            _speck(sky, x, y, radius, float(rng.uniform(0.55, 1)) * brightest)
    return Veil(sky)


class Fall:
    """Flakes or streaks that fall in layers, each by whole pixels a frame."""

    def __init__(
        self,
        rng: np.random.Generator,
        size: tuple[int, int],
        layers: tuple[tuple[float, int, int, int], ...],
        *,
        drift: int,
        streak: int = 0,
    ) -> None:
        width, height = size
        self._layers: list[tuple[Veil, int, int]] = []
        slant = int(rng.choice((-1, 1)))
        for index, (radius, speed, brightest, count) in enumerate(layers):
            specks = np.zeros((height, width), np.uint8)
            for _ in range(count):
                x = int(rng.integers(12, width - 12))
                y = int(rng.integers(6, height - streak - 6))
                light = float(rng.uniform(0.6, 1.0)) * brightest
                for step in range(max(streak, 1)):
                    lean = slant * step * drift // max(speed // 4, 1) // 2 if streak else 0
                    _speck(specks, x + lean, y + step, radius, light)
            self._layers.append((Veil(specks), slant * (drift if streak else min(index, drift)), speed))

    def draw(self, canvas: Canvas, number: int, opacity: float = 1.0) -> None:
        """Draw all layers as they stand in frame `number`."""
        for veil, across, down in self._layers:
            veil.draw(canvas, across * number, down * number, round(255 * opacity))


class Drift:
    """Sprites that wander: each rises or sinks at its own pace, sways and may blink."""

    def __init__(
        self,
        rng: np.random.Generator,
        size: tuple[int, int],
        sprites: list[Sprite],
        *,
        count: int,
        rise: tuple[float, float],
        sway: float,
        blink: float,
    ) -> None:
        self._size = size
        self._sprites = sprites
        self._sway, self._blink = sway, blink
        self._which = rng.integers(len(sprites), size=count)
        self._places = rng.random((count, 2))
        self._rises = rng.uniform(*rise, count)
        self._sides = rng.uniform(-14, 14, count)
        self._phases = rng.uniform(0, 2 * math.pi, count)
        self._paces = rng.uniform(0.5, 1.5, count)

    def draw(self, canvas: Canvas, number: int, opacity: float = 1.0) -> None:
        """Draw every mote as it stands in frame `number`."""
        t = number / FPS
        turn = self._phases + self._paces * t * 1.7
        width, height = self._size
        reach = 60  # room outside the frame, so that nothing pops in or out at an edge
        x = self._places[:, 0] * (width + 2 * reach) + self._sides * t + self._sway * np.sin(turn)
        y = self._places[:, 1] * (height + 2 * reach) - self._rises * t
        x, y = x % (width + 2 * reach) - reach, y % (height + 2 * reach) - reach
        shine = opacity * (1 - self._blink * (0.5 + 0.5 * np.sin(turn * 1.3 + self._phases)))
        for which, left, top, level in zip(self._which, x, y, shine, strict=True):
            self._sprites[which].draw(canvas, float(left), float(top), float(level))


def _glows(colour: Colour, radii: tuple[int, ...], strength: float = 0.95, *, steps: int = 4) -> list[Sprite]:
    """Return soft round lights with a bright core."""
    sprites = []
    for radius in radii:
        halo = disc(radius, power=2.2)
        core = np.clip(disc(radius, power=1.0) * 3.2 - 1.9, 0, 1)
        rgba = tinted(np.clip((0.55 * halo + 0.6 * core) * np.float32(strength), 0, 1), colour)
        rgba[..., :3] += (1 - rgba[..., :3]) * (core * 0.6)[..., None]
        sprites.append(Sprite(rgba, steps=(steps, steps)))
    return sprites


def _petals(reach: int) -> list[Sprite]:
    """Return one petal in three turns."""
    grid = np.linspace(-1.2, 1.2, 2 * reach, dtype=np.float32)
    across, down = grid[None, :], grid[:, None]
    sprites = []
    for angle in (0.3, 1.3, 2.4):
        u = across * np.float32(math.cos(angle)) + down * np.float32(math.sin(angle))
        v = down * np.float32(math.cos(angle)) - across * np.float32(math.sin(angle))
        shape = np.hypot(u, v * (1.7 + 0.6 * u))
        alpha: Field = np.clip((1 - shape) * (reach * 0.6), 0, 1) * np.float32(0.86)
        rgba = tinted(alpha, PETAL)
        rgba[..., 1:3] -= (0.16 * np.clip(-u, 0, 1))[..., None]
        sprites.append(Sprite(rgba, steps=(2, 2)))
    return sprites


def _speck(luma: Bytes, x: int, y: int, radius: float, brightest: float) -> None:
    """Lighten a soft dot into a luma array; the caller keeps it inside."""
    reach = math.ceil(radius) + 1
    span = np.arange(-reach, reach + 1, dtype=np.float32)
    distance = np.hypot(span[:, None], span[None, :])
    dot = np.clip(radius + 0.6 - distance, 0, 1) * np.float32(brightest)
    part = luma[y - reach : y + reach + 1, x - reach : x + reach + 1]
    np.maximum(part, dot.astype(np.uint8), out=part)

"""Sky: the soft background of a scene, computed at a fifth of the size and enlarged by swscale."""

import math

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from PIL import Image

from bot.preview.clip import FPS
from bot.preview.palette import Colour, Palette
from bot.preview.sprites import Canvas, Field, canvas_of

SHRINK = 5
CLOUD_SPEED = 10.0  # pixels of the full frame a second


def noise(
    rng: np.random.Generator, height: int, width: int, cells: tuple[int, int], octaves: int = 4
) -> Field:
    """Return smooth fractal noise, about 0 to 1; `cells` are the coarsest bumps down and across."""
    total = np.zeros((height, width), np.float32)
    weight, weights = 1.0, 0.0
    for octave in range(octaves):
        down, across = (count * 2**octave + 1 for count in cells)
        bumps = Image.fromarray(rng.random((down, across), dtype=np.float32))
        total += np.asarray(bumps.resize((width, height), Image.Resampling.BICUBIC)) * np.float32(weight)
        weights += weight
        weight *= 0.5
    return total / np.float32(weights)


def smoothstep(low: float, high: float, value: Field) -> Field:
    """Return 0 below `low`, 1 above `high` and a smooth curve between."""
    share = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    curve: Field = share * share * (3 - 2 * share)
    return curve


def window(tile: Field, x: float, y: float, height: int, width: int) -> Field:
    """Cut `height` by `width` out of a larger tile, its corner at any fraction of a pixel."""
    row, column = int(y), int(x)
    down, right = np.float32(y - row), np.float32(x - column)
    rows = tile[row : row + height + 1, column : column + width + 1]
    wide = rows[:-1] + (rows[1:] - rows[:-1]) * down if down else rows[:-1]
    return wide[:, :-1] + (wide[:, 1:] - wide[:, :-1]) * right if right else wide[:, :-1]


class Sky:
    """Gradient, glow around the light, drifting clouds and, if `waterline` is set, a sea that glitters.

    `sun` is the place of the light in the first frame as shares of width and height, `rise` how many pixels a
    second it moves up. `waterline` is a share of the height.
    """

    def __init__(
        self,
        palette: Palette,
        rng: np.random.Generator,
        *,
        size: tuple[int, int],
        seconds: int,
        sun: tuple[float, float],
        rise: float,
        glow: float,
        waterline: float | None,
    ) -> None:
        self._full = size
        self._width, self._height = size[0] // SHRINK, size[1] // SHRINK
        self._sun = (round(sun[0] * self._width), sun[1] * self._height)
        self._rise = rise / SHRINK
        self._frame = av.VideoFrame(self._width, self._height, "yuv420p")
        self._enlarger = VideoReformatter()
        self._water = None
        rows = self._height
        if waterline is not None:
            rows = round(self._height * waterline / 2) * 2
            self._water = Water(
                palette, rng, width=self._width, height=self._height - rows, seconds=seconds, sun=sun[0]
            )
        self._rows = rows
        self._base = _gradient(palette, rows, self._width)
        self._light = palette.light.mixed(palette.horizon, 0.35).yuv()
        self._glow = _glow_tile(self._width, self._height, glow)
        travel = math.ceil(CLOUD_SPEED * 2 * seconds / SHRINK) + 2
        self._clouds = [
            _cloud_tile(rng, rows, self._width + travel, low=low, bump=bump, strength=strength)
            for low, bump, strength in ((0.50, (36, 60), 0.55), (0.56, (21, 50), 0.5))
        ]
        bright, dim = (0.16, 0.5) if palette.is_dark else (0.75, 0.35)
        self._cloud_colours = (
            palette.horizon.mixed(palette.light, bright)
            .mixed(palette.zenith, 0.4 if palette.is_dark else 0.0)
            .yuv(),
            palette.horizon.mixed(palette.middle, dim).yuv(),
        )

    def frame(self, number: int) -> av.VideoFrame:
        """Return the background of one frame in full size, as a new frame that may be drawn on."""
        t = number / FPS
        canvas = canvas_of(self._frame)
        rows, width = self._rows, self._width
        x, y = self._width - self._sun[0], self._height - self._sun[1] + self._rise * t
        shades = [(window(self._glow, x, y, rows, width), self._light)]
        for tile, speed, colour in zip(
            self._clouds, (CLOUD_SPEED, CLOUD_SPEED * 2), self._cloud_colours, strict=True
        ):
            shades.append((window(tile, speed * t / SHRINK, 0, rows, width), colour))
        for channel, (plane, base) in enumerate(zip(canvas, self._base, strict=True)):
            step = 1 if channel == 0 else 2
            value = base
            for cover, colour in shades:
                value = value + (np.float32(colour[channel]) - value) * cover[::step, ::step]
            plane[: rows // step] = value
        if self._water is not None:
            self._water.draw(canvas, rows, t)
        return self._enlarger.reformat(self._frame, *self._full, "yuv420p", interpolation="BICUBIC")


class Water:
    """The sea below the horizon: two fields of ripples sliding against each other under a path of light."""

    def __init__(
        self, palette: Palette, rng: np.random.Generator, *, width: int, height: int, seconds: int, sun: float
    ) -> None:
        self._size = height, width
        depth = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
        far = palette.horizon.mixed(palette.far, 0.45).yuv()
        near = palette.near.mixed(palette.zenith, 0.45).yuv()
        curve = depth**0.55
        self._base = [
            np.broadcast_to(np.float32(a) + np.float32(b - a) * curve, (height, width))
            for a, b in zip(far, near, strict=True)
        ]
        spread = 0.05 + 0.22 * depth
        path = np.exp(-(((across - np.float32(sun)) / spread) ** 2)) * (1 - 0.55 * depth)
        self._path: Field = (0.12 * (1 - depth) + 0.95 * path).astype(np.float32)
        self._light = palette.light.yuv()
        travel = 13 * seconds + 4
        self._ripples = [self._ripple(rng, height + 1, width + travel) for _ in range(2)]

    @staticmethod
    def _ripple(rng: np.random.Generator, height: int, width: int) -> Field:
        """Return noise whose bumps are flat lines at the horizon and broad swells near the viewer."""
        fine = noise(rng, 3 * height, width, (44, max(10, width // 14)), octaves=2)
        row = (np.linspace(0, 1, height) ** 0.6 * (3 * height - 1)).astype(np.intp)
        return fine[row]

    def draw(self, canvas: Canvas, top: int, t: float) -> None:
        """Paint the water below row `top` of the small canvas at `t` seconds."""
        height, width = self._size
        one = window(self._ripples[0], 7 * t, 0, height, width)
        two = window(self._ripples[1], 13 * t, 0, height, width)[:, ::-1]
        glitter = smoothstep(0.27, 0.42, one * two) * self._path
        swell = (one - two) * 16
        for channel, (plane, base) in enumerate(zip(canvas, self._base, strict=True)):
            step = 1 if channel == 0 else 2
            value = base[::step, ::step]
            if channel == 0:
                value = value + swell
            value = value + (np.float32(self._light[channel]) - value) * glitter[::step, ::step]
            plane[top // step :] = np.clip(value, 16, 240)


def _gradient(palette: Palette, rows: int, width: int) -> list[Field]:
    """Return Y, U and V of the still sky: zenith at the top, the horizon's colour in the lower quarter."""
    stops = (0.0, 0.5, 0.86, 1.0)
    colours: tuple[Colour, ...] = (palette.zenith, palette.middle, palette.horizon, palette.horizon)
    planes: list[Field] = []
    for channel in range(3):
        step = 1 if channel == 0 else 2
        levels = [colour.yuv()[channel] for colour in colours]
        column = np.interp(np.linspace(0, 1, rows // step), stops, levels).astype(np.float32)
        planes.append(np.repeat(column[:, None], width // step, axis=1))
    return planes


def _glow_tile(width: int, height: int, strength: float) -> Field:
    """Return the halo of the light in an array of twice the size, to cut a moving window from."""
    reach = np.float32(min(width, height) * 0.42)
    down = np.arange(-height, height + 2, dtype=np.float32)[:, None]
    across = np.arange(-width, width + 2, dtype=np.float32)[None, :]
    distance = np.hypot(down, across) / reach
    halo: Field = np.float32(strength) * (
        np.exp(-distance * 1.5) * 0.75 + np.exp(-((distance * 3.2) ** 2)) * 0.25
    )
    return halo


def _cloud_tile(
    rng: np.random.Generator, rows: int, width: int, *, low: float, bump: tuple[int, int], strength: float
) -> Field:
    """Return the cover of one layer of clouds, thinner at the zenith and at the horizon."""
    cells = max(2, rows // bump[0]), max(2, width // bump[1])
    cover = smoothstep(low, low + 0.26, noise(rng, rows + 1, width, cells))
    height = np.linspace(0, 1, rows + 1, dtype=np.float32)[:, None]
    fade = smoothstep(0.0, 0.35, height) * (1 - smoothstep(0.72, 1.0, height))
    tile: Field = cover * fade * np.float32(strength)
    return tile

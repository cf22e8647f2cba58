"""Scene: a layered landscape made from a prompt and a seed."""

import math
from collections.abc import Iterator

import av
import numpy as np

from bot.preview.caption import caption
from bot.preview.clip import FPS, Clip
from bot.preview.land import LAYERS, Strip
from bot.preview.mood import Body, Mood
from bot.preview.motes import motes_of, stars_of
from bot.preview.palette import Palette
from bot.preview.sky import Sky
from bot.preview.sprites import Canvas, Sprite, canvas_of, disc, tinted

GLOW: dict[Body, float] = {"sun": 0.85, "moon": 0.55, "planet": 0.55, "hidden": 0.3}
HORIZON = 0.60  # of the sea, as a share of the height


def scene(clip: Clip, mood: Mood) -> Iterator[av.VideoFrame]:
    """Yield the frames of a clip without a picture, in yuv420p and full size."""
    rng = clip.rng("scene")
    size = (clip.width, clip.height)
    palette = mood.palette
    at_sea = mood.land == "sea"
    wide = clip.width > clip.height
    x = float(rng.uniform(0.22, 0.78))
    y = float(rng.uniform(0.20, 0.36)) if mood.body != "sun" else float(rng.uniform(0.30, 0.46))
    rise = float(rng.choice((-5.0, 5.0)))
    radius = round(min(size) * (0.075 if mood.body != "planet" else 0.13) * (1.0 if wide else 1.15))
    sky = Sky(
        palette,
        rng,
        size=size,
        seconds=clip.seconds,
        sun=(x, y),
        rise=rise,
        glow=GLOW[mood.body],
        waterline=HORIZON if at_sea else None,
    )
    body = _body(mood, radius)
    stars = stars_of(rng, size) if palette.is_dark else None
    strips = [
        Strip(layer, mood.land, palette, rng, size=size, frames=clip.frames) for layer in LAYERS[mood.land]
    ]
    boat = Boat(palette, rng, size) if at_sea else None
    birds = Birds(palette, rng, size) if not palette.is_dark and mood.motes == "dust" else None
    motes = motes_of(mood.motes, palette, rng, size)
    text = caption(clip.prompt, clip.width)

    for number in range(clip.frames):
        frame = sky.frame(number)
        canvas = canvas_of(frame)
        if stars is not None:
            stars.draw(canvas, 0, 0)
        if mood.body != "hidden":
            body.draw(
                canvas,
                x * clip.width - body.width / 2,
                y * clip.height - body.height / 2 - rise * number / FPS,
            )
        for strip in strips:
            strip.draw(canvas, number)
        for thing in (boat, birds, motes):
            if thing is not None:
                thing.draw(canvas, number)
        if text is not None:
            text.draw(canvas, 0, clip.height - text.height - clip.height // 40)
        # No fade from black: Discord shows the first frame until somebody presses play.
        yield frame


def _body(mood: Mood, radius: int) -> Sprite:
    """Return sun, moon or planet with its glow."""
    colour = mood.palette.light
    reach = radius * 2 & ~1
    halo = disc(reach, power=2.4) * np.float32(0.5)
    across = np.linspace(-reach, reach, 2 * reach, dtype=np.float32)
    distance = np.hypot(across[:, None], across[None, :])
    face = np.clip(radius - distance + 0.5, 0, 1)
    if mood.body == "moon":
        shadow = np.hypot(across[:, None] + radius * 0.28, across[None, :] - radius * 0.42)
        face = face * np.clip((shadow - radius * 0.92) / (radius * 0.05) + 0.5, 0, 1)
        halo = halo * np.float32(0.6)
    alpha = np.clip(halo + face, 0, 1)
    rgba = tinted(alpha, colour)
    if mood.body == "planet":
        lit = np.clip(0.62 - (across[:, None] * 0.55 + across[None, :] * 0.75) / (1.7 * radius), 0.06, 1)
        bands = 0.10 * np.sin((across[:, None] + 0.25 * across[None, :]) / (radius * 0.11))
        ground = np.asarray(mood.palette.horizon.mixed(colour, 0.25), np.float32)
        planet = np.clip(ground * (1.25 * lit + bands * lit)[..., None], 0, 1)
        rgba[..., :3] += (planet - rgba[..., :3]) * face[..., None]
        rgba[..., 3] = np.clip(halo * 0.5 + face, 0, 1)
    return Sprite(rgba, steps=(4, 1))


class Boat:
    """A small sailing boat that crosses the water and rocks with it."""

    def __init__(self, palette: Palette, rng: np.random.Generator, size: tuple[int, int]) -> None:
        width, height = size
        unit = 46 if width > height else 52
        grid = np.arange(2 * unit, dtype=np.float32) - unit
        across, down = grid[None, :], grid[:, None]
        up = -down
        main = np.clip(np.minimum(across - 1, (unit * 0.9 - up) * 0.45 - across), 0, 1) * (up > -unit * 0.28)
        jib = np.clip(np.minimum(-2 - across, across + (unit * 0.62 - up) * 0.42), 0, 1) * (up > -unit * 0.22)
        hull = np.clip(np.minimum(unit * 0.55 - np.abs(across) - (-up - unit * 0.38) * 0.9, 40), 0, 1)
        hull = hull * (-up > unit * 0.36) * (-up < unit * 0.56)
        rgba = tinted(
            np.clip(main + jib, 0, 1) * np.float32(0.94), palette.light.mixed(palette.horizon, 0.25)
        )
        dark = np.asarray(palette.near.mixed(palette.zenith, 0.15), np.float32)
        rgba[..., :3] += (dark - rgba[..., :3]) * hull[..., None]
        rgba[..., 3] = np.clip(rgba[..., 3] + hull, 0, 1)
        self._sprite = Sprite(rgba, steps=(4, 4))
        self._x = float(rng.uniform(0.15, 0.6)) * width
        self._y = height * (HORIZON + 0.075) - unit * 1.5
        self._speed = float(rng.uniform(9, 16))

    def draw(self, canvas: Canvas, number: int) -> None:
        """Draw the boat as it stands in frame `number`."""
        t = number / FPS
        self._sprite.draw(canvas, self._x + self._speed * t, self._y + 2.4 * math.sin(t * 1.6))


class Birds:
    """A loose flock, far away, beating its wings."""

    def __init__(self, palette: Palette, rng: np.random.Generator, size: tuple[int, int]) -> None:
        self._size = size
        self._colour = palette.near.mixed(palette.middle, 0.25)
        self._wings = [_bird(self._colour, lift) for lift in (1.0, 0.55, 0.1, -0.4)]
        count = int(rng.integers(4, 8))
        self._places = rng.uniform(-1, 1, (count, 2)) * (90, 36)
        self._phases = rng.uniform(0, 8, count)
        self._start = float(rng.uniform(0.05, 0.45)), float(rng.uniform(0.16, 0.34))
        self._speed = float(rng.uniform(26, 42)) * (1 if rng.random() < 0.5 else -1)

    def draw(self, canvas: Canvas, number: int) -> None:
        """Draw the flock as it stands in frame `number`."""
        t = number / FPS
        width, height = self._size
        start = self._start[0] if self._speed > 0 else 1 - self._start[0]
        x = start * width + self._speed * t
        y = self._start[1] * height - 4 * t
        for (right, down), phase in zip(self._places, self._phases, strict=True):
            beat = math.sin(t * 7.5 + phase)
            wing = self._wings[round((1 - beat) * 1.5)]
            wing.draw(
                canvas, x + right + 6 * math.sin(t * 0.6 + phase), y + down + 5 * math.sin(t * 0.9 + phase)
            )


def _bird(colour: tuple[float, float, float], lift: float) -> Sprite:
    """Return a bird from afar: two curved wings, raised by `lift` from 1 (up) to -1."""
    reach = 13
    grid = np.arange(2 * reach, dtype=np.float32) - np.float32(reach - 0.5)
    across, down = np.abs(grid)[None, :] / reach, grid[:, None] / reach
    wing = -np.float32(lift * 0.75) * (across**0.7) + np.float32(0.45) * across**2
    thickness = 0.13 * (1 - across) + 0.03
    alpha = np.clip((thickness - np.abs(down - wing)) * reach + 0.5, 0, 1) * (across < 0.95)
    rgba = np.empty((2 * reach, 2 * reach, 4), np.float32)
    rgba[..., :3] = colour
    rgba[..., 3] = alpha * 0.85
    return Sprite(rgba, steps=(4, 4))

"""Sprites: small pictures that are blended straight into the planes of a YUV 4:2:0 frame.

Drawing in YUV at the frame's own planes is what makes the renderer fast (reference: media, 3.3): nothing
is ever converted from RGB while frames are made.
"""

from typing import Any, TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

from bot.preview.palette import Colour

Bytes: TypeAlias = NDArray[np.uint8]
Words: TypeAlias = NDArray[np.uint16]
Field: TypeAlias = NDArray[np.floating[Any]]
Canvas: TypeAlias = tuple[Bytes, Bytes, Bytes]

ROWS = 128  # worked on at a time, so that what is in between stays in the processor's cache
LEVELS = 16  # steps of opacity
CELL = 2  # luma pixels that share one chroma sample, in both directions


def canvas_of(frame: av.VideoFrame) -> Canvas:
    """Return writable views on the Y, U and V planes of a yuv420p frame, padding left out."""
    y, u, v = (
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]  # type: ignore[call-overload]
        for plane in frame.planes
    )
    return y, u, v


def tinted(alpha: Field, colour: Colour) -> Field:
    """Return an RGBA array (height, width, 4) of one colour with the given alpha, 0 to 1."""
    rgba = np.empty((*alpha.shape, 4), np.float32)
    rgba[..., :3] = colour
    rgba[..., 3] = alpha
    return rgba


def disc(radius: int, *, edge: float = 1.0, power: float = 1.0) -> Field:
    """Return the alpha of a round blob: 1 inside, falling to 0 over the outer `edge` share of the radius."""
    across = np.linspace(-1, 1, 2 * radius, dtype=np.float32)
    distance = np.hypot(across[:, None], across[None, :])
    fall: Field = np.clip((1 - distance) / edge, 0, 1) ** np.float32(power)
    return fall


class Sprite:
    """A picture with alpha that can be drawn at fractions of a pixel and at any opacity.

    `rgba` is a float array (height, width, 4), straight alpha, 0 to 1. `steps` says how many places there are
    within two pixels, down and across: 1 draws at even pixels only, 2 at every pixel, 4 at halves.
    """

    def __init__(self, rgba: Field, *, steps: tuple[int, int] = (1, 1)) -> None:
        channels = np.array(rgba.transpose(2, 0, 1), np.float32, order="C")
        channels[:3] *= channels[3]
        self._premultiplied = channels
        self._steps = steps
        self._variants: dict[tuple[int, int, int], list[tuple[Words, Words]]] = {}
        self.height, self.width = rgba.shape[:2]

    def draw(self, canvas: Canvas, x: float, y: float, opacity: float = 1.0) -> None:
        """Blend the sprite, its top left corner at `x`, `y` luma pixels; what lies outside is cut off."""
        level = round(opacity * LEVELS)
        if level <= 0:
            return
        down, across = self._steps
        row, row_step = divmod(round(y * down / CELL), down)
        column, column_step = divmod(round(x * across / CELL), across)
        variant = self._variants.get((level, row_step, column_step))
        if variant is None:
            shifted = _shifted(self._premultiplied, CELL * row_step / down, CELL * column_step / across)
            variant = _planes(shifted, min(level, LEVELS) / LEVELS)
            self._variants[level, row_step, column_step] = variant
        for plane, (colour, keep), scale in zip(canvas, variant, (2, 1, 1), strict=True):
            _blend(plane, colour, keep, column * scale, row * scale)


def _shifted(channels: Field, down: float, right: float) -> Field:
    """Move a picture by a part of a cell, in an array of even size with room for it."""
    height, width = channels.shape[1:]
    padded = np.zeros((4, height + height % 2 + CELL, width + width % 2 + CELL), np.float32)
    for row, row_share in _taps(down):
        for column, column_share in _taps(right):
            share = np.float32(row_share * column_share)
            padded[:, row : row + height, column : column + width] += channels * share
    return padded


def _taps(shift: float) -> list[tuple[int, float]]:
    whole = int(shift)
    part = shift - whole
    return [(whole, 1.0)] if part == 0 else [(whole, 1 - part), (whole + 1, part)]


def _planes(channels: Field, opacity: float) -> list[tuple[Words, Words]]:
    """Split premultiplied RGBA into Y, U and V, each with what it keeps of the ground, in 1/256."""
    red, green, blue, alpha = channels * np.float32(opacity)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    planes = (
        (16 * alpha + 219 * luma, alpha),
        (_halved(128 * alpha + 224 / 1.8556 * (blue - luma)), _halved(alpha)),
        (_halved(128 * alpha + 224 / 1.5748 * (red - luma)), _halved(alpha)),
    )
    return [
        ((colour * 256 + 128).astype(np.uint16), (256 - np.clip(cover, 0, 1) * 256).astype(np.uint16))
        for colour, cover in planes
    ]


def _halved(plane: Field) -> Field:
    pairs = plane[::2] + plane[1::2]
    means: Field = (pairs[:, ::2] + pairs[:, 1::2]) * np.float32(0.25)
    return means


def _blend(plane: Bytes, colour: Words, keep: Words, x: int, y: int) -> None:
    height, width = plane.shape
    top, left = max(y, 0), max(x, 0)
    bottom, right = min(y + colour.shape[0], height), min(x + colour.shape[1], width)
    if top >= bottom or left >= right:
        return
    ground = plane[top:bottom, left:right]
    colour = colour[top - y : bottom - y, left - x : right - x]
    keep = keep[top - y : bottom - y, left - x : right - x]
    for row in range(0, bottom - top, ROWS):
        rows = slice(row, row + ROWS)
        blended = ground[rows] * keep[rows]
        blended += colour[rows]
        blended >>= 8
        ground[rows] = blended


class Veil:
    """Bright specks over a whole frame (snow, rain, stars): each luma pixel becomes the brighter of the two.

    `specks` is a luma array as large as the frame that repeats in both directions. One `np.maximum` a plane
    draws hundreds of flakes in the time of one sprite.
    """

    def __init__(self, specks: Bytes) -> None:
        self._height, self._width = specks.shape
        self._tile = np.tile(specks, (2, 2))

    def draw(self, canvas: Canvas, x: int, y: int, ceiling: int = 255) -> None:
        """Lighten the luma plane by the specks moved by `x`, `y` pixels, none brighter than `ceiling`."""
        luma = canvas[0]
        top, left = -y % self._height, -x % self._width
        specks = self._tile[top : top + luma.shape[0], left : left + luma.shape[1]]
        if ceiling < 255:
            specks = np.minimum(specks, np.uint8(ceiling))
        np.maximum(luma, specks, out=luma)

"""Ken Burns: a still picture that comes to life by a slow zoom.

Scaling by Pillow with a box of floats is smooth to a fortieth of a pixel, where swscale crops and the
`zoompan` filter jump by whole ones (reference: media, 3.5). It works at part of the size, plane by plane.
"""

from collections.abc import Iterator

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from PIL import Image

from bot.preview.caption import caption
from bot.preview.clip import FPS, Clip
from bot.preview.mood import Mood
from bot.preview.motes import motes_of
from bot.preview.sprites import canvas_of

SHRINK = 5 / 8  # of the size at which planes are scaled; swscale does the rest
ZOOM = 1.24
CAPTION_AT = 1.0  # seconds until the caption starts to appear
MOTES_AT = 0.5
APPEARING = 0.6  # seconds that something takes to appear


def kenburns(clip: Clip, mood: Mood) -> Iterator[av.VideoFrame]:
    """Yield the frames of a clip that starts from its picture, in yuv420p and full size.

    The first frame is the whole picture with nothing over it. Raises ValueError if there is no picture.
    """
    if clip.picture is None:
        raise ValueError("the clip has no picture")
    rng = clip.rng("kenburns")
    size = clip.width, clip.height
    planes = _planes_of(clip.picture.read_bytes(), size)
    focus = float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.3, 0.6))
    motes = motes_of(mood.motes, mood.palette, rng, size)
    text = caption(clip.prompt, clip.width)
    enlarger = VideoReformatter()
    small = av.VideoFrame(round(clip.width * SHRINK), round(clip.height * SHRINK), "yuv420p")

    for number in range(clip.frames):
        t = number / FPS
        zoom = 1 + (ZOOM - 1) * _ease(number / max(clip.frames - 1, 1))
        for plane, source in zip(canvas_of(small), planes, strict=True):
            width, height = source.width / zoom, source.height / zoom
            left, top = (source.width - width) * focus[0], (source.height - height) * focus[1]
            box = left, top, left + width, top + height
            rows = source.resize((plane.shape[1], plane.shape[0]), Image.Resampling.BILINEAR, box=box)
            plane[...] = np.asarray(rows)
        frame = enlarger.reformat(small, *size, "yuv420p", interpolation="BICUBIC")
        canvas = canvas_of(frame)
        motes.draw(canvas, number, _ease((t - MOTES_AT) / APPEARING))
        if text is not None:
            text.draw(
                canvas, 0, clip.height - text.height - clip.height // 40, _ease((t - CAPTION_AT) / APPEARING)
            )
        yield frame


def _ease(share: float) -> float:
    """Return a smooth curve from 0 to 1."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def _planes_of(rgb: bytes, size: tuple[int, int]) -> list[Image.Image]:
    """Return the Y, U and V planes of raw RGB24 rows as pictures of their own."""
    width, height = size
    frame = av.VideoFrame(width, height, "rgb24")
    rows = np.frombuffer(frame.planes[0], np.uint8).reshape(height, -1)  # type: ignore[call-overload]
    rows[:, : width * 3] = np.frombuffer(rgb, np.uint8).reshape(height, width * 3)
    converted = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
    return [Image.fromarray(plane.copy()) for plane in canvas_of(converted)]

"""The child process that finds the picture to go on from: `python -m bot.media.good_frame_process`.

Its source is an order: `{"video": "/a.mp4", "match": null, "width": 1280, "height": 720}`.
"""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image, ImageOps

from bot.domain.errors import CannotFit
from bot.media.colours import Colours, colours_of, drawn_towards
from bot.media.confined import Say, confined
from bot.media.good_frame import Look, last_good
from bot.media.steady import matrix_of
from bot.media.transcode import read_footage, reading

_REACHES = (2.5, 6.0)
"""Seconds before the end that are looked at; the second where the first are nothing but a fade."""
_LOOKED_AT = 480  # pixels of the longer side
_BEGINNING = 1.0  # seconds of the video to match
_EVERY = 4  # of its pictures are measured
_LIT = 0.85  # of the brightest: what is darker at a beginning still fades in
_QUALITIES = (95, 90, 80, 60)


def good_frame_here(order: Path, target: Path, limit: int, say: Say) -> None:
    """Write the last good picture of the order's video as a JPEG of exactly its size."""
    wish = json.loads(order.read_text(encoding="utf-8"))
    video = Path(wish["video"])
    seconds = read_footage(video).seconds
    say(seconds=seconds)
    picture = ImageOps.fit(_last(video, seconds), (wish["width"], wish["height"]), Image.Resampling.LANCZOS)
    if wish["match"] is not None:
        picture = drawn_towards(picture, _beginning(Path(wish["match"])))
    target.write_bytes(_jpeg(picture, limit))


def _last(video: Path, seconds: float) -> Image.Image:
    """Look at the end twice, for the figures and for the picture: all of them do not fit in memory."""
    for reach in _REACHES:
        with reading(video) as container:
            looks = [_look(frame) for frame in _ending(container, seconds - reach)]
        best = last_good(looks)
        if best is None:
            continue
        with reading(video) as container:
            for index, frame in enumerate(_ending(container, seconds - reach)):
                if index == best:
                    return _image(frame)
    raise CannotFit("the end of the video has no picture that can be used")


def _ending(container: InputContainer, since: float) -> Iterator[VideoFrame]:
    """Yield the pictures from the time `since` on, decoding from the key frame before it."""
    video = container.streams.video[0]
    video.thread_type = "AUTO"
    if since > 0:
        container.seek(int(since * av.time_base))
    for frame in container.decode(video):
        if frame.time is None or frame.time >= since:
            yield frame


def _look(frame: VideoFrame) -> Look:
    scale = min(1.0, _LOOKED_AT / max(frame.width, frame.height))
    grey = frame.reformat(
        max(16, int(frame.width * scale)), max(16, int(frame.height * scale)), "gray", interpolation="AREA"
    ).to_ndarray()
    values = np.asarray(grey, np.float32)
    middle = values[1:-1, 1:-1] * 4
    edges = middle - values[:-2, 1:-1] - values[2:, 1:-1] - values[1:-1, :-2] - values[1:-1, 2:]
    dark, light = np.percentile(grey, (5, 95))
    return Look(
        time=frame.time or 0.0,
        mean=float(values.mean()),
        dark=float(dark),
        light=float(light),
        sharpness=float(edges.var()),
    )


def _beginning(video: Path) -> Colours:
    images: list[Image.Image] = []
    with reading(video) as container:
        start: float | None = None
        for index, frame in enumerate(container.decode(container.streams.video[0])):
            now = frame.time or 0.0
            start = now if start is None else start
            if now - start > _BEGINNING:
                break
            if index % _EVERY == 0:
                images.append(_image(frame).resize((320, 180), Image.Resampling.BOX))
    if not images:
        raise CannotFit("the video to match has no picture")
    brightness = [colours_of([image]).means[0] for image in images]
    lit = [image for image, mean in zip(images, brightness, strict=True) if mean >= max(brightness) * _LIT]
    return colours_of(lit)


def _image(frame: VideoFrame) -> Image.Image:
    return Image.fromarray(frame.reformat(format="rgb24", src_colorspace=matrix_of(frame)).to_ndarray())


def _jpeg(picture: Image.Image, limit: int) -> bytes:
    for quality in _QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, subsampling=0)
        if out.tell() <= limit:
            return out.getvalue()
    raise CannotFit(f"the picture has more than {limit} bytes")


if __name__ == "__main__":
    sys.exit(confined(sys.argv[1:], good_frame_here))

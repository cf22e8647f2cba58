"""The child process that takes one picture: `python -m bot.media.still_process` (see `bot.media.child`)."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image

from bot.domain.errors import CannotFit
from bot.media.confined import Say, confined
from bot.media.transcode import read_footage, reading

_MOMENTS = (0.33, 0.5, 0.66, 0.15, 0.85)
"""Parts of the length at which to look; the first one wins where all are alike."""
_CLEARLY = 1.25
"""A later moment must have so many times the contrast to be preferred."""
_LONGEST_SIDE = 1280
_SIZES = (1.0, 0.75, 0.5, 0.25, 0.125)
_QUALITIES = (85, 70, 50)


def still_here(source: Path, target: Path, limit: int, say: Say) -> None:
    """Write the frame with the most to see as a JPEG of at most `limit` bytes."""
    footage = read_footage(source)
    say(seconds=footage.seconds)
    best: tuple[float, Image.Image] | None = None
    with reading(source) as container:
        for frame in _frames(container, footage.seconds):
            contrast = _contrast(frame)
            if best is None or contrast > best[0] * _CLEARLY:
                best = contrast, _picture(frame)
    if best is None:
        raise CannotFit("no frame of the video can be read")
    target.write_bytes(_jpeg(best[1], limit))


def _frames(container: InputContainer, seconds: float) -> Iterator[VideoFrame]:
    """Yield one frame for each moment; a container that cannot seek gives its first ones."""
    video = container.streams.video[0]
    for moment in _MOMENTS:
        at = max(seconds, 0.0) * moment
        try:
            container.seek(int(at * av.time_base))
            found = next(
                (
                    frame
                    for frame in container.decode(video)
                    if frame.time is None or frame.time >= at - 0.5 / 24
                ),
                None,
            )
        except av.FFmpegError:
            continue
        if found is not None:
            yield found


def _contrast(frame: VideoFrame) -> float:
    small = frame.reformat(160, 90, "gray").to_ndarray()
    return float(np.asarray(small, dtype=np.float32).std())


def _picture(frame: VideoFrame) -> Image.Image:
    scale = min(1.0, _LONGEST_SIDE / max(frame.width, frame.height))
    width, height = max(16, int(frame.width * scale)), max(16, int(frame.height * scale))
    return Image.fromarray(frame.reformat(width, height, "rgb24").to_ndarray())


def _jpeg(picture: Image.Image, limit: int) -> bytes:
    for size in _SIZES:
        smaller = picture.resize((max(16, int(picture.width * size)), max(16, int(picture.height * size))))
        for quality in _QUALITIES:
            out = io.BytesIO()
            smaller.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= limit:
                return out.getvalue()
    raise CannotFit(f"no picture of the video has at most {limit} bytes")


if __name__ == "__main__":
    sys.exit(confined(sys.argv[1:], still_here))

"""Benchmark `render`: how fast the preview API makes a video, and how much of that is the encoder."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.preview.clip import Clip
from bot.preview.encoder import encode
from bot.preview.render import frames_of, mood_in, render
from bot.preview.sound import sound

PROMPT = "A lighthouse on a cliff at golden hour, waves rolling in, gulls drifting"


async def run(*, quick: bool = False) -> dict[str, float]:
    """Render 8 s of 1280x720 with sound, in turns with the encoder alone on the same frames and samples.

    The encoder alone reads frames that lie ready in memory, with the same settings, sound and fast start. After one
    run that is not counted, `x_realtime` and `x_encoder` are made from the median of five runs (`quick`: three).
    """
    return await asyncio.to_thread(_measure, 3 if quick else 5)


def _measure(runs: int) -> dict[str, float]:
    clip = Clip(prompt=PROMPT, seed=7, width=1280, height=720, seconds=8)
    size = clip.width, clip.height
    with TemporaryDirectory() as folder:
        path = Path(folder, "clip.mp4")
        frames, samples = list(frames_of(clip)), sound(clip, mood_in(clip))
        whole: list[float] = []
        alone: list[float] = []
        for _ in range(runs + 1):
            whole.append(_timed(lambda: render(clip, path, on_frame=_ignore)))
            alone.append(_timed(lambda: encode(path, frames, samples, size=size, on_frame=_ignore)))
        render_s, encoder_s = median(whole[1:]), median(alone[1:])
        return {
            "x_realtime": clip.seconds / render_s,
            "x_encoder": render_s / encoder_s,
            "render_s": render_s,
            "render_best_s": min(whole[1:]),
            "encoder_s": encoder_s,
            "bytes": float(path.stat().st_size),
        }


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ignore(_frame: int) -> None:
    """Take no notice of progress."""

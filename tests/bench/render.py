"""Benchmark `render`: how fast the preview API makes a video, and how much of that is the encoder."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.preview.clip import Clip
from bot.preview.encoder import encode
from bot.preview.render import frames_of, mood_in, render
from bot.preview.sound import sound

PROMPT = "A lighthouse on a cliff at golden hour, waves rolling in, gulls drifting"


async def run(*, quick: bool = False) -> dict[str, float]:
    """Render 8 s of 1280x720 with sound, in turns with the encoder alone on the same frames and samples.

    The encoder alone reads frames that lie ready in memory, with the same settings, sound and fast start.
    All figures are the best of seven runs (`quick`: three) after one that is not counted.
    """
    return await asyncio.to_thread(_measure, 3 if quick else 7)


def _measure(runs: int) -> dict[str, float]:
    clip = Clip(prompt=PROMPT, seed=7, width=1280, height=720, seconds=8)
    with TemporaryDirectory() as folder:
        path, picture = Path(folder, "clip.mp4"), Path(folder, "picture.rgb")
        frames, samples = list(frames_of(clip)), sound(clip, mood_in(clip))
        picture.write_bytes(_picture(clip))
        works = (
            lambda: render(replace(clip, picture=picture), path, on_frame=_ignore),
            lambda: encode(path, frames, samples, size=(clip.width, clip.height), on_frame=_ignore),
            lambda: render(clip, path, on_frame=_ignore),
        )
        rounds = [[_timed(work) for work in works] for _ in range(runs + 1)]
        picture_s, encoder_s, render_s = (min(times) for times in zip(*rounds[1:], strict=True))
        return {
            "x_realtime": clip.seconds / render_s,
            "x_encoder": render_s / encoder_s,
            "render_s": render_s,
            "encoder_s": encoder_s,
            "picture_x_realtime": clip.seconds / picture_s,
            "bytes": float(path.stat().st_size),
        }


def _picture(clip: Clip) -> bytes:
    """Return RGB rows with detail at every scale."""
    rng = np.random.default_rng(7)
    rows = np.zeros((clip.height, clip.width, 3))
    for cell in (8, 40, 80):
        rough = rng.uniform(0, 85, (clip.height // cell, clip.width // cell, 3))
        rows += np.repeat(np.repeat(rough, cell, axis=0), cell, axis=1)
    return rows.astype(np.uint8).tobytes()


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ignore(_frame: int) -> None:
    """Take no notice of progress."""

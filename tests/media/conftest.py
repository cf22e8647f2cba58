"""Real videos, made with PyAV once a session."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What a test clip is made of. `audio_rate` 0 is a silent film; its noise makes it large."""

    seconds: int = 4
    width: int = 640
    height: int = 360
    fps: int = 24
    pix_fmt: str = "yuv420p"
    crf: int = 10
    audio_rate: int = 64_000
    layout: str = "mono"
    faststart: bool = False


@pytest.fixture(scope="session")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a maker of clips, called with fields of `Shot`; the same shot is filmed once."""
    folder = tmp_path_factory.mktemp("clips")

    def make(**fields: Any) -> Path:
        shot = Shot(**fields)
        path = folder / f"{abs(hash(shot))}.mp4"
        if not path.exists():
            _film(path, shot)
        return path

    return make


@pytest.fixture(scope="session")
def clip(make_clip: Callable[..., Path]) -> Path:
    """Four seconds of noise with a tone: some MiB."""
    return make_clip()


@pytest.fixture(scope="session")
def small_clip(make_clip: Callable[..., Path]) -> Path:
    """A second of video, a few KiB, its index at the end."""
    return make_clip(seconds=1, width=64, height=48, fps=12, crf=30)


def _film(path: Path, shot: Shot) -> None:
    noise = np.random.default_rng(1)
    options = {"movflags": "+faststart"} if shot.faststart else {}
    with av.open(str(path), "w", format="mp4", options=options) as out:
        video = out.add_stream(
            "libx264", rate=shot.fps, options={"preset": "ultrafast", "crf": str(shot.crf)}
        )
        video.width, video.height, video.pix_fmt = shot.width, shot.height, shot.pix_fmt
        audio = None
        if shot.audio_rate:
            audio = out.add_stream("aac", rate=44_100)
            audio.layout = shot.layout
            audio.bit_rate = shot.audio_rate
        ramp = np.linspace(40, 200, shot.width)[None, :, None]
        for index in range(shot.seconds * shot.fps):
            grain = noise.normal(0, 12, (shot.height, shot.width, 3))
            pixels = np.clip(np.roll(ramp, index * 4, axis=1) + grain, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = index
            out.mux(video.encode(frame))
        if audio is not None:
            for start in range(0, shot.seconds * 44_100, 1024):
                tone = np.sin(np.arange(start, start + 1024) * 0.06) * 0.3 + noise.normal(0, 0.05, 1024)
                channels = 2 if shot.layout == "stereo" else 1
                samples = np.repeat(tone[None].astype(np.float32), channels, axis=0)
                sound = av.AudioFrame.from_ndarray(samples, format="fltp", layout=shot.layout)
                sound.sample_rate, sound.pts = 44_100, start
                out.mux(audio.encode(sound))
            out.mux(audio.encode(None))
        out.mux(video.encode(None))

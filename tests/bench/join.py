"""Join six clips of 8 s 1280x720 by packet copy, beside ffmpeg's concat demuxer on the same files.

Both write the index in front, both times hold the start of a process. `encode_seconds` is the same join with
cross-fades, where everything is encoded anew. Without an ffmpeg on the path `ffmpeg_seconds` is null.
"""

import asyncio
import shutil
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import av

from bot.media.join import join
from bot.preview.clip import Clip
from bot.preview.render import render

CLIPS, SECONDS = 6, 8
LIMIT = 1 << 30
ROUNDS = 9


async def run(*, quick: bool = False) -> dict[str, float | None]:
    """Measure in turns; medians in seconds after a round that is not counted."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        clips = await asyncio.to_thread(_clips, folder)
        ours, theirs = folder / "ours.mp4", folder / "theirs.mp4"
        ffmpeg = shutil.which("ffmpeg")
        if ffmpeg is None:
            print("  there is no ffmpeg on the path to compare with")
        times: list[float] = []
        ffmpeg_times: list[float] = []
        for _ in range((3 if quick else ROUNDS) + 1):
            times.append(await _timed(lambda: _join(clips, ours)))
            if ffmpeg is not None:
                ffmpeg_times.append(await _timed(lambda: _concat(ffmpeg, clips, theirs)))
        encoded = folder / "encoded.mp4"
        encode_seconds = await _timed(lambda: _join(clips, encoded, fade=True))
        seconds = statistics.median(times[1:])
        ffmpeg_seconds = statistics.median(ffmpeg_times[1:]) if ffmpeg_times else None
        return {
            "file_mb": sum(clip.stat().st_size for clip in clips) / 1e6,
            "seconds": seconds,
            "ffmpeg_seconds": ffmpeg_seconds,
            "x_ffmpeg": None if ffmpeg_seconds is None else seconds / ffmpeg_seconds,
            "length_seconds": _length(ours),
            "ffmpeg_length_seconds": _length(theirs) if ffmpeg_times else None,
            "encode_seconds": encode_seconds,
            "encode_x_realtime": _length(encoded) / encode_seconds,
        }


def _clips(folder: Path) -> list[Path]:
    paths = [folder / f"{number}.mp4" for number in range(CLIPS)]
    for number, path in enumerate(paths):
        clip = Clip(prompt=f"A red fox, scene {number}", seed=number, width=1280, height=720, seconds=SECONDS)
        render(clip, path, on_frame=_ignore)
    return paths


async def _join(clips: list[Path], target: Path, *, fade: bool = False) -> None:
    await join(clips, target, fade=fade, title=None, limit=LIMIT, progress=_ignore)


async def _concat(ffmpeg: str, clips: list[Path], target: Path) -> None:
    names = target.with_suffix(".txt")
    names.write_text("".join(f"file '{clip}'\n" for clip in clips))
    process = await asyncio.create_subprocess_exec(
        ffmpeg, "-v", "error", "-nostdin", "-y", "-f", "concat", "-safe", "0", "-i", str(names),
        "-c", "copy", "-movflags", "+faststart", str(target),
    )  # fmt: skip
    if await process.wait():
        raise RuntimeError("ffmpeg failed")


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


def _length(path: Path) -> float:
    """Return how long the pictures of a file last, in seconds."""
    with path.open("rb") as file, av.open(file, "r", format="mp4") as container:
        track = container.streams.video[0]
        return float((track.duration or 0) * (track.time_base or 0))


def _ignore(_progress: int) -> None:
    """Take no notice of progress."""

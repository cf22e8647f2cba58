"""Join videos into one, in a child process."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.domain.errors import CannotFit, NotAVideo
from bot.domain.join import Caption
from bot.media.child import Allowance
from bot.media.mp4 import check_mp4
from bot.media.order import absolute, carry_out


async def join(
    sources: Sequence[Path],
    target: Path,
    *,
    fade: bool,
    title: str | None,
    limit: int,
    progress: Callable[[int], None],
    captions: Sequence[Caption] = (),
    longest: float | None = None,
    allowance: Allowance | None = None,
) -> None:
    """Write one MP4 of the videos in order, of at most `limit` bytes; `progress` rises to 100.

    `captions`, one a video, stand in the first three seconds of each; of none more than `longest` seconds
    are shown.

    The whole grows next to the target and takes its name when it is complete. Cancelling kills the process
    and leaves no file.

    Raises:
        CannotFit: a source is no whole video, the whole gets too large, or it took too long.
    """
    if not sources:
        raise CannotFit("there is nothing to join")
    part = target.with_name(f"{target.name}.part")
    order = {
        "sources": absolute(sources),
        "fade": fade,
        "title": title,
        "captions": [asdict(caption) for caption in captions],
        "longest": longest,
    }
    try:
        await carry_out(
            "bot.media.join_process",
            order,
            part,
            limit,
            progress=progress,
            allowance=allowance or Allowance(),
        )
        await asyncio.to_thread(_check_whole, part, limit)
        part.replace(target)  # not in a thread: a cancelled job must not get its file a moment later
    except OSError as exc:
        raise CannotFit(f"the joined video cannot be kept: {exc}") from exc
    finally:
        part.unlink(missing_ok=True)
    progress(100)


def _check_whole(part: Path, limit: int) -> None:
    """Check what the child claims."""
    try:
        length = part.stat().st_size
        if length > limit:
            raise CannotFit(f"the joined video has {length} bytes instead of {limit}")
        if not check_mp4(part).faststart:
            raise CannotFit("the joined video has its index at the end")
    except (NotAVideo, OSError) as exc:
        raise CannotFit(f"the joined video is damaged: {exc}") from exc

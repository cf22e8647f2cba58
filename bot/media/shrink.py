"""Shrink a video to a limit, in a child process."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.domain.errors import CannotFit, NotAVideo
from bot.media.child import Allowance, Child
from bot.media.mp4 import check_mp4


async def shrink(
    source: Path,
    target: Path,
    *,
    limit: int,
    progress: Callable[[int], None],
    allowance: Allowance | None = None,
) -> None:
    """Write a copy of at most `limit` bytes to `target`; `progress` rises to 100.

    The copy grows next to the target and takes its name when it is whole. Cancelling kills the process and
    leaves no file.

    Raises:
        CannotFit: not possible at a watchable quality, or the encoder failed or took too long.
    """
    part = target.with_name(f"{target.name}.part")
    child = Child("bot.media.shrink_process", progress, allowance or Allowance())
    try:
        await child.run(source, part, limit)
        await asyncio.to_thread(_check_copy, part, limit)
        part.replace(target)  # not in a thread: a cancelled job must not get its file a moment later
    except OSError as exc:
        raise CannotFit(f"the copy cannot be kept: {exc}") from exc
    finally:
        part.unlink(missing_ok=True)
    progress(100)


def _check_copy(part: Path, limit: int) -> None:
    """Check what the child claims."""
    try:
        length = part.stat().st_size
        if length > limit:
            raise CannotFit(f"the copy has {length} bytes instead of {limit}")
        check_mp4(part)
    except (NotAVideo, OSError) as exc:
        raise CannotFit(f"the copy is damaged: {exc}") from exc

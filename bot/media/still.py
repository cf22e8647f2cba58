"""Take a picture out of a video, in a child process: it stands for a video that no place takes."""

import asyncio
from pathlib import Path

from bot.domain.errors import CannotFit
from bot.media.child import Allowance, Child

LARGEST = 1 << 20
"""A still never needs more bytes."""


async def take_still(source: Path, target: Path, *, limit: int, allowance: Allowance | None = None) -> None:
    """Write a JPEG of a good frame to `target`, of at most `limit` bytes and 1 MiB.

    The picture grows next to the target and takes its name when it is whole. Cancelling kills the process
    and leaves no file.

    Raises:
        CannotFit: no frame can be read, or it took too long.
    """
    limit = min(limit, LARGEST)
    part = target.with_name(f"{target.name}.part")
    child = Child("bot.media.still_process", lambda _percent: None, allowance or Allowance(per_second=2.0))
    try:
        await child.run(source, part, limit)
        await asyncio.to_thread(_check_picture, part, limit)
        part.replace(target)  # not in a thread: a cancelled job must not get its file a moment later
    except OSError as exc:
        raise CannotFit(f"the picture cannot be kept: {exc}") from exc
    finally:
        part.unlink(missing_ok=True)


def _check_picture(part: Path, limit: int) -> None:
    """Check what the child claims."""
    data = part.read_bytes() if part.stat().st_size <= limit else b""
    if not (data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9")):
        raise CannotFit(f"the child left no JPEG of at most {limit} bytes")

"""Orders: what a child process is to do with several files, as one JSON file next to its target."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.domain.errors import CannotFit
from bot.media.child import Allowance, Child


def absolute(paths: Sequence[Path]) -> list[str]:
    """Return the paths as the child needs them: it runs in another folder."""
    return [str(path.absolute()) for path in paths]


async def carry_out(
    module: str,
    order: Mapping[str, object],
    target: Path,
    limit: int,
    *,
    progress: Callable[[int], None],
    allowance: Allowance,
) -> None:
    """Let the child process `module` write `target` by the order; what it claims is not checked here.

    Cancelling kills the process. Nothing but the target stays.

    Raises:
        CannotFit: it says so, failed, or took too long.
        OSError: the order cannot be written.
    """
    paper = target.with_name(f"{target.name}.order")
    try:
        await asyncio.to_thread(paper.write_text, json.dumps(order), encoding="utf-8")
        # What a child of an earlier process has begun stays its own: it may still be writing.
        await asyncio.to_thread(target.unlink, missing_ok=True)
        await Child(module, progress, allowance).run(paper, target, limit)
    finally:
        paper.unlink(missing_ok=True)


async def picture_of(module: str, order: Mapping[str, object], limit: int, allowance: Allowance) -> bytes:
    """Return the JPEG, of at most `limit` bytes, that the child process `module` makes by the order.

    Cancelling kills the process.

    Raises:
        CannotFit: it says so, failed, took too long, or left no such picture.
    """
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="reelbot-")
    target = Path(folder.name, "picture.jpg")
    try:
        await carry_out(module, order, target, limit, progress=lambda _percent: None, allowance=allowance)
        data = await asyncio.to_thread(_read, target, limit)
    except OSError as exc:
        raise CannotFit(f"the picture cannot be kept: {exc}") from exc
    finally:
        folder.cleanup()  # two small files: not worth a thread, which a cancelled task could not wait for
    if not (data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9")):
        raise CannotFit(f"the child left no JPEG of at most {limit} bytes")
    return data


def _read(target: Path, limit: int) -> bytes:
    with target.open("rb") as file:
        data = file.read(limit + 1)
    return data if len(data) <= limit else b""

"""Shrink a video in a process of its own: a codec that crashes on hostile bytes takes nothing along."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import CannotFit, NotAVideo
from bot.media.mp4 import check_mp4

# All that Python needs to start; the rest holds tokens, which no decoder of foreign bytes should have.
_ENVIRONMENT = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "TMPDIR",
    "TEMP",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How long a shrink may take, in seconds: to start, then for each second of video, and at most.

    A 720p video takes half its length on two cores; a small board is ten times slower, and there may be five
    attempts.
    """

    start: float = 60.0
    per_second: float = 30.0
    longest: float = 1800.0

    def total(self, seconds: float) -> float:
        """Return the time for a video of this length."""
        known = seconds if seconds > 0 else 0.0  # also of NaN
        return min(self.start + self.per_second * known, self.longest)


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
    shrinking = _Shrinking(progress, allowance or Allowance())
    try:
        await shrinking.run(source, part, limit)
        await asyncio.to_thread(_check_copy, part, limit)
        part.replace(target)  # not in a thread: a cancelled job must not get its file a moment later
    except OSError as exc:
        raise CannotFit(f"the copy cannot be kept: {exc}") from exc
    finally:
        part.unlink(missing_ok=True)
    progress(100)


class _Shrinking:
    """One child process, from its start to its end."""

    def __init__(self, progress: Callable[[int], None], allowance: Allowance) -> None:
        self._progress = progress
        self._allowance = allowance
        self._percent = -1
        self._done = False

    async def run(self, source: Path, part: Path, limit: int) -> None:
        process = await self._start(source, part, limit)
        try:
            async with asyncio.timeout(self._allowance.start) as timer:
                await self._follow(process, timer)
                code = await process.wait()
        except TimeoutError as exc:
            raise CannotFit("the encoder took too long") from exc
        finally:
            await _end(process)
        if not self._done:
            raise CannotFit(f"the encoder ended with code {code}")

    async def _start(self, source: Path, part: Path, limit: int) -> Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._command(source, part, limit),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=DEVNULL,
                cwd=Path(__file__).parents[2],  # where `-m` finds the code that runs here
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        except OSError as exc:
            raise CannotFit("the encoder cannot be started") from exc

    def _command(self, source: Path, part: Path, limit: int) -> tuple[str, ...]:
        # Only for the case that this process dies: the time limit here is reached first.
        cpu_seconds = 60 + int(self._allowance.longest) * (os.cpu_count() or 1)
        # Absolute, since the child runs in another folder.
        arguments = (str(source.absolute()), str(part.absolute()), str(limit), str(cpu_seconds))
        return sys.executable, "-m", "bot.media.shrink_process", *arguments

    async def _follow(self, process: Process, timer: asyncio.Timeout) -> None:
        """Act on the child's messages to the end. It has decoded hostile bytes, so they are not trusted."""
        began = asyncio.get_running_loop().time()
        while line := await _read_line(process):
            match _parse(line):
                case {"seconds": float(seconds)}:
                    timer.reschedule(began + self._allowance.total(seconds))
                case {"percent": int(percent)} if self._percent < percent < 100:
                    self._percent = percent
                    self._progress(percent)
                case {"error": str(text)}:
                    raise CannotFit(text[:200])
                case {"done": True}:
                    self._done = True


async def _read_line(process: Process) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was started with a pipe
    try:
        return await process.stdout.readline()
    except ValueError as exc:
        raise CannotFit("the encoder wrote a line without end") from exc


def _parse(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise CannotFit("the encoder wrote no JSON") from exc


async def _end(process: Process) -> None:
    """Leave no process behind."""
    if process.returncode is None:
        process.kill()
    await process.communicate()  # also closes the pipe


def _check_copy(part: Path, limit: int) -> None:
    """Check what the child claims."""
    try:
        length = part.stat().st_size
        if length > limit:
            raise CannotFit(f"the copy has {length} bytes instead of {limit}")
        check_mp4(part)
    except (NotAVideo, OSError) as exc:
        raise CannotFit(f"the copy is damaged: {exc}") from exc

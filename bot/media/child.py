"""Work on foreign video in a process of its own: a codec that crashes on its bytes takes nothing along."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import CannotFit

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
    """How long the work may take, in seconds: to start, then for each second of video, and at most.

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


class Child:
    """One child process, from its start to its end: `python -m MODULE SOURCE TARGET LIMIT CPU_SECONDS`."""

    def __init__(self, module: str, progress: Callable[[int], None], allowance: Allowance) -> None:
        self._module = module
        self._progress = progress
        self._allowance = allowance
        self._percent = -1
        self._done = False

    async def run(self, source: Path, target: Path, limit: int) -> None:
        """Let the child write the target, of at most `limit` bytes; what it claims is not checked here.

        Cancelling kills the process.

        Raises:
            CannotFit: it says so, failed, or took too long.
        """
        process = await self._start(source, target, limit)
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

    async def _start(self, source: Path, target: Path, limit: int) -> Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._command(source, target, limit),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=DEVNULL,
                cwd=Path(__file__).parents[2],  # where `-m` finds the code that runs here
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        except OSError as exc:
            raise CannotFit("the encoder cannot be started") from exc

    def _command(self, source: Path, target: Path, limit: int) -> tuple[str, ...]:
        # Only for the case that this process dies: the time limit here is reached first.
        cpu_seconds = 60 + int(self._allowance.longest) * (os.cpu_count() or 1)
        # Absolute, since the child runs in another folder.
        arguments = (str(source.absolute()), str(target.absolute()), str(limit), str(cpu_seconds))
        return sys.executable, "-m", self._module, *arguments

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

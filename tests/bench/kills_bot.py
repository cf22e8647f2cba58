"""One process of the bot that is killed, frozen and started again."""

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.processes import environment, kill

STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Haste:
    """Shorter waits than the product's, None for its own: what nobody can wait for in a test.

    `in_flight`: before a provider's list is believed. `lease`: of a process in the database. Seconds.
    """

    in_flight: float | None = None
    lease: float | None = None

    def command(self) -> tuple[str, ...]:
        """Return what starts the bot so."""
        changes = {"--in-flight": self.in_flight, "--lease": self.lease}
        words = [word for name, value in changes.items() if value is not None for word in (name, str(value))]
        return (sys.executable, "-m", *(("tests.bench.kills_hasty_bot", *words) if words else ("bot",)))


class RestlessBot:
    """`reelbot COMMAND` in one folder, one process after the other; the log goes on in one file.

    `settings` gives the environment of the process of this name: "run.1" is the first one.
    """

    def __init__(
        self,
        folder: Path,
        command: str,
        settings: Callable[[str], Mapping[str, str]],
        *,
        haste: Haste,
        number: str = "",
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._command = (*haste.command(), command)
        self._process: asyncio.subprocess.Process | None = None
        self._starts = 0
        self.command = command
        self.part = command + number

    @property
    def name(self) -> str:
        """Return the name of the process that runs, or ran last."""
        return f"{self.part}.{self._starts}"

    async def start(self) -> None:
        """Start the next process."""
        self._starts += 1
        with (self._folder / f"{self.part}.log").open("ab") as log:
            log.write(f"--- {self.name} started ---\n".encode())
            log.flush()
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env=environment(**self._settings(self.name)),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )

    @property
    def runs(self) -> bool:
        """Say whether the process is there."""
        return self._process is not None and self._process.returncode is None

    async def ended(self) -> None:
        """Wait until the process is gone."""
        assert self._process is not None
        await self._process.wait()

    async def kill(self) -> bool:
        """Kill it as a power cut would; say whether there was a process."""
        if not self.runs:
            return False
        assert self._process is not None
        kill(self._process)
        await self._process.wait()
        return self._process.returncode == -signal.SIGKILL

    def signal(self, number: signal.Signals) -> None:
        """Freeze or thaw it; without a process nothing happens."""
        if self.runs:
            assert self._process is not None
            self._process.send_signal(number)

    async def stop(self) -> None:
        """Stop it in good order."""
        if self.runs:
            assert self._process is not None
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            finally:
                await self.kill()

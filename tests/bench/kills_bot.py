"""The bot as a process that is killed and started again."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.processes import environment, kill

STOP_SECONDS = 15.0


class RestlessBot:
    """`reelbot run` in one folder, one process after the other; `kills` and `deaths` count how they ended.

    `in_flight` shortens the wait before a provider's list is believed, seconds.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str], *, in_flight: float | None = None) -> None:
        self._folder = folder
        self._environment = environment(**settings)
        hasty = ("tests.bench.kills_hasty_bot", str(in_flight))
        self._command = (sys.executable, "-m", *(("bot",) if in_flight is None else hasty), "run")
        self._process: asyncio.subprocess.Process | None = None
        self.kills = 0
        self.deaths = 0

    async def start(self) -> None:
        """Start the next process; the log goes on in one file."""
        with (self._folder / "bot.log").open("ab") as log:
            log.write(b"--- started ---\n")
            log.flush()
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env=self._environment,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )

    async def ended(self) -> None:
        """Wait until the process is gone."""
        assert self._process is not None
        await self._process.wait()

    async def lives_for(self, seconds: float) -> bool:
        """Let it run for so long; say whether it still does. One that ends by itself is a death."""
        try:
            await asyncio.wait_for(self.ended(), seconds)
        except TimeoutError:
            return True
        self.deaths += 1
        return False

    async def kill(self) -> None:
        """Kill it as a power cut would; without a process nothing happens."""
        if self._process is not None and self._process.returncode is None:
            kill(self._process)
            await self._process.wait()
            self.kills += 1

    async def stop(self) -> None:
        """Stop it in good order."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            finally:
                if self._process.returncode is None:
                    kill(self._process)
                    await self._process.wait()

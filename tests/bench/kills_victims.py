"""The processes that are hit at random moments: killed and started again at once, or frozen for a while."""

import asyncio
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.kills_bot import RestlessBot

STARTING_SHARE, STARTING_S = 0.2, (0.1, 1.5)
"""So many of the blows fall into the start of a process, counted in seconds from the blow before."""
ONLINE_S = (0.0, 3.0)
"""The others fall into this span after the bot came online."""
ONLINE_PATIENCE_S = 30.0
FROZEN_LEASES = (1.2, 2.0)
"""A process is frozen for so many leases. Less than a list waits for what may be in flight: three of them."""


@dataclass(slots=True, kw_only=True)
class Blow:
    """A process was killed, or frozen until `thawed_at`. Unix seconds."""

    process: str
    at: float
    frozen: bool = False
    thawed_at: float | None = None


class Victims:
    """The processes of one bot. `deaths` counts those that ended by themselves; they too are started again.

    `online` is set by whoever sees the bot come online. Only what is called "worker" is frozen, and one at a
    time: somebody must be left to take over.
    """

    def __init__(
        self, bots: Sequence[RestlessBot], online: asyncio.Event, rng: random.Random, *, lease: float = 0.0
    ) -> None:
        self._bots = bots
        self._online = online
        self._rng = rng
        self._lease = lease
        self._frozen: RestlessBot | None = None
        self._thawing: asyncio.Task[None] | None = None
        self.blows: list[Blow] = []
        self.deaths = 0

    @property
    def kills(self) -> int:
        """Count the kills."""
        return sum(not blow.frozen for blow in self.blows)

    @property
    def freezes(self) -> int:
        """Count how often a process was frozen."""
        return sum(blow.frozen for blow in self.blows)

    async def start(self) -> None:
        """Start all of them."""
        for bot in self._bots:
            await bot.start()

    async def suffer(self, *, kills: int, freezes: int) -> None:
        """Take so many blows, in any order."""
        while (left := kills - self.kills) + freezes - self.freezes > 0:
            await self._live_a_little()
            if self._rng.random() * (left + freezes - self.freezes) < left:
                await self._kill(self._rng.choice([bot for bot in self._bots if bot is not self._frozen]))
            else:
                await self._until_thawed()
                self._freeze(self._rng.choice([bot for bot in self._bots if bot.command == "worker"]))
        await self._until_thawed()

    async def strike(self, process: str) -> None:
        """Kill this one, if it still runs."""
        for bot in self._bots:
            if bot.name == process:
                await self._kill(bot)

    async def live(self, seconds: float, until: asyncio.Event | None = None) -> None:
        """Let them live for so long, at most until something happens."""
        until = until or asyncio.Event()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not until.is_set():
            ends = {asyncio.create_task(bot.ended()): bot for bot in self._bots}
            happening = asyncio.create_task(until.wait())
            await asyncio.wait([*ends, happening], timeout=left, return_when=asyncio.FIRST_COMPLETED)
            gone = [bot for end_of, bot in ends.items() if end_of.done()]
            for task in (*ends, happening):
                task.cancel()
            await asyncio.gather(*ends, happening, return_exceptions=True)
            for bot in gone:
                self.deaths += 1
                await self._start(bot)

    async def stop(self) -> None:
        """Stop them in good order."""
        if self._thawing is not None:
            self._thawing.cancel()
            await asyncio.gather(self._thawing, return_exceptions=True)
        await asyncio.gather(*(bot.stop() for bot in self._bots))

    async def _live_a_little(self) -> None:
        starting, moment = self._rng.random() < STARTING_SHARE, self._rng.random()
        if not starting:
            await self.live(ONLINE_PATIENCE_S, self._online)
        first, last = STARTING_S if starting else ONLINE_S
        await self.live(first + moment * (last - first))

    async def _kill(self, bot: RestlessBot) -> None:
        blow = Blow(process=bot.name, at=time.time())
        if await bot.kill():
            self.blows.append(blow)
        else:
            self.deaths += 1
        await self._start(bot)

    async def _start(self, bot: RestlessBot) -> None:
        if bot.command != "worker":
            self._online.clear()
        await bot.start()

    def _freeze(self, bot: RestlessBot) -> None:
        bot.signal(signal.SIGSTOP)
        blow = Blow(process=bot.name, at=time.time(), frozen=True)
        self.blows.append(blow)
        self._frozen = bot
        seconds = self._lease * self._rng.uniform(*FROZEN_LEASES)
        self._thawing = asyncio.create_task(self._thaw(bot, blow, seconds), name=f"thaw {bot.name}")

    async def _thaw(self, bot: RestlessBot, blow: Blow, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
        finally:
            self._frozen = None
            blow.thawed_at = time.time()
            bot.signal(signal.SIGCONT)

    async def _until_thawed(self) -> None:
        if self._thawing is not None:
            await asyncio.gather(self._thawing)

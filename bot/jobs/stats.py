"""What members may know about the jobs of a period."""

import asyncio
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.chart import Chart
from bot.domain.stats import Run, Stats, stats
from bot.domain.trends import Period
from bot.jobs.actor import Actor
from bot.ports import Clock
from bot.ports_media import MediaTools

MOST = 50_000
"""So many jobs are counted, the newest: more would take memory and seconds for figures that hardly differ."""


class RunStore(Protocol):
    """The renders of a period, newest first; all methods raise `DatabaseUnavailable` when it fails."""

    async def of_server(self, guild_id: int, *, since: int, limit: int) -> list[Run]:
        """Return the server's renders that were asked for since then (ms), at most `limit`."""

    async def of_direct_messages(self, user_id: int, *, since: int, limit: int) -> list[Run]:
        """Return what the member has asked for in direct messages, in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures as one member may see them. `cut` says that only the newest `MOST` are in them."""

    stats: Stats
    cut: bool


class Statistics:
    """The use cases of `/stats`."""

    def __init__(self, *, store: RunStore, media: MediaTools, clock: Clock) -> None:
        self._store = store
        self._media = media
        self._clock = clock

    async def report(self, actor: Actor, period: Period) -> Report:
        """Count the server's jobs of the period; in direct messages the actor's own.

        Members are told apart only for who manages the server.
        """
        now = self._clock.now()
        since = period.since(now)
        if actor.guild_id is None:
            runs = await self._store.of_direct_messages(actor.user_id, since=since, limit=MOST)
        else:
            runs = await self._store.of_server(actor.guild_id, since=since, limit=MOST)
        cut = len(runs) == MOST
        counted = await asyncio.to_thread(
            stats, runs, user_id=actor.user_id, since=0 if cut else since, now=now
        )
        if actor.guild_id is None or not actor.manager:
            counted = replace(counted, members=())
        return Report(stats=counted, cut=cut)

    async def draw(self, chart: Chart) -> bytes:
        """Draw the figures as a JPEG; raise `CannotFit` where that fails."""
        return await self._media.chart(chart)

"""What members are told before they choose: how choices were voted on. What they ask for stays as it is."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Protocol

from bot.domain.errors import BotError
from bot.domain.suggestions import NONE, Standings, Voted, standings
from bot.domain.trends import DAY
from bot.ports import Clock

log = logging.getLogger(__name__)

DAYS = 365
"""Votes on older videos say nothing any more: models and members change."""
KEPT = 5 * 60 * 1000
"""Milliseconds after which the votes are counted anew."""
SERVERS = 500
"""So many servers' answers are kept; each has a few hundred bytes."""
PATIENCE = 0.1
"""Seconds that an answer while typing waits for the first count; the next one has it."""
LONGEST = 30.0
"""Seconds after which a count is given up."""


class ChoiceStore(Protocol):
    """The votes on a server's videos; raises `DatabaseUnavailable` when it fails."""

    async def voted(self, guild_id: int, *, since: int) -> list[Voted]:
        """Return what was chosen for the server's rendered videos since then (ms), with their votes."""


@dataclass(frozen=True, slots=True)
class _Kept:
    standings: Standings
    at: int


class Suggestions:
    """How choices were voted on, by server, from memory: one count a server and five minutes."""

    def __init__(self, *, store: ChoiceStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept: dict[int, _Kept] = {}
        self._counting: dict[int, asyncio.Task[None]] = {}

    async def standings(self, guild_id: int | None, *, patience: float = PATIENCE) -> Standings:
        """Return what is known of a server's votes; direct messages have none.

        An older count is returned while a new one is made; the first is waited for `patience` seconds.
        """
        if guild_id is None:
            return NONE
        kept = self._kept.get(guild_id)
        if kept is not None and 0 <= self._clock.now() - kept.at < KEPT:
            return kept.standings
        counting = self._counting.get(guild_id)
        if counting is None:
            counting = asyncio.create_task(self._count(guild_id), name=f"votes of {guild_id}")
            self._counting[guild_id] = counting
        if kept is None:
            await asyncio.wait({counting}, timeout=patience)
            kept = self._kept.get(guild_id)
        return NONE if kept is None else kept.standings

    async def _count(self, guild_id: int) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                now = self._clock.now()
                voted = await self._store.voted(guild_id, since=now - DAYS * DAY)
            self._keep(guild_id, _Kept(standings(voted), now))
        except (BotError, TimeoutError) as error:
            log.warning("the votes of server %s could not be counted: %s", guild_id, error)
        finally:
            del self._counting[guild_id]

    def _keep(self, guild_id: int, kept: _Kept) -> None:
        """Put it in as the newest, and forget the oldest where there are too many."""
        self._kept.pop(guild_id, None)
        self._kept[guild_id] = kept
        while len(self._kept) > SERVERS:
            del self._kept[next(iter(self._kept))]

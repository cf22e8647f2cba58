"""Cards that change while the bot runs: read anew without a restart."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from bot.domain.errors import ConfigError
from bot.providers.cards import CardSource
from bot.providers.catalog import OpenCatalog

LOOK_SECONDS = 3.0
DISCOVER_SECONDS = 6 * 3600.0

log = logging.getLogger(__name__)


class Reloading:
    """Keeps a catalog as its cards say, and knowing what its APIs tell of their models."""

    def __init__(
        self,
        catalog: OpenCatalog,
        source: CardSource,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        look_every: float = LOOK_SECONDS,
    ) -> None:
        self._catalog = catalog
        self._source = source
        self._now = now
        self._look_every = look_every
        self._seen: object = None

    async def run(self) -> None:
        """Look at the files every few seconds, and ask the APIs at the start, after changes and at times."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_looking())
            group.create_task(self._keep_asking())

    async def look(self) -> None:
        """Take the cards over if a file or the day changed; broken ones change nothing but the log, once."""
        # Before they are read: what is written in between is seen at the next look.
        today = self._now().date()
        stamp = (await asyncio.to_thread(self._source.stamp), today)
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            cards = await asyncio.to_thread(self._source.load)
            await self._catalog.put(cards, today=today)
        except ConfigError as error:
            log.warning("the video APIs stay as they were: %s", error)
            return
        except Exception:  # such as an `.env` that is no text; the next change is looked at all the same
            log.exception("the video APIs stay as they were")
            return
        log.info("the video APIs are: %s", ", ".join(card.name for card in cards))

    async def _keep_looking(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._look_every)

    async def _keep_asking(self) -> None:
        while True:
            self._catalog.changed.clear()
            await self._catalog.discover()
            try:
                async with asyncio.timeout(DISCOVER_SECONDS):
                    await self._catalog.changed.wait()
            except TimeoutError:
                pass  # time to ask again

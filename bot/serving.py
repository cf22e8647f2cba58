"""Running what `bot.app` has built, until it is told to stop."""

import asyncio
import logging

from bot.app import App
from bot.domain.errors import ProviderError
from bot.gateway import log_in_patiently
from bot.providers.catalog import Catalog

log = logging.getLogger(__name__)


async def serve(
    app: App, token: str, stop: asyncio.Event, *, gateway: bool = True, engine: bool = True
) -> None:
    """Run gateway, engine or both until `stop` is set, then finish what takes seconds.

    Raises:
        ConfigError: the token is wrong.
        BotError: Discord closed the gateway for good.
    """
    async with app.rest:
        parts = [asyncio.create_task(_probe(app.catalog), name="probe")]
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            login = asyncio.create_task(log_in_patiently(app.rest, token), name="login")
            parts.append(login)
            await asyncio.wait({login, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                return
            login.result()
            working = set()
            if gateway:
                working.add(asyncio.create_task(app.gateway.run(token), name="gateway"))
            if engine:
                working.add(asyncio.create_task(app.runner.run(), name="runner"))
                parts.append(asyncio.create_task(app.callbacks.run(), name="callbacks"))
                parts.append(asyncio.create_task(app.boards.run(), name="boards"))
                parts.append(asyncio.create_task(app.comparisons.run(), name="comparisons"))
                parts.append(asyncio.create_task(app.postings.run(), name="postings"))
                parts.append(asyncio.create_task(app.reels.run(), name="reels"))
            parts += working
            await asyncio.wait({*working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            await app.runner.stop()
        finally:
            stopping.cancel()
            for task in parts:
                task.cancel()
            results = await asyncio.gather(*parts, return_exceptions=True)
            await asyncio.gather(stopping, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _probe(catalog: Catalog) -> None:
    """Say at once in the log when a video API does not answer; the bot runs all the same."""
    for provider in catalog.all():
        try:
            await provider.probe()
        except ProviderError as error:
            log.warning("the video API %r does not work yet: %s", provider.name, error)

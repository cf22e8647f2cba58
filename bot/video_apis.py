"""Which video APIs the settings describe."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.config import ENV_FILE, Settings, read_environment
from bot.domain.errors import ConfigError
from bot.providers.card import Card
from bot.providers.cards import SHORT_NAME, CardSource, model_cards
from bot.providers.catalog import OpenCatalog, open_catalog

log = logging.getLogger(__name__)


def card_source(settings: Settings) -> CardSource:
    """Say where the settings' cards come from; it may have none."""
    short = settings.short_api
    card = None
    if short is not None:
        card = Card(
            name=SHORT_NAME,
            base_url=short.base_url,
            key=short.key,
            key_from=short.key_from,
            profile=short.profile,
            models=model_cards(short.models),
            slots=short.slots,
            api_version=short.api_version,
        )
    return CardSource(file=settings.cards_file, short=card, environment=read_environment, watched=(ENV_FILE,))


@asynccontextmanager
async def open_cards(settings: Settings) -> AsyncIterator[tuple[OpenCatalog, CardSource]]:
    """Open the configured video APIs, and say where their cards come from; without any, the embedded preview.

    Raises:
        ConfigError: a card is wrong, or the preview cannot start.
    """
    async with AsyncExitStack() as stack:
        source = card_source(settings)
        if source.is_empty:
            source = CardSource(short=await _preview(settings, stack))
        cards = await asyncio.to_thread(source.load)
        yield await stack.enter_async_context(open_catalog(cards)), source


@asynccontextmanager
async def open_providers(settings: Settings) -> AsyncIterator[OpenCatalog]:
    """Open the configured video APIs as they are now; raises as `open_cards` does."""
    async with open_cards(settings) as (catalog, _):
        yield catalog


async def _preview(settings: Settings, stack: AsyncExitStack) -> Card:
    from bot.preview.server import PreviewServer  # its libraries take 30 MB that other bots do without

    try:
        preview = await stack.enter_async_context(PreviewServer(data_dir=settings.data_dir / "preview"))
    except OSError as error:
        raise ConfigError(f"the built-in preview cannot start: {error}") from error
    log.info("no video API is set: the built-in preview renders at %s", preview.base_url)
    models = model_cards(settings.video_api_models)
    return Card(name="preview", base_url=preview.base_url, profile="preview", models=models)

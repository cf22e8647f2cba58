"""The composition root: the only file that imports every layer and joins the ports."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
import discord

from bot.client import Reelbot, use_api
from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.errors import BotError, ConfigError, ProviderError
from bot.jobs.ratings import RatingService
from bot.jobs.runner import Runner
from bot.jobs.service import VideoService
from bot.jobs.steps import Ports
from bot.media.tools import Media
from bot.ports import JobStore
from bot.preview.server import PreviewServer
from bot.providers.catalog import Card, Catalog, open_catalog
from cogs import EXTENSIONS
from cogs.buttons import status_view
from cogs.delivery import DiscordAnnouncer
from cogs.services import Services
from cogs.texts import load_library
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from storage.workspace import FileWorkspace

log = logging.getLogger(__name__)

LOGIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The bot, ready to be served."""

    client: Reelbot
    runner: Runner
    announcer: DiscordAnnouncer
    catalog: Catalog
    store: JobStore


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Database]:
    """Open the database and bring its schema up to date.

    Raises:
        ConfigError, DatabaseLocked, DatabaseUnavailable: with a sentence for the owner.
    """
    database = await open_database(settings.database)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[App]:
    """Build everything from the settings, and take it apart in reverse order."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_store(settings))
        cards = [await _card(settings, stack)]
        catalog = await stack.enter_async_context(open_catalog(cards))
        app = _join(settings, database, catalog)
        stack.push_async_callback(app.announcer.board.stop)
        yield app


async def _card(settings: Settings, stack: AsyncExitStack) -> Card:
    """Describe the provider of the short settings; without any, start the embedded preview."""
    # A key goes only to the address that stands beside it.
    base_url, key = settings.video_api_base_url, settings.video_api_key
    if base_url is None:
        base_url, key = settings.openai_base_url, settings.openai_api_key
    model = settings.video_api_models[0] if settings.video_api_models else ""
    if base_url is not None:
        return Card(
            name="default",
            base_url=base_url,
            key=key.get_secret_value() if key is not None else None,
            profile=settings.video_api_profile or "openai",
            model=model,
        )
    try:
        preview = await stack.enter_async_context(PreviewServer(data_dir=settings.data_dir / "preview"))
    except OSError as error:
        raise ConfigError(f"the built-in preview cannot start: {error}") from error
    log.info("no video API is set: the built-in preview renders at %s", preview.base_url)
    return Card(name="preview", base_url=preview.base_url, key=None, profile="preview", model=model)


def _join(settings: Settings, database: Database, catalog: Catalog) -> App:
    clock, media = SystemClock(), Media()
    store, ratings = SqlJobStore(database), SqlRatingStore(database)
    guild_settings = SqlSettingsStore(database)
    workspace = FileWorkspace(settings.data_dir)
    library = load_library()
    use_api(settings.discord_api_url, settings.discord_gateway_url)
    client = Reelbot(extensions=EXTENSIONS, notes=guild_settings, guild_ids=settings.discord_guild_ids)
    announcer = DiscordAnnouncer(client=client, library=library, clock=clock, status_view=status_view)
    ports = Ports(
        store=store,
        catalog=catalog,
        announcer=announcer,
        media=media,
        workspace=workspace,
        clock=clock,
        rng=random.Random(),
    )
    runner = Runner(ports, exclusive=not database.shared)
    videos = VideoService(
        store=store,
        settings=guild_settings,
        ratings=ratings,
        catalog=catalog,
        media=media,
        workspace=workspace,
        engine=runner,
        clock=clock,
    )
    client.services = Services(
        videos=videos,
        ratings=RatingService(store=ratings, jobs=store, clock=clock),
        library=library,
        announcer=announcer,
    )
    return App(client=client, runner=runner, announcer=announcer, catalog=catalog, store=store)


async def serve(app: App, token: str, stop: asyncio.Event) -> None:
    """Run gateway and engine until `stop` is set, then finish what takes seconds.

    Raises:
        ConfigError: the token is wrong, or Discord cannot be reached.
    """
    async with app.client:
        await log_in(app.client, token)
        probe = asyncio.create_task(_probe(app.catalog), name="probe")
        parts = {
            asyncio.create_task(_connect(app.client), name="gateway"),
            asyncio.create_task(app.runner.run(), name="runner"),
        }
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await asyncio.wait({*parts, stopping}, return_when=asyncio.FIRST_COMPLETED)
            await app.runner.stop()
        finally:
            for task in (*parts, stopping, probe):
                task.cancel()
            results = await asyncio.gather(*parts, return_exceptions=True)
            await asyncio.gather(stopping, probe, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def log_in(client: Reelbot, token: str) -> None:
    """Log in, load the cogs and sync the commands.

    Raises:
        ConfigError: the token is wrong, or Discord cannot be reached.
    """
    try:
        async with asyncio.timeout(LOGIN_SECONDS):
            await client.login(token)
    except discord.LoginFailure as error:
        raise ConfigError(
            "Discord refuses DISCORD_TOKEN. Copy the token anew from "
            "https://discord.com/developers/applications (Bot, Reset Token); it is not the client secret."
        ) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ConfigError(f"Discord cannot be reached at {discord.http.Route.BASE}: {error}") from error


async def _connect(client: Reelbot) -> None:
    try:
        await client.connect()
    except discord.ConnectionClosed as error:
        raise BotError(f"Discord closed the gateway for good (code {error.code}): {error.reason}") from error
    except (aiohttp.ClientError, discord.GatewayNotFound, OSError) as error:
        raise BotError(f"Discord's gateway cannot be reached: {error}") from error
    except AttributeError as error:
        # What the library raises when its very first connection fails (Rapptz/discord.py issue 10520).
        raise BotError("Discord's gateway cannot be reached; try again in a minute") from error


async def _probe(catalog: Catalog) -> None:
    """Say at once in the log when a video API does not answer; the bot runs all the same."""
    for provider in catalog.all():
        try:
            await provider.probe()
        except ProviderError as error:
            log.warning("the video API %r does not work yet: %s", provider.name, error)

"""The composition root: the only file that imports every layer and joins the ports."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import discord

from bot.client import Reelbot, ShardedReelbot, rest_client, use_api
from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.errors import ProviderError
from bot.domain.shards import Shards
from bot.gateway import Gateway, log_in_patiently
from bot.jobs.callbacks import CallbackService
from bot.jobs.decisions import Decisions
from bot.jobs.drafts import Drafts
from bot.jobs.drive import Ports
from bot.jobs.earlier import EarlierVideos
from bot.jobs.housekeeping import Budget, Housekeeper
from bot.jobs.late_edits import look_after_edit
from bot.jobs.ratings import RatingService
from bot.jobs.runner import Runner
from bot.jobs.service import VideoService
from bot.media.tools import Media
from bot.ports import JobStore, PictureFetcher
from bot.providers.catalog import Catalog, OpenCatalog
from bot.providers.foreign_file import ForeignFiles
from bot.providers.reloading import Reloading
from bot.video_apis import open_cards
from bot.web import Health, Hooks, Listen, WebServer, make_due
from bot.web_post import PublicPost
from cogs import EXTENSIONS
from cogs.board import no_matter
from cogs.buttons.views import result_view, status_view
from cogs.delivery import DiscordAnnouncer
from cogs.operator_log import OperatorLog
from cogs.services import Services
from cogs.texts import DEFAULT_LOCALE, load_library
from storage.callbacks import SqlCallbackStore
from storage.database import Database, open_database
from storage.drafts import SqlDraftStore
from storage.earlier import SqlEarlierStore
from storage.folder_mark import mark_folder
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.originals import SqlOriginalStore
from storage.pictures import CarryingWorkspace
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from storage.workspace import FileWorkspace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The bot, ready to be served.

    `rest` speaks for jobs, by token alone; `build_client` makes what hears commands, anew after each failure.
    """

    rest: discord.Client
    build_client: Callable[[], Reelbot]
    gateway: Gateway
    runner: Runner
    announcer: DiscordAnnouncer
    catalog: Catalog
    store: JobStore
    videos: VideoService
    callbacks: CallbackService


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
async def open_app(
    settings: Settings, *, drives: bool = True, shards: Shards | None = None
) -> AsyncIterator[App]:
    """Build everything from the settings, and take it apart in reverse order."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_store(settings))
        catalog, source = await stack.enter_async_context(open_cards(settings))
        workspace = await _open_folder(settings, database)
        pictures = ForeignFiles()
        stack.push_async_callback(pictures.aclose)
        app = _join(settings, database, catalog, workspace, pictures, drives=drives, shards=shards)
        stack.push_async_callback(app.announcer.stop)
        keeper = Housekeeper(
            originals=SqlOriginalStore(database, settings.home),
            shelf=workspace,
            clock=SystemClock(),
            budget=Budget.of(gigabytes=settings.originals_max_gb, days=settings.originals_max_days),
        )
        for name, work in (("housekeeping", keeper.run()), ("cards", Reloading(catalog, source).run())):
            stack.push_async_callback(_end, asyncio.create_task(work, name=name))
        if settings.web_listen is not None:
            listen = Listen.parse(settings.web_listen)
            await stack.enter_async_context(_web_server(listen, app, database, catalog))
        yield app


async def _open_folder(settings: Settings, database: Database) -> FileWorkspace:
    home = settings.home
    await asyncio.to_thread(mark_folder, settings.data_dir, home)
    if database.shared and not home.shared:
        return CarryingWorkspace(settings.data_dir, database, home=home)
    return FileWorkspace(settings.data_dir, home=home)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    [outcome] = await asyncio.gather(task, return_exceptions=True)
    if isinstance(outcome, Exception):
        log.error("%s had stopped", task.get_name(), exc_info=outcome)


def _web_server(listen: Listen, app: App, database: Database, catalog: OpenCatalog) -> WebServer:
    return WebServer(
        listen,
        health=Health(
            ping=partial(database.fetch_all, "SELECT 1 AS one"),
            online=lambda: app.gateway.online.is_set() if app.gateway.runs else None,
        ),
        hooks=Hooks(
            secret=catalog.webhook_secret,
            make_due=partial(make_due, store=SqlJobStore(database), engine=app.runner),
        ),
    )


def _join(
    settings: Settings,
    database: Database,
    catalog: Catalog,
    workspace: FileWorkspace,
    pictures: PictureFetcher,
    *,
    drives: bool,
    shards: Shards | None,
) -> App:
    clock, media = SystemClock(), Media()
    store, ratings = SqlJobStore(database, machine=settings.home.kept_on), SqlRatingStore(database)
    guild_settings = SqlSettingsStore(database)
    library = load_library()
    use_api(settings.discord_api_url, settings.discord_gateway_url)
    rest = rest_client()
    operators = None
    if settings.discord_log_channel_id is not None:
        operators = OperatorLog(
            client=rest,
            channel_id=settings.discord_log_channel_id,
            history=store.history,
            texts=library.texts(DEFAULT_LOCALE),
            clock=clock,
        )
    announcer = DiscordAnnouncer(
        client=rest,
        library=library,
        clock=clock,
        status_view=status_view,
        result_view=result_view,
        operators=operators,
        edited=partial(look_after_edit, store=store) if database.shared else no_matter,
    )
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
    callbacks = CallbackService(store=SqlCallbackStore(database), post=PublicPost(), clock=clock)
    earlier = EarlierVideos(
        store=SqlEarlierStore(database), videos=videos, media=media, workspace=workspace, clock=clock
    )
    services = Services(
        videos=videos,
        decisions=Decisions(store=store, catalog=catalog, workspace=workspace, engine=runner, clock=clock),
        ratings=RatingService(store=ratings, jobs=store, clock=clock),
        library=library,
        announcer=announcer,
        drafts=Drafts(
            store=SqlDraftStore(database), videos=videos, media=media, workspace=workspace, clock=clock
        ),
        pictures=pictures,
        earlier=earlier if settings.result_cache else None,
        callbacks=callbacks,
        drives=drives,
    )

    def build_client() -> Reelbot:
        make = Reelbot if shards is None else partial(ShardedReelbot, shards=shards)
        client = make(extensions=EXTENSIONS, notes=guild_settings, guild_ids=settings.discord_guild_ids)
        client.services = services
        return client

    return App(
        rest=rest,
        build_client=build_client,
        gateway=Gateway(build_client),
        runner=runner,
        announcer=announcer,
        catalog=catalog,
        store=store,
        videos=videos,
        callbacks=callbacks,
    )


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

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
from bot.domain.shards import Shards
from bot.gateway import Gateway
from bot.jobs.board_runner import BoardPorts, BoardRunner
from bot.jobs.callbacks import CallbackService
from bot.jobs.comparison_runner import ComparisonPorts, ComparisonRunner
from bot.jobs.drive import Ports
from bot.jobs.housekeeping import Budget, Housekeeper
from bot.jobs.late_edits import look_after_edit
from bot.jobs.models import Models
from bot.jobs.postings import PostingRunner
from bot.jobs.ratings import scale_of
from bot.jobs.reel_schedule import ReelRunner
from bot.jobs.runner import Runner
from bot.jobs.service import VideoService
from bot.jobs.sheets import Sheets
from bot.jobs.sketch import quote_of
from bot.jobs.studio import Studio, WithStudio
from bot.media.tools import Media
from bot.ports import JobStore, PictureFetcher
from bot.providers.catalog import Catalog, OpenCatalog
from bot.providers.foreign_file import ForeignFiles
from bot.providers.prompt_writer import SteadyWriter, build_writer
from bot.providers.reloading import Reloading
from bot.use_cases import Parts, build_postings, build_reel_runner, build_services
from bot.video_apis import open_cards
from bot.web import Health, Hooks, Listen, WebServer, make_due
from bot.web_post import PublicPost
from cogs import EXTENSIONS
from cogs.board import no_matter
from cogs.boards.display import BoardDisplay
from cogs.boards.message import BoardMessages
from cogs.buttons.views import result_view, status_view
from cogs.comparison.messages import ComparisonMessages
from cogs.delivery import DiscordAnnouncer
from cogs.operator_log import OperatorLog
from cogs.postings import DiscordPostings
from cogs.reels import ReelShow
from cogs.texts import DEFAULT_LOCALE, load_library
from storage.boards import SqlBoardStore
from storage.callbacks import SqlCallbackStore
from storage.comparisons import SqlComparisonStore
from storage.database import Database, open_database
from storage.feedback import SqlFeedbackStore
from storage.folder_mark import mark_folder
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.originals import SqlOriginalStore
from storage.pictures import CarryingWorkspace
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
    boards: BoardRunner
    comparisons: ComparisonRunner
    postings: PostingRunner
    reels: ReelRunner


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
        rewriter = await asyncio.to_thread(_open_writer, settings)
        stack.push_async_callback(rewriter.aclose)
        app = _join(settings, database, catalog, workspace, pictures, rewriter, drives=drives, shards=shards)
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


def _open_writer(settings: Settings) -> SteadyWriter:
    """Read the word lists, which takes a moment; where no language model is set, they are all there is."""
    key = settings.prompt_api_key
    return build_writer(
        base_url=settings.prompt_api_base_url,
        key=None if key is None else key.get_secret_value(),
        model=settings.prompt_api_model,
    )


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
    rewriter: SteadyWriter,
    *,
    drives: bool,
    shards: Shards | None,
) -> App:
    clock, media = SystemClock(), Media()
    store, guild_settings = SqlJobStore(database, machine=settings.home.kept_on), SqlSettingsStore(database)
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
    models, boards = Models(catalog), SqlBoardStore(database)
    messages = BoardMessages(
        client=rest,
        library=library,
        quote=partial(quote_of, models),
        sheets=Sheets(jobs=store, media=media, workspace=workspace),
    )
    display = BoardDisplay(boards=boards, edit=messages.edit, render=messages.render, clock=clock)
    show = ReelShow(client=rest, library=library, jobs=store, media=media, workspace=workspace)
    announcer = DiscordAnnouncer(
        client=rest,
        library=library,
        clock=clock,
        status_view=status_view,
        result_view=result_view,
        scale_of=partial(scale_of, SqlFeedbackStore(database)),
        beside_of=show.beside,
        operators=operators,
        edited=partial(look_after_edit, store=store) if database.shared else no_matter,
        boards=display,
    )
    studio = Studio(store=store, media=media, workspace=workspace, captions=show.captions)
    ports = Ports(
        store=store,
        catalog=WithStudio(catalog, studio),
        announcer=announcer,
        media=media,
        workspace=workspace,
        clock=clock,
        rng=random.Random(),
    )
    runner = Runner(ports, exclusive=not database.shared)
    board_runner = BoardRunner(
        BoardPorts(
            boards=boards,
            jobs=store,
            announcer=display,
            models=models,
            media=media,
            workspace=workspace,
            clock=clock,
        ),
        runner,
    )
    comparisons = ComparisonRunner(
        ComparisonPorts(
            store=SqlComparisonStore(database),
            jobs=store,
            announcer=ComparisonMessages(client=rest, library=library),
            media=media,
            workspace=workspace,
            clock=clock,
        ),
        exclusive=not database.shared,
    )
    callbacks = CallbackService(store=SqlCallbackStore(database), post=PublicPost(), clock=clock)
    parts = Parts(
        database=database,
        jobs=store,
        catalog=catalog,
        media=media,
        workspace=workspace,
        engine=runner,
        clock=clock,
        library=library,
        announcer=announcer,
        wake=board_runner.wake,
        rewriter=rewriter,
        finder=rewriter,
        callbacks=callbacks,
        pictures=pictures,
        originals_days=settings.originals_max_days,
        looks_back=settings.result_cache,
        drives=drives,
        wake_comparisons=comparisons.wake,
        reel_show=show,
    )
    services = build_services(parts)

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
        videos=services.videos,
        callbacks=callbacks,
        boards=board_runner,
        comparisons=comparisons,
        postings=build_postings(parts, DiscordPostings(rest), runner, show),
        reels=build_reel_runner(parts, show),
    )

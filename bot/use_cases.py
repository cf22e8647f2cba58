"""What members can ask for, built over one database: the services that the cogs work with."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.jobs.boards import BoardService
from bot.jobs.callbacks import CallbackService
from bot.jobs.comparing import Comparing
from bot.jobs.continuing import Continuing
from bot.jobs.decisions import Decisions
from bot.jobs.drafts import Drafts
from bot.jobs.earlier import EarlierVideos
from bot.jobs.lineage import Lineage
from bot.jobs.original import Originals
from bot.jobs.prompting import Prompting
from bot.jobs.ratings import RatingService
from bot.jobs.refining import RefiningService
from bot.jobs.service import Engine, VideoService
from bot.jobs.styles import Styles
from bot.ports import Clock, JobStore, PictureFetcher, Workspace
from bot.ports_media import MediaTools
from bot.ports_prompt import Rewriter
from bot.ports_provider import ProviderCatalog
from cogs.delivery import DiscordAnnouncer
from cogs.services import Services
from cogs.texts import Library
from storage.boards import SqlBoardStore
from storage.database import Database
from storage.drafts import SqlDraftStore
from storage.earlier import SqlEarlierStore
from storage.evaluations import SqlEvaluationStore
from storage.family import SqlFamilyStore
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from storage.styles import SqlStyleStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the use cases stand on. `wake` makes the board runner look."""

    database: Database
    jobs: JobStore
    catalog: ProviderCatalog
    media: MediaTools
    workspace: Workspace
    engine: Engine
    clock: Clock
    library: Library
    announcer: DiscordAnnouncer
    wake: Callable[[], None]
    rewriter: Rewriter
    callbacks: CallbackService | None
    pictures: PictureFetcher | None
    originals_days: float
    looks_back: bool = False
    drives: bool = True


def build_services(parts: Parts) -> Services:
    """Join the use cases with what they stand on."""
    database, jobs, clock = parts.database, parts.jobs, parts.clock
    media, workspace, engine = parts.media, parts.workspace, parts.engine
    settings, ratings = SqlSettingsStore(database), SqlRatingStore(database)
    boards, family = SqlBoardStore(database), SqlFamilyStore(database)
    videos = VideoService(
        store=jobs,
        settings=settings,
        ratings=ratings,
        catalog=parts.catalog,
        media=media,
        workspace=workspace,
        engine=engine,
        clock=clock,
    )
    drafts = Drafts(
        store=SqlDraftStore(database), videos=videos, media=media, workspace=workspace, clock=clock
    )
    earlier = EarlierVideos(
        store=SqlEarlierStore(database), videos=videos, media=media, workspace=workspace, clock=clock
    )
    board_service = BoardService(
        boards=boards,
        jobs=jobs,
        settings=settings,
        models=videos.models,
        media=media,
        workspace=workspace,
        engine=engine,
        wake=parts.wake,
        clock=clock,
    )
    styles = Styles(store=SqlStyleStore(database), models=videos.models)
    return Services(
        videos=videos,
        decisions=Decisions(
            store=jobs, catalog=parts.catalog, workspace=workspace, engine=engine, clock=clock
        ),
        ratings=RatingService(store=ratings, jobs=jobs, clock=clock),
        library=parts.library,
        announcer=parts.announcer,
        drafts=drafts,
        pictures=parts.pictures,
        callbacks=parts.callbacks,
        earlier=earlier if parts.looks_back else None,
        boards=board_service,
        styles=styles,
        comparing=Comparing(
            boards=board_service, jobs=jobs, models=videos.models, styles=styles, workspace=workspace
        ),
        prompts=Prompting(rewriter=parts.rewriter, drafts=drafts, clock=clock),
        lineage=Lineage(
            jobs=jobs, family=family, boards=boards, videos=videos, media=media, workspace=workspace
        ),
        continuing=Continuing(
            jobs=jobs,
            family=family,
            settings=settings,
            videos=videos,
            media=media,
            workspace=workspace,
            clock=clock,
        ),
        originals=Originals(jobs=jobs, workspace=workspace, days=parts.originals_days),
        refining=RefiningService(
            boards=board_service,
            store=boards,
            evaluations=SqlEvaluationStore(database),
            models=videos.models,
            rewriter=parts.rewriter,
            wake=parts.wake,
            clock=clock,
        ),
        drives=parts.drives,
    )

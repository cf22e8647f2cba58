"""What members can ask for, built over one database: the services that the cogs work with."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.posting import PostingKind
from bot.jobs.boards import BoardService
from bot.jobs.callbacks import CallbackService
from bot.jobs.comparing import Comparing
from bot.jobs.comparisons import Comparisons
from bot.jobs.continuing import Continuing
from bot.jobs.decisions import Decisions
from bot.jobs.drafts import Drafts
from bot.jobs.earlier import EarlierVideos
from bot.jobs.emoji_commands import EmojiCommands
from bot.jobs.evaluating import Evaluating
from bot.jobs.feedback import FeedbackService
from bot.jobs.gallery import Galleries
from bot.jobs.lineage import Lineage
from bot.jobs.mydata import MyData
from bot.jobs.original import Originals
from bot.jobs.postings import Lease, PostingRunner
from bot.jobs.prompting import Prompting
from bot.jobs.ratings import RatingService
from bot.jobs.reel_schedule import ReelRunner
from bot.jobs.reels import Reels
from bot.jobs.refining import RefiningService
from bot.jobs.service import Engine, VideoService
from bot.jobs.stats import Statistics
from bot.jobs.styles import Styles
from bot.jobs.suggestions import Suggestions
from bot.jobs.trends import TrendService
from bot.ports import Clock, JobStore, PictureFetcher, Workspace
from bot.ports_media import MediaTools
from bot.ports_prompt import Rewriter, ThemeFinder
from bot.ports_provider import ProviderCatalog
from cogs.best_copy import BestCopies
from cogs.delivery import DiscordAnnouncer
from cogs.postings import DiscordPostings
from cogs.reels import ReelShow
from cogs.services import Services
from cogs.status import jump_link
from cogs.texts import Library
from storage.boards import SqlBoardStore
from storage.comparisons import SqlComparisonStore
from storage.database import Database
from storage.drafts import SqlDraftStore
from storage.earlier import SqlEarlierStore
from storage.evaluations import SqlEvaluationStore
from storage.family import SqlFamilyStore
from storage.favourites import SqlFavouriteStore
from storage.feedback import SqlFeedbackStore
from storage.gallery import SqlGalleryStore
from storage.mydata import SqlPersonalStore
from storage.postings import SqlPostingStore
from storage.ratings import SqlRatingStore
from storage.reels import SqlReelStore
from storage.settings import SqlSettingsStore
from storage.stats import SqlRunStore
from storage.styles import SqlStyleStore
from storage.suggestions import SqlChoiceStore
from storage.trends import SqlTrendStore


def nobody_waits() -> None:
    """Wake nothing: the runners of another process look by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the use cases stand on. `wake` makes the board runner look, `wake_comparisons` theirs."""

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
    finder: ThemeFinder | None = None
    looks_back: bool = False
    drives: bool = True
    wake_comparisons: Callable[[], None] = nobody_waits
    reel_show: ReelShow | None = None


def build_services(parts: Parts) -> Services:
    """Join the use cases with what they stand on."""
    database, jobs, clock = parts.database, parts.jobs, parts.clock
    media, workspace, engine = parts.media, parts.workspace, parts.engine
    settings, ratings = SqlSettingsStore(database), SqlRatingStore(database)
    feedback, postings = SqlFeedbackStore(database), SqlPostingStore(database)
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
    suggestions = Suggestions(store=SqlChoiceStore(database), clock=clock)
    emoji_commands = EmojiCommands(
        favourites=SqlFavouriteStore(database),
        settings=feedback,
        postings=postings,
        videos=videos,
        workspace=workspace,
        clock=clock,
    )
    return Services(
        videos=videos,
        decisions=Decisions(
            store=jobs, catalog=parts.catalog, workspace=workspace, engine=engine, clock=clock
        ),
        ratings=RatingService(
            store=ratings,
            feedback=feedback,
            jobs=jobs,
            clock=clock,
            stars=emoji_commands.recounted_favourites,
        ),
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
            jobs=jobs,
            family=family,
            boards=boards,
            videos=videos,
            media=media,
            workspace=workspace,
            suggestions=suggestions,
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
        postings=postings,
        emoji_commands=emoji_commands,
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
        suggestions=suggestions,
        statistics=Statistics(store=SqlRunStore(database), media=media, clock=clock),
        comparisons=Comparisons(
            jobs=jobs,
            store=SqlComparisonStore(database),
            feedback=SqlFeedbackStore(database),
            wake=parts.wake_comparisons,
            clock=clock,
        ),
        feedback=FeedbackService(store=feedback, clock=clock),
        evaluating=Evaluating(jobs=jobs, evaluations=SqlEvaluationStore(database), clock=clock),
        trends=TrendService(
            store=SqlTrendStore(database),
            media=media,
            comparisons=SqlComparisonStore(database),
            finder=parts.finder,
            clock=clock,
        ),
        galleries=Galleries(
            store=SqlGalleryStore(database), jobs=jobs, media=media, workspace=workspace, clock=clock
        ),
        mydata=MyData(store=SqlPersonalStore(database), workspace=workspace, clock=clock, link=jump_link),
        reels=_build_reels(parts, parts.reel_show) if parts.reel_show is not None else None,
        drives=parts.drives,
    )


def build_reel_runner(parts: Parts, show: ReelShow) -> ReelRunner:
    """Join what makes the reels that come by themselves."""
    return ReelRunner(
        settings=SqlFeedbackStore(parts.database),
        reels=_build_reels(parts, show),
        jobs=parts.jobs,
        postings=SqlPostingStore(parts.database),
        engine=parts.engine,
        clock=parts.clock,
        title=show.title,
        mark=show.mark,
        whoami=show.whoami,
    )


def _build_reels(parts: Parts, show: ReelShow) -> Reels:
    return Reels(
        store=SqlReelStore(parts.database),
        jobs=parts.jobs,
        settings=SqlSettingsStore(parts.database),
        channels=show.channels,
        workspace=parts.workspace,
        clock=parts.clock,
    )


def build_postings(parts: Parts, discord: DiscordPostings, lease: Lease, show: ReelShow) -> PostingRunner:
    """Join what sends the messages that are posted once with those who write them."""
    copies = BestCopies(
        discord=discord,
        jobs=parts.jobs,
        favourites=SqlFavouriteStore(parts.database),
        workspace=parts.workspace,
        library=parts.library,
    )
    return PostingRunner(
        store=SqlPostingStore(parts.database),
        announcer=discord,
        writers={PostingKind.BEST: copies, PostingKind.REEL: show},
        lease=lease,
        clock=parts.clock,
        rng=random.Random(),
    )

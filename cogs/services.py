"""What the cogs work with; `bot.app` sets it once."""

from dataclasses import dataclass

import discord

from bot.client import Reelbot
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
from bot.jobs.prompting import Prompting
from bot.jobs.ratings import RatingService
from bot.jobs.reels import Reels
from bot.jobs.refining import RefiningService
from bot.jobs.service import VideoService
from bot.jobs.stats import Statistics
from bot.jobs.styles import Styles
from bot.jobs.suggestions import Suggestions
from bot.jobs.trends import TrendService
from bot.ports import PictureFetcher
from bot.ports_posting import PostingStore
from cogs.delivery import DiscordAnnouncer
from cogs.texts import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases, the texts, and the hand that writes to Discord.

    `drives` says that jobs run in this process, which then keeps their status messages up to date. Without
    `pictures` no addresses of pictures are taken, without `drafts` they are cropped unasked,
    without `earlier` every video is made anew.
    """

    videos: VideoService
    decisions: Decisions
    ratings: RatingService
    library: Library
    announcer: DiscordAnnouncer
    drafts: Drafts | None = None
    pictures: PictureFetcher | None = None
    callbacks: CallbackService | None = None
    earlier: EarlierVideos | None = None
    boards: BoardService | None = None
    styles: Styles | None = None
    comparing: Comparing | None = None
    prompts: Prompting | None = None
    lineage: Lineage | None = None
    continuing: Continuing | None = None
    originals: Originals | None = None
    refining: RefiningService | None = None
    feedback: FeedbackService | None = None
    postings: PostingStore | None = None
    emoji_commands: EmojiCommands | None = None
    suggestions: Suggestions | None = None
    statistics: Statistics | None = None
    comparisons: Comparisons | None = None
    evaluating: Evaluating | None = None
    trends: TrendService | None = None
    galleries: Galleries | None = None
    mydata: MyData | None = None
    reels: Reels | None = None
    drives: bool = True


def services_of(client: discord.Client) -> Services:
    """Return what the bot was built with; only `setup` functions and button callbacks ask."""
    if not isinstance(client, Reelbot) or not isinstance(client.services, Services):
        raise TypeError("the client was not built by bot.app")
    return client.services

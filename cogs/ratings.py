"""Reactions on delivered videos are votes; those made while the bot was away are counted at start."""

import asyncio
import logging
from collections.abc import Awaitable

import discord
from discord import ReactionType
from discord.ext import commands

from bot.client import Reelbot, ShardedReelbot
from bot.domain.errors import DeliveryError, StorageError, TryLater
from bot.domain.job import Job, Posted, Venue
from bot.domain.ratings import plain
from bot.domain.shards import Shards
from bot.domain.votes import NORMAL, SUPER
from bot.jobs.ratings import RatingService, Shown
from cogs.discord_errors import EmojiGone, mapped
from cogs.services import services_of

log = logging.getLogger(__name__)

READ_SECONDS = 120.0
RETRY_SECONDS = 30.0
"""Until a recount that the database or Discord cut short goes on."""
READ_ATTEMPTS = 3


class Ratings(commands.Cog):
    """Turns raw reaction events into votes: no message cache is needed."""

    def __init__(self, bot: Reelbot, ratings: RatingService) -> None:
        self._bot = bot
        self._ratings = ratings
        self._missed = False
        self._recounting: asyncio.Task[None] | None = None

    async def cog_unload(self) -> None:
        """Stop counting."""
        if self._recounting is not None:
            self._recounting.cancel()
            await asyncio.gather(self._recounting, return_exceptions=True)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Record a vote."""
        on_foreign_message = event.message_author_id not in {None, self._own_id}
        if on_foreign_message or self._from_a_bot(event):
            return
        emoji, kind = str(event.emoji), _kind(event.type)
        await self._kept(self._ratings.added(event.message_id, event.user_id, emoji, kind=kind))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Take a vote back."""
        if self._from_a_bot(event):
            return
        emoji, kind = str(event.emoji), _kind(event.type)
        await self._kept(self._ratings.removed(event.message_id, event.user_id, emoji, kind=kind))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """Forget a message's votes."""
        await self._kept(self._ratings.cleared(event.message_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """Forget the votes by one emoji."""
        await self._kept(self._ratings.cleared(event.message_id, str(event.emoji)))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Recount after a start, and after each session that Discord did not resume.

        After a resume it replays what was missed.
        """
        self._recount_soon()

    @property
    def _own_id(self) -> int | None:
        return None if self._bot.user is None else self._bot.user.id

    def _from_a_bot(self, event: discord.RawReactionActionEvent) -> bool:
        return event.user_id == self._own_id or (event.member is not None and event.member.bot)

    async def _kept(self, work: Awaitable[None]) -> None:
        try:
            await work
        except StorageError as error:
            log.warning("a reaction could not be kept, a recount follows: %s", error)
            self._recount_soon()

    def _recount_soon(self) -> None:
        """Recount, or once more after the recount that is under way."""
        self._missed = True
        if self._recounting is None or self._recounting.done():
            self._recounting = asyncio.create_task(self._recount(), name="recount votes")

    async def _recount(self) -> None:
        while self._missed:
            self._missed = False
            try:
                async for job in self._ratings.to_recount():
                    if self._hears(job):
                        await self._recount_one(job)
            except StorageError as error:
                log.warning("votes could not be recounted, once more in %d s: %s", RETRY_SECONDS, error)
                self._missed = True
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:  # such as an answer of Discord that the library cannot read
                log.exception("votes could not be recounted")

    def _hears(self, job: Job) -> bool:
        """Say whether this process hears the reactions there: of those that share shards one recounts."""
        bot = self._bot
        if not isinstance(bot, ShardedReelbot) or bot.shard_ids is None or bot.shard_count is None:
            return True
        home = None if job.venue is Venue.DIRECT else job.place.guild_id
        return Shards(ids=tuple(bot.shard_ids), count=bot.shard_count).hear(home)

    async def _recount_one(self, job: Job) -> None:
        result = job.result
        if result is None:
            return
        for _ in range(READ_ATTEMPTS):
            try:
                if not await self._ratings.recount(job, lambda emoji: self._read(job, result, emoji)):
                    log.warning("job %s: members react faster than its votes can be read", job.short_id)
                return
            except TryLater as error:
                log.info("job %s: its votes cannot be read now: %s", job.short_id, error)
                await asyncio.sleep(error.retry_after or RETRY_SECONDS)
            except DeliveryError as error:
                log.info("job %s: its votes cannot be read: %s", job.short_id, error)
                return

    async def _read(self, job: Job, result: Posted, emoji: frozenset[str]) -> Shown:
        """Read the message, then of each vote emoji that people hold who does, page by page."""
        channel = self._bot.get_partial_messageable(result.channel_id, guild_id=job.place.guild_id)
        shown: dict[int, dict[str, int]] = {}
        with mapped():
            async with asyncio.timeout(READ_SECONDS):
                message = await channel.fetch_message(result.message_id)
            await self._ratings.pause()
            for reaction in message.reactions:
                name = plain(str(reaction.emoji))
                normal, super_ = reaction.normal_count - reaction.me, reaction.burst_count - reaction.me_burst
                for type_, others in ((ReactionType.normal, normal), (ReactionType.burst, super_)):
                    if name in emoji and others > 0:
                        for user_id in await _people(reaction, type_):
                            kinds = shown.setdefault(user_id, {})
                            kinds[name] = kinds.get(name, 0) | _kind(type_)
                        await self._ratings.pause()
        return shown


async def _people(reaction: discord.Reaction, type_: ReactionType) -> list[int]:
    try:
        with mapped():
            async with asyncio.timeout(READ_SECONDS):
                return [user.id async for user in reaction.users(type=type_) if not user.bot]
    except EmojiGone:
        return []  # taken back meanwhile: that is an event, after which the message is read again


def _kind(type_: ReactionType) -> int:
    return SUPER if type_ is ReactionType.burst else NORMAL


async def setup(bot: Reelbot) -> None:
    """Listen for reactions."""
    await bot.add_cog(Ratings(bot, services_of(bot).ratings))

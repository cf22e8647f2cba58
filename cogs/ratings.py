"""Reactions on delivered videos are votes; those made while the bot was away are counted at start."""

import asyncio
import logging

import discord
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.errors import DeliveryError, StorageError
from bot.domain.job import Job
from bot.domain.ratings import VOTES
from bot.jobs.ratings import RatingService
from cogs.discord_errors import mapped
from cogs.services import services_of

log = logging.getLogger(__name__)

RECOUNT_SECONDS = 0.5
"""Between two recounts after a start: results and status messages need Discord's limits more."""


class Ratings(commands.Cog):
    """Turns raw reaction events into votes: no message cache is needed."""

    def __init__(self, bot: Reelbot, ratings: RatingService) -> None:
        self._bot = bot
        self._ratings = ratings
        self._recount: asyncio.Task[None] | None = None

    async def cog_unload(self) -> None:
        """Stop counting."""
        if self._recount is not None:
            self._recount.cancel()
            await asyncio.gather(self._recount, return_exceptions=True)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Record a vote."""
        if not self._from_a_bot(event):
            await self._ratings.added(event.message_id, event.user_id, str(event.emoji))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Take a vote back."""
        if not self._from_a_bot(event):
            await self._ratings.removed(event.message_id, event.user_id, str(event.emoji))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """Forget a message's votes."""
        await self._ratings.cleared(event.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """Forget the votes by one emoji."""
        await self._ratings.cleared(event.message_id, str(event.emoji))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Recount after a fresh start; after a resume Discord replays what was missed."""
        if self._recount is None or self._recount.done():
            self._recount = asyncio.create_task(self._recount_all(), name="recount votes")

    def _from_a_bot(self, event: discord.RawReactionActionEvent) -> bool:
        own = self._bot.user is not None and event.user_id == self._bot.user.id
        return own or (event.member is not None and event.member.bot)

    async def _recount_all(self) -> None:
        try:
            for job in await self._ratings.to_recount():
                await self._recount_one(job)
                await asyncio.sleep(RECOUNT_SECONDS)
        except StorageError:
            log.exception("votes could not be recounted")

    async def _recount_one(self, job: Job) -> None:
        if job.result is None:
            return
        channel = self._bot.get_partial_messageable(job.result.channel_id, guild_id=job.place.guild_id)
        held: dict[int, list[str]] = {}
        try:
            with mapped():
                message = await channel.fetch_message(job.result.message_id)
                reactions = {str(reaction.emoji): reaction for reaction in message.reactions}
                for emoji in VOTES:
                    if emoji in reactions:
                        async for user in reactions[emoji].users():
                            if not user.bot:
                                held.setdefault(user.id, []).append(emoji)
        except DeliveryError as error:
            log.info("job %s: its votes cannot be read: %s", job.short_id, error)
            return
        await self._ratings.recounted(job, held)


async def setup(bot: Reelbot) -> None:
    """Listen for reactions."""
    await bot.add_cog(Ratings(bot, services_of(bot).ratings))

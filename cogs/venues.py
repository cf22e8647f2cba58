"""Where a job's result is posted, as a channel that the bot can write to."""

import asyncio
import time

import discord

from bot.domain.errors import Gone
from bot.domain.job import Job, Venue
from cogs.discord_errors import mapped

LOOKUP_SECONDS = 30.0
LIMIT_SECONDS = 300.0
"""A server's limit changes with its boosts: rarely, and what is too large is refused and made smaller."""

Channel = discord.PartialMessageable | discord.DMChannel


class Venues:
    """Finds channels by REST alone: nothing here needs a gateway or its cache."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._limits: dict[int, tuple[float, int]] = {}

    def place(self, job: Job) -> discord.PartialMessageable:
        """Return the channel in which the job was asked for."""
        return self.channel(job.place.channel_id, job)

    def channel(self, channel_id: int, job: Job) -> discord.PartialMessageable:
        """Return a channel of the job's server."""
        return self._client.get_partial_messageable(channel_id, guild_id=job.place.guild_id)

    async def of(self, job: Job) -> Channel:
        """Return the channel of the job's venue.

        Raises:
            Gone: there is no such channel. Forbidden, TryLater.
        """
        match job.venue:
            case Venue.PLACE:
                return self.place(job)
            case Venue.PARENT:
                return self.channel(await self._parent_id(job), job)
            case Venue.DIRECT:
                with mapped():
                    async with asyncio.timeout(LOOKUP_SECONDS):
                        return await self._client.create_dm(discord.Object(job.user_id))

    async def upload_limit(self, job: Job) -> int | None:
        """Return the bytes that a file may have there, None where no server says so.

        Late posts do not profit from the member's own limit.

        Raises:
            Gone: there is no such channel. Forbidden, TryLater.
        """
        if job.venue is Venue.DIRECT or job.place.guild_id is None:
            return None
        if job.venue is Venue.PARENT:
            await self._parent_id(job)
        return await self._limit_of(job.place.guild_id)

    async def _limit_of(self, guild_id: int) -> int:
        asked_at, limit = self._limits.get(guild_id, (float("-inf"), 0))
        if time.monotonic() - asked_at > LIMIT_SECONDS:
            with mapped():
                async with asyncio.timeout(LOOKUP_SECONDS):
                    guild = await self._client.fetch_guild(guild_id, with_counts=False)
            limit = guild.filesize_limit
            self._limits[guild_id] = time.monotonic(), limit
        return limit

    async def _parent_id(self, job: Job) -> int:
        with mapped():
            async with asyncio.timeout(LOOKUP_SECONDS):
                channel = await self._client.fetch_channel(job.place.channel_id)
        if not isinstance(channel, discord.Thread):
            raise Gone("the place is no thread and has no parent")
        return channel.parent_id

"""Sends and deletes postings: implements `bot.ports_posting.PostingAnnouncer`, by bot token alone."""

import asyncio
import logging
from pathlib import Path

import discord

from bot.domain.errors import Gone, TextRefused, TooLarge
from bot.domain.posting import Notice, Posting
from cogs.delivery import UPLOAD_SECONDS
from cogs.discord_errors import Malformed, mapped
from cogs.own_messages import find_own

log = logging.getLogger(__name__)

DELETE_SECONDS = 30.0
LOOKUP_SECONDS = 30.0


class DiscordPostings:
    """The messages that are posted once. Nobody is called by them: credits are names, not pings."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def send(self, posting: Posting, notice: Notice) -> int:
        """Post it and return the message; what is refused goes out plainer, for it does not exist.

        Raises:
            DeliveryError: of any kind.
        """
        file, plainly = notice.file, False
        while True:
            try:
                return await self._send(posting, notice, file, plainly=plainly)
            except TooLarge as error:
                if file is None:
                    raise
                log.info("posting %s goes out without its file: %s", posting.id, error)
                file = None
            except (TextRefused, Malformed) as error:
                if plainly:
                    raise
                log.warning("posting %s: Discord refuses the message, plainer now: %s", posting.id, error)
                plainly = True

    async def _send(self, posting: Posting, notice: Notice, file: Path | None, *, plainly: bool) -> int:
        attached = discord.utils.MISSING
        if file is not None:
            alt_text = None if plainly else notice.alt_text
            attached = discord.File(file, notice.file_name, description=alt_text)
        with mapped():
            async with asyncio.timeout(UPLOAD_SECONDS):
                message: discord.Message = await self._channel(posting).send(
                    f"{posting.mark}{notice.plain if plainly else notice.text}",
                    file=attached,
                    nonce=posting.nonce,
                    suppress_embeds=True,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
        return message.id

    async def find(self, posting: Posting) -> int | None:
        """Look for the message since the intent.

        Raises:
            Forbidden, Gone: the history cannot be read, or is too long: nobody can know.
            TryLater: Discord does not answer now.
        """
        if posting.intent_at is None:
            return None
        message = await find_own(
            self._client,
            self._channel(posting),
            since=posting.intent_at,
            is_it=lambda message: message.content.startswith(posting.mark),
            in_server=True,
        )
        return None if message is None else message.id

    async def upload_limit(self, posting: Posting) -> int:
        """Return how many bytes a file may have there.

        Raises:
            DeliveryError: Discord does not say.
        """
        with mapped():
            async with asyncio.timeout(LOOKUP_SECONDS):
                guild = await self._client.fetch_guild(posting.guild_id, with_counts=False)
        return guild.filesize_limit

    async def is_restricted(self, channel_id: int) -> bool:
        """Say whether the channel, or that of the thread, is for adults.

        Raises:
            DeliveryError: Discord does not say.
        """
        channel = await self._fetch(channel_id)
        if isinstance(channel, discord.Thread):
            channel = await self._fetch(channel.parent_id)
        return bool(getattr(channel, "nsfw", False))

    async def _fetch(self, channel_id: int) -> object:
        with mapped():
            async with asyncio.timeout(LOOKUP_SECONDS):
                return await self._client.fetch_channel(channel_id)

    async def delete(self, posting: Posting, message_id: int) -> None:
        """Delete the message; one that is gone is fine.

        Raises:
            DeliveryError: it is still there.
        """
        try:
            with mapped():
                async with asyncio.timeout(DELETE_SECONDS):
                    await self._channel(posting).get_partial_message(message_id).delete()
        except Gone:
            log.debug("posting %s: somebody was quicker", posting.id)

    def _channel(self, posting: Posting) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(posting.channel_id, guild_id=posting.guild_id)

"""Shows jobs on Discord: implements the `Announcer` port, by bot token alone so that it works at any age."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import discord

from bot.domain.errors import DeliveryError, TryLater
from bot.domain.job import Job
from bot.domain.progress import Progress
from bot.domain.prompt import shorten, slug
from bot.domain.ratings import VOTES
from bot.ports import Clock
from cogs.board import StatusBoard
from cogs.discord_errors import mapped
from cogs.status import as_typed, facts_line, status_text
from cogs.texts import Library, Texts

log = logging.getLogger(__name__)

StatusView = Callable[[Job, Texts], discord.ui.View | None]

NO_GUILD_LIMIT = 10 * 1024 * 1024
"""Bytes per file where no server says otherwise (reference: discord, uploads)."""
EDIT_SECONDS = 30.0
UPLOAD_SECONDS = 600.0
REACTION_ATTEMPTS = 3
ALT_TEXT = 1024


class DiscordAnnouncer:
    """What members see of a job."""

    def __init__(
        self, *, client: discord.Client, library: Library, clock: Clock, status_view: StatusView
    ) -> None:
        self._client = client
        self._library = library
        self._status_view = status_view
        self._clock = clock
        self.board = StatusBoard(edit=self._edit_status, render=self.render, clock=clock)

    def render(self, job: Job, progress: Progress) -> str:
        """Write the text of the job's status message."""
        return status_text(job, progress, self._clock.now(), self._library.texts(job.locale))

    def view(self, job: Job) -> discord.ui.View | None:
        """Return the buttons that fit the job's state."""
        return self._status_view(job, self._library.texts(job.locale))

    def progress(self, job: Job, progress: Progress) -> None:
        """Show the state soon; the latest call wins."""
        self.board.show(job, progress)

    async def close(self, job: Job) -> None:
        """Show the end in the status message."""
        await self.board.close(job)

    async def upload_limit(self, job: Job) -> int:
        """Return the server's limit; late posts do not profit from the member's own."""
        if job.place.guild_id is None:
            return NO_GUILD_LIMIT
        guild = self._client.get_guild(job.place.guild_id)
        if guild is None:  # not yet cached after a start
            try:
                with mapped():
                    async with asyncio.timeout(EDIT_SECONDS):
                        guild = await self._client.fetch_guild(job.place.guild_id, with_counts=False)
            except DeliveryError as error:
                log.info("job %s: the server's upload limit is unknown: %s", job.short_id, error)
                return NO_GUILD_LIMIT
        return guild.filesize_limit

    async def deliver(self, job: Job, file: Path) -> int:
        """Reply to the status message with the video, mention the author once; return the message's id."""
        texts = self._library.texts(job.locale)
        prompt = texts("result-prompt", prompt=as_typed(shorten(job.request.prompt, 200)))
        ready = texts("result-ready", member=f"<@{job.user_id}>")
        with mapped():
            async with asyncio.timeout(UPLOAD_SECONDS):
                message: discord.Message = await self._channel(job).send(
                    f"{ready}\n{prompt}\n{facts_line(job, texts)}",
                    file=discord.File(
                        file, result_name(job), description=shorten(job.request.prompt, ALT_TEXT)
                    ),
                    nonce=result_nonce(job),
                    suppress_embeds=True,
                    allowed_mentions=discord.AllowedMentions(
                        users=[discord.Object(job.user_id)], everyone=False, roles=False, replied_user=False
                    ),
                    reference=self._status_reference(job),
                )
        return message.id

    async def find_delivery(self, job: Job) -> int | None:
        """Search the channel after the first attempt for our own message with the job's file."""
        if job.post_intent_at is None or self._client.user is None:
            return None
        since = discord.Object((job.post_intent_at - 60_000 - discord.utils.DISCORD_EPOCH) << 22)
        try:
            with mapped():
                async with asyncio.timeout(EDIT_SECONDS):
                    async for message in self._channel(job).history(after=since, limit=200):
                        mine = message.author.id == self._client.user.id
                        if mine and any(file.filename == result_name(job) for file in message.attachments):
                            return message.id
        except TryLater:
            raise
        except DeliveryError as error:
            log.info("job %s: the channel's history cannot be read: %s", job.short_id, error)
        return None

    async def invite_rating(self, job: Job) -> None:
        """Add the vote emoji in order; what the place forbids is left out."""
        if job.result_message_id is None:
            return
        message = self._channel(job).get_partial_message(job.result_message_id)
        for emoji in VOTES:
            for _ in range(REACTION_ATTEMPTS):
                try:
                    with mapped():
                        async with asyncio.timeout(EDIT_SECONDS):
                            await message.add_reaction(emoji)
                    break
                except TryLater as error:
                    await self._clock.sleep(error.retry_after or 2.0)
                except DeliveryError as error:
                    log.info("job %s: no vote emoji: %s", job.short_id, error)
                    return

    async def _edit_status(self, job: Job, text: str) -> None:
        message = self._channel(job).get_partial_message(job.place.status_message_id)
        with mapped():
            async with asyncio.timeout(EDIT_SECONDS):
                await message.edit(content=text, view=self.view(job))

    def _channel(self, job: Job) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(job.place.channel_id, guild_id=job.place.guild_id)

    @staticmethod
    def _status_reference(job: Job) -> discord.MessageReference:
        return discord.MessageReference(
            message_id=job.place.status_message_id,
            channel_id=job.place.channel_id,
            guild_id=job.place.guild_id,
            fail_if_not_exists=False,
        )


def result_name(job: Job) -> str:
    """Return the name of the posted file; the id in it is how the message is found again."""
    return f"{slug(job.request.prompt)}-{job.short_id}.mp4"


def result_nonce(job: Job) -> str:
    """Return the nonce that makes a repeated post the same message for some minutes."""
    return f"r{job.id}"[:25]

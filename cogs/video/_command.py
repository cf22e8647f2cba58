"""The command itself: check, defer, accept, show the status."""

import logging
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.domain.errors import DeliveryError, StorageError
from bot.domain.job import Job, JobId, Place
from bot.domain.progress import Progress
from bot.jobs.service import Options, VideoService
from cogs.answers import texts_of
from cogs.delivery import DiscordAnnouncer
from cogs.discord_errors import mapped
from cogs.video._options import (
    check_attachment,
    check_place,
    read_attachment,
    seconds_choices,
    size_choices,
)

log = logging.getLogger(__name__)


class VideoCommand:
    """`/video prompt size seconds image`."""

    def __init__(self, *, videos: VideoService, announcer: DiscordAnnouncer) -> None:
        self._videos = videos
        self._announcer = announcer

    def build(self) -> app_commands.Command[Any, ..., None]:
        """Return the command with the choices that the provider offers now."""
        capabilities = self._videos.capabilities

        @app_commands.command(name="video", description=locale_str("command-video"))
        @app_commands.describe(
            prompt=locale_str("option-video-prompt"),
            size=locale_str("option-video-size"),
            seconds=locale_str("option-video-seconds"),
            image=locale_str("option-video-image"),
        )
        @app_commands.choices(size=size_choices(capabilities))
        @app_commands.choices(seconds=seconds_choices(capabilities))
        async def video(
            interaction: discord.Interaction,
            prompt: str,
            size: str | None = None,
            seconds: int | None = None,
            image: discord.Attachment | None = None,
        ) -> None:
            await self.run(interaction, Options(prompt=prompt, size=size, seconds=seconds), image)

        return video

    async def run(
        self, interaction: discord.Interaction, options: Options, image: discord.Attachment | None
    ) -> None:
        """Accept a video and show its status.

        What can be refused without waiting is refused privately; then Discord is answered, because 3 s are
        short; then the job is committed; only then does a message say so.
        """
        check_place(interaction, texts_of(interaction))
        check_attachment(image)
        self._videos.check(options)
        deferred = await interaction.response.defer(thinking=True)
        message_id = deferred.message_id if deferred is not None else None
        if message_id is None:
            message_id = (await interaction.original_response()).id
        job = await self._videos.submit(
            options,
            key=JobId(str(interaction.id)),
            user_id=interaction.user.id,
            place=Place(
                channel_id=interaction.channel_id or 0,
                guild_id=interaction.guild_id,
                status_message_id=message_id,
            ),
            locale=str(interaction.guild_locale or interaction.locale),
            picture=await read_attachment(image) if image is not None else None,
        )
        await self._show(interaction, job)

    async def _show(self, interaction: discord.Interaction, job: Job) -> None:
        async def first_edit(text: str) -> None:
            with mapped():
                await interaction.edit_original_response(content=text, view=self._announcer.view(job))

        try:
            place = await self._videos.place_in_line(job)
            await self._announcer.board.open(job, Progress(place=place), first_edit)
        except (DeliveryError, StorageError) as error:
            # The job is accepted all the same; later edits go to the message by its id.
            log.warning("job %s: the first status could not be shown: %s", job.short_id, error)
        finally:
            self._videos.start()

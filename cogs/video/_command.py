"""The command itself: check, defer, accept, show the status."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.domain.job import JobId
from bot.jobs.models import Options
from bot.jobs.service import (
    VideoService,
)
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import texts_of
from cogs.video._options import (
    check_attachment,
    check_place,
    read_attachment,
    seconds_choices,
    size_choices,
)


class VideoCommand:
    """`/video prompt size seconds image`."""

    def __init__(self, videos: VideoService) -> None:
        self._videos = videos

    def build(self) -> app_commands.Command[Any, ..., None]:
        """Return the command with the choices that the provider offers now."""
        _, capabilities = self._videos.models.choose(None)

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
        self._videos.models.check(options)
        message_id = await defer_publicly(interaction)
        job = await self._videos.submit(
            options,
            key=JobId(str(interaction.id)),
            user_id=interaction.user.id,
            place=place_of(interaction, message_id),
            locale=job_locale(interaction),
            picture=await read_attachment(image) if image is not None else None,
        )
        await show_accepted(interaction, job)

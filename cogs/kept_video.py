"""Handing out a finished video that stands in no message: with the private answer to `/show`."""

import asyncio
import logging
from pathlib import Path

import discord

from bot.domain.errors import TooLarge
from bot.domain.job import Job
from cogs.answers import texts_of, think
from cogs.delivery import UPLOAD_SECONDS
from cogs.discord_errors import mapped

log = logging.getLogger(__name__)

MEGABYTE = 1_000_000


async def hand_out(
    interaction: discord.Interaction,
    text: str,
    job: Job,
    video: Path,
    *,
    view: discord.ui.View = discord.utils.MISSING,
) -> None:
    """Answer privately with the video, where files of its size fit into an answer; else say where it is.

    Raises:
        DeliveryError: Discord takes no answer at all.
    """
    if not interaction.response.is_done():
        with mapped():
            await think(interaction)  # an upload may take longer than the 3 s for a first answer
    size = (await asyncio.to_thread(video.stat)).st_size
    limit, texts = interaction.filesize_limit, texts_of(interaction)
    if size <= limit:
        try:
            with mapped():
                async with asyncio.timeout(UPLOAD_SECONDS):
                    file = discord.File(video, f"video-{job.short_id}.mp4")
                    await interaction.followup.send(
                        f"{text}\n{texts('show-kept')}", file=file, ephemeral=True, view=view
                    )
        except TooLarge as error:
            limit = min(limit, size - 1)
            log.info("job %s: an answer takes fewer than %d bytes: %s", job.short_id, size, error)
        else:
            return
    where = texts(
        "show-kept-too-large",
        megabytes=str(-(-size // MEGABYTE)),
        limit=str(limit // MEGABYTE),
        id=job.short_id,
    )
    with mapped():
        await interaction.followup.send(f"{text}\n{where}", ephemeral=True, view=view)

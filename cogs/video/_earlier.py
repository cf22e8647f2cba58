"""The same was asked for before: the earlier video is offered first, for nothing."""

import asyncio
from collections.abc import Sequence

import aiohttp
import discord

from bot.domain.job import Job
from cogs.answers import say, texts_of
from cogs.status import jump_link
from cogs.video._draft import ANEW, DraftButton

LOOKUP_SECONDS = 5.0


async def standing(interaction: discord.Interaction, jobs: Sequence[Job]) -> Job | None:
    """Return the first whose message still stands where this member may look."""
    for job in jobs:
        if _may_look(interaction, job) and await _stands(interaction, job):
            return job
    return None


async def show_earlier(interaction: discord.Interaction, job: Job, draft_id: str) -> None:
    """Show the member alone where the video is, with a button to have it made anew."""
    texts = texts_of(interaction)
    view = discord.ui.View(timeout=None)
    view.add_item(DraftButton(ANEW, draft_id, label=texts("button-anew")))
    await say(interaction, texts("earlier-found", link=jump_link(job)), view=view)


def _may_look(interaction: discord.Interaction, job: Job) -> bool:
    if interaction.guild is None or job.result is None or not isinstance(interaction.user, discord.Member):
        return False
    if job.result.channel_id == interaction.channel_id:
        return True
    channel = interaction.guild.get_channel_or_thread(job.result.channel_id)
    return channel is not None and channel.permissions_for(interaction.user).view_channel


async def _stands(interaction: discord.Interaction, job: Job) -> bool:
    """Ask Discord; where it does not say so, there is nothing to offer."""
    if job.result is None:
        return False
    channel = interaction.client.get_partial_messageable(job.result.channel_id, guild_id=interaction.guild_id)
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            await channel.fetch_message(job.result.message_id)
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError):
        return False
    return True

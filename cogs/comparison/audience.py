"""Who may see a video: showing one elsewhere must not take it to people whom its channel keeps out."""

import asyncio

import discord

from bot.domain.errors import Forbidden, Gone
from bot.domain.job import Job
from cogs.age_limit import is_restricted
from cogs.discord_errors import mapped

LOOKUP_SECONDS = 10.0


async def may_be_shown(interaction: discord.Interaction, job: Job) -> bool:
    """Say whether a video may be shown to everybody here.

    It may where it stands itself. From elsewhere, the member must see its channel, and one from an
    age-restricted channel stays in such channels. A channel that is gone tells neither: no.

    Raises:
        TryLater: Discord does not answer now.
    """
    if interaction.channel_id in {job.place.channel_id, job.result and job.result.channel_id}:
        return True
    channel = await _channel(interaction, job.place.channel_id)
    return channel is not None and _fits(interaction, channel)


def may_be_suggested(interaction: discord.Interaction, job: Job) -> bool:
    """Say the same from what is known without asking Discord."""
    if interaction.channel_id == job.place.channel_id:
        return True
    channel = (
        None if interaction.guild is None else interaction.guild.get_channel_or_thread(job.place.channel_id)
    )
    return channel is not None and _fits(interaction, channel)


def _fits(interaction: discord.Interaction, channel: object) -> bool:
    member = interaction.user
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or not isinstance(
        member, discord.Member
    ):
        return False
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False  # who is in it, only Discord knows
    try:
        granted = channel.permissions_for(member)
    except discord.ClientException:  # a thread whose channel is not known
        return False
    readable = granted.view_channel and granted.read_message_history
    return readable and (not is_restricted(channel) or is_restricted(_here(interaction)))


def _here(interaction: discord.Interaction) -> object:
    """Return this channel as the bot knows it: what comes with an event may be a part of it."""
    guild, channel_id = interaction.guild, interaction.channel_id
    known = None if guild is None or channel_id is None else guild.get_channel_or_thread(channel_id)
    return known or interaction.channel


async def _channel(interaction: discord.Interaction, channel_id: int) -> object:
    guild = interaction.guild
    known = None if guild is None else guild.get_channel_or_thread(channel_id)
    if guild is None or known is not None:
        return known
    try:
        with mapped():
            async with asyncio.timeout(LOOKUP_SECONDS):
                return await guild.fetch_channel(channel_id)  # an archived thread is in no cache
    except (Gone, Forbidden):
        return None

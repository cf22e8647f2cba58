"""Which videos somebody may see listed where they are, as far as Discord has told the bot."""

import discord

from bot.domain.job import Job
from bot.jobs.gallery import Sight
from cogs.age_limit import is_restricted


def sight_of(interaction: discord.Interaction, *, of_server: bool) -> Sight:
    """Return what whoever asks may see.

    Of a server that is what stands in channels that they may read; what is age-restricted stays in its
    channel. One's own videos are all listed, but without pictures of what is age-restricted elsewhere.
    """
    known: dict[int, bool] = {}

    def readable(job: Job) -> bool:
        channel_id = _stands_in(job)
        if channel_id not in known:
            known[channel_id] = _may_read(interaction, channel_id)
        return known[channel_id]

    def harmless(job: Job) -> bool:
        channel_id = _stands_in(job)
        return channel_id == interaction.channel_id or not is_restricted(
            interaction.client.get_channel(channel_id)
        )

    return Sight(lists=readable, pictures=readable) if of_server else Sight(lists=_any, pictures=harmless)


def _stands_in(job: Job) -> int:
    return job.result.channel_id if job.result is not None else job.place.channel_id


def _any(_job: Job) -> bool:
    return True


def _may_read(interaction: discord.Interaction, channel_id: int) -> bool:
    if channel_id == interaction.channel_id:
        return True  # they are there
    guild, member = interaction.guild, interaction.user
    channel = None if guild is None else guild.get_channel_or_thread(channel_id)
    if channel is None or not isinstance(member, discord.Member) or is_restricted(channel):
        return False
    try:
        granted = channel.permissions_for(member)
    except discord.ClientException:  # a thread whose channel is not known
        return False
    if isinstance(channel, discord.Thread) and channel.is_private() and not granted.manage_threads:
        return False  # who is in it is not known
    return granted.view_channel and granted.read_message_history

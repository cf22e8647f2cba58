"""Taking back what the bot has posted for a job."""

import asyncio

import discord

from bot.domain.errors import Forbidden, Gone
from bot.domain.job import Job
from cogs.discord_errors import mapped

DELETE_SECONDS = 30.0


async def withdraw(client: discord.Client, job: Job) -> bool:
    """Delete the result and the status message; say whether nothing of them is left.

    Raises:
        TryLater: Discord does not answer now; a repeat deletes the rest.
    """
    messages = []
    if job.origin.board is None:  # a clip's status stands in its board's message
        messages.append((job.place.channel_id, job.place.status_message_id))
    if job.result is not None:
        messages.insert(0, (job.result.channel_id, job.result.message_id))
    gone = True
    for channel_id, message_id in messages:
        channel = client.get_partial_messageable(channel_id, guild_id=job.place.guild_id)
        try:
            with mapped():
                async with asyncio.timeout(DELETE_SECONDS):
                    await channel.get_partial_message(message_id).delete()
        except Gone:
            pass  # somebody was quicker
        except Forbidden:
            gone = False
    return gone

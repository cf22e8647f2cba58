"""Taking back what the bot has posted for a job."""

import asyncio

import discord

from bot.domain.errors import Forbidden, Gone
from bot.domain.job import Job
from bot.domain.posting import best_id
from cogs.discord_errors import mapped
from cogs.services import services_of

DELETE_SECONDS = 30.0


async def withdraw(client: discord.Client, job: Job) -> bool:
    """Delete the result and the status message; say whether nothing of them is left.

    The copies in the best-of channel and in comparisons go soon after, whatever Discord or this process
    does meanwhile.

    Raises:
        TryLater: Discord does not answer now; a repeat deletes the rest.
        StorageError: the copy could not be noted as leaving; nothing is deleted yet.
    """
    postings = services_of(client).postings
    if postings is not None:
        await postings.take_back(best_id(job.id))
    comparisons = services_of(client).comparisons
    if comparisons is not None:
        await comparisons.withdraw(job.id)
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

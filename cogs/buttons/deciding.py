"""The buttons of status messages: stopping a job, and deciding how it goes on."""

import discord

from cogs.answers import actor_of, cancel_and_say, decider_of, say, texts_of, think
from cogs.services import services_of


async def cancel(interaction: discord.Interaction, short_id: str) -> None:
    """Stop the job of this status message."""
    await think(interaction)
    await cancel_and_say(interaction, short_id)


async def try_again(interaction: discord.Interaction, short_id: str) -> None:
    """Order an unsure job once more."""
    await think(interaction)
    actor = await decider_of(interaction)
    job = await services_of(interaction.client).decisions.try_again(short_id, actor)
    await say(interaction, texts_of(interaction)("try-again-done", id=job.short_id))


async def give_up(interaction: discord.Interaction, short_id: str) -> None:
    """End an unsure job."""
    await think(interaction)
    actor = await decider_of(interaction)
    job = await services_of(interaction.client).decisions.give_up(short_id, actor)
    await say(interaction, texts_of(interaction)("give-up-done", id=job.short_id))


async def retry(interaction: discord.Interaction, short_id: str) -> None:
    """Go on with what is paid for."""
    await think(interaction)
    job = await services_of(interaction.client).decisions.retry(short_id, actor_of(interaction))
    await say(interaction, texts_of(interaction)("retry-done", id=job.short_id))

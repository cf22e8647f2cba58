"""Deleting a delivered video: asked once, for its author and moderators."""

import discord

from bot.domain.errors import TryLater
from cogs.answers import actor_of, say, texts_of, think
from cogs.buttons.button import JobButton
from cogs.buttons.verbs import Verb
from cogs.services import services_of
from cogs.withdrawing import withdraw


async def delete(interaction: discord.Interaction, short_id: str) -> None:
    """Ask once, privately."""
    await think(interaction)
    job = await services_of(interaction.client).decisions.to_delete(short_id, actor_of(interaction))
    texts = texts_of(interaction)
    view = discord.ui.View(timeout=None)
    view.add_item(
        JobButton(
            Verb.DELETE_YES,
            job.short_id,
            label=texts("button-delete-yes"),
            style=discord.ButtonStyle.danger,
        )
    )
    await say(interaction, texts("delete-ask", id=job.short_id), view=view)


async def delete_yes(interaction: discord.Interaction, short_id: str) -> None:
    """Delete the messages, then the files; pressed again after a crash it does the rest."""
    await interaction.response.defer()
    decisions, texts = services_of(interaction.client).decisions, texts_of(interaction)
    actor = actor_of(interaction)
    job = await decisions.to_delete(short_id, actor)
    try:
        gone = await withdraw(interaction.client, job)
    except TryLater:
        await say(interaction, texts("delete-later", id=job.short_id))
        return
    await decisions.deleted(job, actor)
    text = texts("delete-done" if gone else "delete-unreachable", id=job.short_id)
    await interaction.edit_original_response(content=text, view=None)

"""Answers that only the asking member sees, and who that member is."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import discord

from bot.client import Reelbot
from bot.domain.errors import BotError, UserError
from bot.domain.states import JobState
from bot.jobs.actor import Actor
from cogs.discord_errors import mapped
from cogs.services import services_of
from cogs.texts import Texts

OWNER_SECONDS = 10.0
_PRIVATE = "reelbot-private"
"""Marks an interaction whose "thinking" only the member sees; the library does not remember it."""


def texts_of(interaction: discord.Interaction) -> Texts:
    """Return the texts in the member's own language."""
    return services_of(interaction.client).library.texts(str(interaction.locale))


def actor_of(interaction: discord.Interaction) -> Actor:
    """Return who asks; whoever may manage messages here is a moderator."""
    in_server, may = interaction.guild_id is not None, interaction.permissions
    return Actor(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        moderator=in_server and may.manage_messages,
        manager=in_server and may.manage_guild,
    )


async def decider_of(interaction: discord.Interaction) -> Actor:
    """Return who asks, and whether that is the bot's owner or of the owner's team.

    Raises:
        DeliveryError: Discord does not say who owns the bot.
    """
    actor, client = actor_of(interaction), interaction.client
    if not isinstance(client, Reelbot):
        return actor
    with mapped():
        async with asyncio.timeout(OWNER_SECONDS):
            return replace(actor, owner=await client.is_owner(interaction.user))


async def think(interaction: discord.Interaction) -> None:
    """Tell Discord that a private answer follows; the first thing to await where work comes before it."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    interaction.extras[_PRIVATE] = True


async def say(
    interaction: discord.Interaction,
    text: str,
    *,
    view: discord.ui.View = discord.utils.MISSING,
    pictures: Mapping[str, discord.File] = MappingProxyType({}),
) -> None:
    """Answer so that only the member sees it, whether or not something was answered before.

    `pictures` are shown by their titles, each whole: attachments beside each other are cut to squares.
    """
    files, embeds = list(pictures.values()), []
    for title, file in pictures.items():
        embeds.append(discord.Embed(title=title).set_image(url=f"attachment://{file.filename}"))
    if not interaction.response.is_done():
        await interaction.response.send_message(text, ephemeral=True, view=view, files=files, embeds=embeds)
        return
    deferred = interaction.response.type is discord.InteractionResponseType.deferred_channel_message
    thinking = deferred and _PRIVATE not in interaction.extras
    if thinking:
        # A public "thinking" cannot become private, and while it stands the first follow-up takes its place
        # (https://github.com/discord/discord-api-docs/pull/3466): settle it, answer, take it away.
        await interaction.edit_original_response(content="…")
    await interaction.followup.send(text, ephemeral=True, view=view, files=files, embeds=embeds)
    if thinking:
        await interaction.delete_original_response()


async def refuse(interaction: discord.Interaction, error: BotError) -> None:
    """Say in one sentence why not."""
    await say(interaction, texts_of(interaction).of(error))


async def cancel_and_say(interaction: discord.Interaction, typed_id: str) -> None:
    """Cancel a job for whoever asked, and say what came of it."""
    try:
        job = await services_of(interaction.client).videos.cancel(typed_id, actor_of(interaction))
    except UserError as error:
        await refuse(interaction, error)
        return
    key = "cancel-done" if job.state is JobState.CANCELLED else "cancel-soon"
    await say(interaction, texts_of(interaction)(key, id=job.short_id))

"""A refusal that gives back what was typed: Discord empties a form that is sent."""

import io

import discord

from cogs.answers import texts_of, think

MESSAGE_LIMIT = 2000


async def say_with_typed(interaction: discord.Interaction, sentence: str, typed: str) -> None:
    """Say privately why not, with the typed text to copy: in the message, or as a file where it is long."""
    if not interaction.response.is_done():
        await think(interaction)
    text = texts_of(interaction)("story-typed", sentence=sentence)
    fenced = typed.replace("```", "'''")  # else it would end the block
    shown = f"{text}\n```\n{fenced}\n```"
    if len(shown) <= MESSAGE_LIMIT:
        await interaction.followup.send(shown, ephemeral=True)
        return
    file = discord.File(io.BytesIO(typed.encode()), "scenes.txt")
    await interaction.followup.send(text, ephemeral=True, file=file)

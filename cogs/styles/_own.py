"""`/style`: the looks that a server adds of its own."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.domain.prompt import shorten
from bot.jobs.styles import NAME_LIMIT, OWN_STYLES, TEXT_LIMIT, Styles
from cogs.answers import actor_of, say, texts_of, think
from cogs.status import as_typed
from cogs.video._choices import style_choices

MESSAGE = 2000
PROMPT_SHOWN = 44
"""Of a look's text in the list: 25 of them fit a message."""

NAME = app_commands.Range[str, 1, NAME_LIMIT]
TEXT = app_commands.Range[str, 1, TEXT_LIMIT]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class OwnStyles(commands.GroupCog, group_name="style", group_description=locale_str("command-style")):
    """Adding, removing and listing; every answer is for the asking member alone."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let only those pass who manage the server, whatever its settings of commands say."""
        if interaction.guild_id is not None and actor_of(interaction).manager:
            return True
        if interaction.type is not discord.InteractionType.autocomplete:
            await say(interaction, texts_of(interaction)("style-not-yours"))
        return False

    @app_commands.command(name="add", description=locale_str("command-style-add"))
    @app_commands.describe(
        name=locale_str("option-style-name"),
        prompt=locale_str("option-style-prompt"),
        negative=locale_str("option-style-negative"),
    )
    async def add(
        self, interaction: discord.Interaction, name: NAME, prompt: TEXT, negative: TEXT | None = None
    ) -> None:
        """Keep a look, in the place of one of the same name."""
        await think(interaction)
        preset = await self._styles.add(_server(interaction), name, prompt, negative or "")
        await say(interaction, texts_of(interaction)("style-added", name=preset.name))

    @app_commands.command(name="remove", description=locale_str("command-style-remove"))
    @app_commands.describe(name=locale_str("option-style-own"))
    async def remove(self, interaction: discord.Interaction, name: str) -> None:
        """Forget a look; videos made with it stay as they are."""
        await think(interaction)
        removed = await self._styles.remove(_server(interaction), name)
        await say(interaction, texts_of(interaction)("style-removed", name=removed))

    @remove.autocomplete("name")
    async def _own(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        own = await self._styles.own(_server(interaction))
        return style_choices({preset.name: preset for preset in own}, typed, texts_of(interaction))

    @app_commands.command(name="list", description=locale_str("command-style-list"))
    async def list(self, interaction: discord.Interaction) -> None:
        """Name the server's own looks."""
        await think(interaction)
        own, texts = await self._styles.own(_server(interaction)), texts_of(interaction)
        if not own:
            await say(interaction, texts("style-none"))
            return
        lines = [texts("style-list", count=str(len(own)), most=str(OWN_STYLES))]
        for preset in own:
            about = as_typed(shorten(preset.prompt, PROMPT_SHOWN))
            lines.append(texts("style-line", name=preset.name, about=about))
        await say(interaction, shorten("\n".join(lines), MESSAGE))


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TypeError("the check lets only servers pass")
    return interaction.guild_id

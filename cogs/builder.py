"""`/build`: a prompt put together from its parts, in a form."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.prompts.parts import PromptParts
from bot.jobs.models import Options
from cogs.answers import texts_of
from cogs.errors import answered
from cogs.places import check_place
from cogs.services import services_of
from cogs.texts import Texts
from cogs.video._asking import Given, ask

PART_TYPED = 600
"""Characters of a part: all five together fit the prompt of every model that takes a usual one."""


PARTS = ("subject", "scene", "camera", "light", "style")
"""A modal has room for five fields: what belongs together shares one."""


class Builder(commands.Cog):
    """Builds prompts."""

    @app_commands.command(name="build", description=locale_str("command-build"))
    async def build(self, interaction: discord.Interaction) -> None:
        """Show the form."""
        check_place(interaction, texts_of(interaction))
        await interaction.response.send_modal(PartsModal(texts_of(interaction)))


class PartsModal(discord.ui.Modal):
    """Asks for the parts of a prompt; only what it is about must be said."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(title=texts("build-title"))
        self._fields: dict[str, discord.ui.TextInput[PartsModal]] = {}
        for part in PARTS:
            main = part == "subject"
            style = discord.TextStyle.paragraph if main else discord.TextStyle.short
            field = discord.ui.TextInput[PartsModal](style=style, required=main, max_length=PART_TYPED)
            label, example = texts(f"build-{part}"), texts(f"build-{part}-example")
            description = texts("build-example", example=example)
            self.add_item(discord.ui.Label(text=label, description=description, component=field))
            self._fields[part] = field

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Show the prompt and what would make it better."""
        parts = PromptParts(**{part: field.value for part, field in self._fields.items()})
        given = Given(options=Options(prompt=parts.text()), enhance=True)
        await answered(interaction, ask(interaction, given))


async def setup(bot: Reelbot) -> None:
    """Add the command, where prompts are written."""
    if services_of(bot).prompts is not None:
        await bot.add_cog(Builder())

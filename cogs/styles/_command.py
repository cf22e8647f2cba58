"""`/styles`: its options, and the suggestions while they are typed."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot.jobs.comparing import LOOKS
from bot.jobs.styles import Styles
from cogs.answers import texts_of, think
from cogs.boards.comparing import asking_of, comparing_of
from cogs.places import check_place
from cogs.services import Services
from cogs.styles._menu import ask_looks, show_looks
from cogs.video._asking import Given, first_picture
from cogs.video._choices import listed_styles, styles_choices
from cogs.video._fields import VideoFields
from cogs.video._form import Field, build_command


class StylesCommand:
    """`/styles` with the options that some configured model takes."""

    def __init__(self, services: Services, styles: Styles) -> None:
        self._fields = VideoFields(services)
        self._models = services.videos.models
        self._styles = styles

    def build(self) -> app_commands.Command[Any, ..., None]:
        """Return the command as the models are configured now."""
        prompt, *others = self._fields.named(
            "prompt", "model", "size", "seconds", "image", "image_url", "negative", "audio"
        )
        looks = Field(name="styles", kind=str, text="option-styles-styles", suggest=self._suggest)
        return build_command("styles", "command-styles", [prompt, looks, *others], self._run)

    async def _run(self, interaction: discord.Interaction, given: Mapping[str, Any]) -> None:
        options = await self._fields.options(interaction, given)
        asked = Given(options=options, image=given.get("image"), image_url=given.get("image_url"))
        check_place(interaction, texts_of(interaction))
        asked.check()
        self._models.check(options, *asked.shapes())
        comparing = comparing_of(interaction.client)
        names = listed_styles(given.get("styles") or "", texts_of(interaction))
        if names:
            await comparing.looks(names, guild_id=interaction.guild_id)
        await think(interaction)
        # Without names the proposal holds some looks that are not shown: its author chooses first.
        board = await comparing.styles(
            options,
            names or list(await self._styles.offered(interaction.guild_id))[: LOOKS[0]],
            asking=asking_of(interaction),
            picture=await first_picture(interaction, asked),
        )
        await (show_looks if names else ask_looks)(interaction, board)

    async def _suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        offered = await self._styles.offered(interaction.guild_id)
        known = await self._fields.standings(interaction)
        return styles_choices(offered, typed, texts_of(interaction), known)

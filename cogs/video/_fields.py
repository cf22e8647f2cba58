"""The options of commands that make videos, and the suggestions while they are typed."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot.domain.capabilities import NEGATIVE_LIMIT, SEED_LIMIT, Option
from bot.domain.prompts.styles import StylePreset
from bot.domain.suggestions import NONE, Standings
from bot.jobs.models import Options
from cogs.answers import texts_of
from cogs.services import Services
from cogs.video._choices import (
    meant_size,
    meant_style,
    model_choices,
    seconds_choices,
    size_choices,
    style_choices,
    unmarked,
)
from cogs.video._form import Field

SECONDS = app_commands.Range[int, 1, 3600]
NEGATIVE = app_commands.Range[str, 1, NEGATIVE_LIMIT]
SEED = app_commands.Range[int, 0, SEED_LIMIT]


class VideoFields:
    """What can be asked for of some configured model, by the options' names."""

    def __init__(self, services: Services) -> None:
        self._models = services.videos.models
        self._styles = services.styles
        self._takes_addresses = services.pictures is not None
        self._writes = services.prompts is not None
        self._suggestions = services.suggestions

    def named(self, *names: str) -> list[Field]:
        """Return those of these options that some model takes."""
        fields = {field.name: field for field in self._all()}
        return [fields[name] for name in names if fields[name].shown]

    async def options(self, interaction: discord.Interaction, given: Mapping[str, Any]) -> Options:
        """Read the options; a style is put into the prompt.

        Raises:
            InvalidRequest: there is no such style here.
        """
        size, model = given.get("size"), unmarked(given.get("model") or "") or None
        if size is not None:
            size = meant_size(self._models, model, size, texts_of(interaction))
        options = Options(
            prompt=given["prompt"],
            size=size,
            seconds=given.get("seconds"),
            model=model,
            seed=given.get("seed"),
            negative=given.get("negative"),
            audio=given.get("audio"),
        )
        style = given.get("style")
        if style is None or self._styles is None:
            return options
        name = meant_style(style, texts_of(interaction))
        return await self._styles.dress(options, name, guild_id=interaction.guild_id)

    async def standings(self, interaction: discord.Interaction) -> Standings:
        """Return how the server's members voted, as far as that is known at once."""
        return NONE if self._suggestions is None else await self._suggestions.standings(interaction.guild_id)

    def _all(self) -> list[Field]:
        offered = self._models.offered()
        picture = Option.PICTURE in offered
        return [
            Field(name="prompt", kind=str, text="option-video-prompt", required=True),
            Field(
                name="model",
                kind=str,
                text="option-video-model",
                suggest=self._suggest_model,
                shown=len(self._models.open()) > 1,
            ),
            Field(name="size", kind=str, text="option-video-size", suggest=self._suggest_size),
            Field(name="seconds", kind=SECONDS, text="option-video-seconds", suggest=self._suggest_seconds),
            Field(
                name="style",
                kind=str,
                text="option-video-style",
                suggest=self._suggest_style,
                shown=self._styles is not None,
            ),
            Field(name="image", kind=discord.Attachment, text="option-video-image", shown=picture),
            Field(
                name="image_url",
                kind=str,
                text="option-video-image-url",
                shown=picture and self._takes_addresses,
            ),
            Field(
                name="last_image",
                kind=discord.Attachment,
                text="option-video-last-image",
                shown=picture and Option.LAST_PICTURE in offered,
            ),
            Field(
                name="negative",
                kind=NEGATIVE,
                text="option-video-negative",
                shown=Option.NEGATIVE in offered,
            ),
            Field(name="audio", kind=bool, text="option-video-audio", shown=Option.AUDIO in offered),
            Field(name="seed", kind=SEED, text="option-video-seed", shown=Option.SEED in offered),
            Field(name="enhance", kind=bool, text="option-video-enhance", shown=self._writes),
        ]

    async def _suggest_model(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return model_choices(self._models, typed, texts_of(interaction), await self.standings(interaction))

    async def _suggest_size(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return size_choices(self._models, interaction.namespace.model, typed, texts_of(interaction))

    async def _suggest_seconds(
        self, interaction: discord.Interaction, typed: object
    ) -> list[app_commands.Choice[int]]:
        known = await self.standings(interaction)
        return seconds_choices(
            self._models, interaction.namespace.model, str(typed), texts_of(interaction), known
        )

    async def _suggest_style(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        styles: Mapping[str, StylePreset] = {}
        if self._styles is not None:
            styles = await self._styles.offered(interaction.guild_id)
        return style_choices(styles, typed, texts_of(interaction), await self.standings(interaction))

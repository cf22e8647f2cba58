"""`/video`: its options, and the suggestions while they are typed."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot.domain.capabilities import NEGATIVE_LIMIT, SEED_LIMIT, Option
from bot.jobs.models import Options
from cogs.answers import texts_of
from cogs.services import Services
from cogs.video._asking import Given, ask
from cogs.video._choices import meant_size, model_choices, seconds_choices, size_choices
from cogs.video._form import Field, build_command

SECONDS = app_commands.Range[int, 1, 3600]
NEGATIVE = app_commands.Range[str, 1, NEGATIVE_LIMIT]
SEED = app_commands.Range[int, 0, SEED_LIMIT]


class VideoCommand:
    """`/video` with the options that some configured model takes."""

    def __init__(self, services: Services) -> None:
        self._models = services.videos.models
        self._takes_addresses = services.pictures is not None

    def build(self) -> app_commands.Command[Any, ..., None]:
        """Return the command as the models are configured now."""
        return build_command("video", "command-video", self._fields(), self._run)

    def _fields(self) -> list[Field]:
        offered = self._models.offered()
        picture = Option.PICTURE in offered
        fields = [
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
        ]
        return [field for field in fields if field.shown]

    async def _run(self, interaction: discord.Interaction, given: Mapping[str, Any]) -> None:
        size, model = given.get("size"), given.get("model")
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
        pictures = {name: given.get(name) for name in ("image", "image_url", "last_image")}
        await ask(interaction, Given(options=options, **pictures))

    async def _suggest_model(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return model_choices(self._models, typed, texts_of(interaction))

    async def _suggest_size(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return size_choices(self._models, interaction.namespace.model, typed, texts_of(interaction))

    async def _suggest_seconds(
        self, interaction: discord.Interaction, typed: object
    ) -> list[app_commands.Choice[int]]:
        return seconds_choices(self._models, interaction.namespace.model, str(typed), texts_of(interaction))

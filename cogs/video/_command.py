"""`/video`: a description becomes a video."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from cogs.answers import texts_of
from cogs.services import Services
from cogs.video._asking import Given, ask
from cogs.video._choices import seconds_choices
from cogs.video._fields import VideoFields
from cogs.video._form import build_command
from cogs.video._longer import longer_choices

PICTURES = ("image", "image_url", "last_image")


class VideoCommand:
    """`/video` with the options that some configured model takes."""

    def __init__(self, services: Services) -> None:
        self._fields = VideoFields(services)
        self._models = services.videos.models

    def build(self) -> app_commands.Command[Any, ..., None]:
        """Return the command as the models are configured now."""
        fields = self._fields.named(
            "prompt", "model", "size", "seconds", "style", *PICTURES, "negative", "audio", "seed", "enhance"
        )
        fields = [
            replace(field, suggest=self._suggest_seconds) if field.name == "seconds" else field
            for field in fields
        ]
        return build_command("video", "command-video", fields, self._run)

    async def _suggest_seconds(
        self, interaction: discord.Interaction, typed: object
    ) -> list[app_commands.Choice[int]]:
        """Offer what the model makes at once, and beyond that what parts add up to."""
        chosen, texts = interaction.namespace.model, texts_of(interaction)
        known = await self._fields.standings(interaction)
        offered = seconds_choices(self._models, chosen, str(typed), texts, known)
        return offered or longer_choices(self._models, chosen, str(typed), texts)

    async def _run(self, interaction: discord.Interaction, given: Mapping[str, Any]) -> None:
        options = await self._fields.options(interaction, given)
        image, image_url, last_image = (given.get(name) for name in PICTURES)
        await ask(
            interaction,
            Given(
                options=options,
                image=image,
                image_url=image_url,
                last_image=last_image,
                enhance=bool(given.get("enhance")),
            ),
        )

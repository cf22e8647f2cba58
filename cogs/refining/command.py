"""`/refine`: its options, up to the private proposal."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.domain.prompt import clean_prompt
from bot.domain.refinement import LEAST_ROUNDS, MOST_ROUNDS, USUAL_ROUNDS, Judge
from cogs.boards.proposal import propose
from cogs.buttons.making import check_may_make
from cogs.refining.presses import refining_of
from cogs.services import Services
from cogs.video._fields import VideoFields
from cogs.video._form import Field, build_command

ROUNDS = app_commands.Range[int, LEAST_ROUNDS, MOST_ROUNDS]


class RefineCommand:
    """`/refine` with the options that some configured model takes."""

    def __init__(self, services: Services) -> None:
        self._fields = VideoFields(services)

    def build(self) -> app_commands.Command[Any, ..., None]:
        """Return the command."""
        fields = [
            *self._fields.named("prompt"),
            Field(name="rounds", kind=ROUNDS, text="option-refine-rounds"),
            Field(name="judge", kind=str, text="option-refine-judge"),
            *self._fields.named("model", "size", "seconds"),
        ]
        command = build_command("refine", "command-refine", fields, self._run)
        judges = [
            app_commands.Choice(name=locale_str("choice-judge-me"), value=Judge.AUTHOR.value),
            app_commands.Choice(name=locale_str("choice-judge-channel"), value=Judge.CHANNEL.value),
        ]
        return app_commands.choices(judge=judges)(command)

    async def _run(self, interaction: discord.Interaction, given: Mapping[str, Any]) -> None:
        check_may_make(interaction)
        prompt = clean_prompt(given["prompt"])
        options = await self._fields.options(interaction, {**given, "prompt": prompt})
        sketch = refining_of(interaction.client).sketch(
            options,
            rounds=given.get("rounds") or USUAL_ROUNDS,
            judge=Judge(given.get("judge") or Judge.AUTHOR),
        )
        await propose(interaction, sketch)

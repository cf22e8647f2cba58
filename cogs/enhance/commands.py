"""`/enhance` and `/check`: better words for a prompt, and what may go wrong with it."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.job import JobId
from bot.domain.prompt import clean_prompt, visible_length
from cogs.answers import say, texts_of, think
from cogs.enhance import presses
from cogs.enhance.dialog import COG, WordsVerb
from cogs.prompt_notes import note_text
from cogs.services import Services
from cogs.video._asking import Given, ask
from cogs.video._fields import VideoFields
from cogs.video._form import build_command

MESSAGE = 2000
"""Characters of a message."""


class PromptCommands(commands.Cog, name=COG):
    """The commands about words, and the presses in their dialog."""

    def __init__(self, services: Services) -> None:
        self._fields = VideoFields(services)

    def build_enhance(self) -> app_commands.Command[Any, ..., None]:
        """Return `/enhance` as the models are configured now."""
        fields = self._fields.named("prompt", "model", "size", "seconds")
        return build_command("enhance", "command-enhance", fields, self._enhance)

    @app_commands.command(name="check", description=locale_str("command-check"))
    @app_commands.describe(prompt=locale_str("option-check-prompt"))
    async def check(self, interaction: discord.Interaction, prompt: str) -> None:
        """Say privately what may go wrong."""
        words = clean_prompt(prompt)
        if visible_length(words) == 0:
            raise InvalidRequest(code=Code.PROMPT_EMPTY)
        await think(interaction)
        texts = texts_of(interaction)
        notes = await presses.prompts_of(interaction).check(words)
        if not notes:
            await say(interaction, texts("check-nothing"))
            return
        lines = [texts("check-title")]
        for note in notes:
            line = texts("note-line", note=note_text(note, texts))
            if sum(map(len, lines)) + len(lines) + len(line) <= MESSAGE:
                lines.append(line)
        await say(interaction, "\n".join(lines))

    async def press(
        self, verb: str, interaction: discord.Interaction, draft_id: JobId, *, asks_fit: bool
    ) -> None:
        """Do what the button says.

        Raises:
            BotError: with the sentence for the one who pressed.
        """
        if verb in {WordsVerb.USE, WordsVerb.MINE}:
            await presses.order(interaction, draft_id, enhanced=verb == WordsVerb.USE, asks_fit=asks_fit)
        elif verb == WordsVerb.EDIT:
            await presses.edit(interaction, draft_id, asks_fit=asks_fit)
        elif verb == WordsVerb.DROP:
            await presses.drop(interaction, draft_id)
        else:
            raise InvalidRequest(code=Code.BUTTON_UNKNOWN)

    async def _enhance(self, interaction: discord.Interaction, given: Mapping[str, Any]) -> None:
        options = await self._fields.options(interaction, given)
        await ask(interaction, Given(options=options, enhance=True))

"""`/variations` and the button *Variations*: the same several times, to choose from."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot.client import Reelbot
from bot.domain.board import Board
from bot.jobs.comparing import COUNTS, USUAL
from cogs.answers import texts_of, think
from cogs.boards.comparing import asking_of, comparing_of, count_buttons
from cogs.boards.proposal import show_proposal
from cogs.buttons.making import check_may_make
from cogs.places import check_place
from cogs.services import Services, services_of
from cogs.video._asking import Given, first_picture
from cogs.video._fields import VideoFields
from cogs.video._following import follow_with
from cogs.video._form import Field, build_command

COUNT = app_commands.Range[int, COUNTS[0], COUNTS[-1]]


class VariationsCommand:
    """`/variations` with the options that some configured model takes."""

    def __init__(self, services: Services) -> None:
        self._fields = VideoFields(services)
        self._models = services.videos.models

    def build(self) -> app_commands.Command[Any, ..., None]:
        """Return the command as the models are configured now."""
        prompt, *others = self._fields.named(
            "prompt", "model", "size", "seconds", "style", "image", "image_url", "negative", "audio"
        )
        count = Field(name="count", kind=COUNT, text="option-variations-count")
        return build_command("variations", "command-variations", [prompt, count, *others], self._run)

    async def _run(self, interaction: discord.Interaction, given: Mapping[str, Any]) -> None:
        options = await self._fields.options(interaction, given)
        asked = Given(options=options, image=given.get("image"), image_url=given.get("image_url"))
        check_place(interaction, texts_of(interaction))
        asked.check()
        self._models.check(options, *asked.shapes())
        await think(interaction)
        board = await comparing_of(interaction.client).variations(
            options,
            count=given.get("count") or USUAL,
            asking=asking_of(interaction),
            picture=await first_picture(interaction, asked),
        )
        await _show(interaction, board)


async def press_variations(interaction: discord.Interaction, short_id: str) -> None:
    """Propose variations of a video to the one who pressed, as their own.

    Raises:
        UserError: refused; nothing is kept.
    """
    check_may_make(interaction)
    await think(interaction)
    board = await comparing_of(interaction.client).variations_of(
        short_id, count=USUAL, asking=asking_of(interaction)
    )
    await _show(interaction, board)


async def _show(interaction: discord.Interaction, board: Board) -> None:
    await show_proposal(interaction, board, *count_buttons(board, texts_of(interaction)))


async def setup(bot: Reelbot) -> None:
    """Add the command, which follows the configured models."""
    follow_with(bot, VariationsCommand(services_of(bot)).build)

"""Buttons on status and result messages. Their state stands in their id, so they outlive restarts."""

import discord
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest


class Buttons(commands.Cog):
    """Acts on presses; verbs of other versions are understood as far as to say so."""

    async def press(self, verb: str, interaction: discord.Interaction, short_id: str) -> None:
        """Do what the button says.

        Raises:
            BotError: with the sentence for the one who pressed.
        """
        from cogs.buttons.presses import PRESSES  # what buttons do imports this package

        press = PRESSES.get(verb)
        if press is None:
            raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
        await press(interaction, short_id)


async def setup(bot: Reelbot) -> None:
    """Answer every button that the bot has ever sent."""
    from cogs.buttons.button import JobButton

    await bot.add_cog(Buttons())
    bot.add_dynamic_items(JobButton)

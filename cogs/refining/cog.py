"""The improvement loop's command, buttons and forms."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

import discord
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from cogs.errors import answered
from cogs.refining import presses
from cogs.refining.button import RoundButton, RoundVerb
from cogs.refining.command import RefineCommand
from cogs.refining.forms import Sent, sent_form
from cogs.services import services_of
from cogs.video._following import follow_with

Press = Callable[[discord.Interaction, str, int], Awaitable[None]]
Take = Callable[[discord.Interaction, Sent], Awaitable[None]]

PRESSES: Mapping[str, Press] = MappingProxyType(
    {
        RoundVerb.RATE: presses.rate,
        RoundVerb.GO_ON: presses.go_on,
        RoundVerb.RENDER: presses.render,
        RoundVerb.EDIT: presses.edit,
    }
)
FORMS: Mapping[str, Take] = MappingProxyType(
    {RoundVerb.RATE: presses.rate_sent, RoundVerb.EDIT: presses.words_sent}
)


class Refining(commands.Cog):
    """Acts on presses and forms; verbs of other versions are understood as far as to say so."""

    async def press(self, verb: str, interaction: discord.Interaction, short_id: str, number: int) -> None:
        """Do what the button says.

        Raises:
            BotError: with the sentence for the one who pressed.
        """
        press = PRESSES.get(verb)
        if press is None:
            raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
        await press(interaction, short_id, number)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form. The library knows only forms that this process has opened; theirs may be older."""
        sent = sent_form(interaction)
        if sent is not None:
            await answered(interaction, FORMS[sent.verb](interaction, sent))


async def setup(bot: Reelbot) -> None:
    """Add the command, and answer every round's buttons and forms."""
    await bot.add_cog(Refining())
    bot.add_dynamic_items(RoundButton)
    follow_with(bot, RefineCommand(services_of(bot)).build)

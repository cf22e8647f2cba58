"""Boards: clips that belong together, under one message with its own buttons."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

import discord
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from cogs.boards import comparing, presses, proposal
from cogs.boards.button import BoardButton, ClipButton, ClipMenu, Press
from cogs.boards.verbs import BoardVerb

Pick = Callable[[discord.Interaction, str, int], Awaitable[None]]

PRESSES: Mapping[str, Press] = MappingProxyType(
    {
        BoardVerb.START: proposal.start,
        BoardVerb.DROP: proposal.drop,
        BoardVerb.REDO: presses.redo,
        BoardVerb.CHANGE: presses.change,
        BoardVerb.SKIP: presses.skip,
        BoardVerb.STOP: presses.stop,
    }
)
PICKS: Mapping[str, Pick] = MappingProxyType(
    {
        BoardVerb.REDO: presses.redo_clip,
        BoardVerb.CHANGE: presses.change_clip,
        BoardVerb.SKIP: presses.skip_clip,
        BoardVerb.COUNT: comparing.recount,
        BoardVerb.GO_ON: comparing.go_on,
    }
)


class Boards(commands.Cog):
    """Acts on presses; verbs of other versions are understood as far as to say so."""

    def __init__(self) -> None:
        self._presses = dict(PRESSES)

    def learn(self, presses: Mapping[str, Press]) -> None:
        """Take over what the buttons of one kind of board do."""
        self._presses.update(presses)

    async def press(self, verb: str, interaction: discord.Interaction, short_id: str) -> None:
        """Do what the button says.

        Raises:
            BotError: with the sentence for the one who pressed.
        """
        press = self._presses.get(verb)
        if press is None:
            raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
        await press(interaction, short_id)

    async def pick(self, verb: str, interaction: discord.Interaction, short_id: str, position: int) -> None:
        """Do it with the chosen clip.

        Raises:
            BotError: with the sentence for the one who chose.
        """
        pick = PICKS.get(verb)
        if pick is None:
            raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
        await pick(interaction, short_id, position)


async def setup(bot: Reelbot) -> None:
    """Answer every board's buttons."""
    await bot.add_cog(Boards())
    bot.add_dynamic_items(BoardButton, ClipButton, ClipMenu)

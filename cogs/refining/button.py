"""The button of a round: it says which round, or which words, it is about, so that an old one is known."""

import re
from enum import StrEnum
from typing import Any, Protocol, Self, runtime_checkable

import discord

from bot.client import Reelbot
from cogs.errors import answered

ROUND_ID = r"reelbot-round:(?P<verb>[a-z-]{1,40}):(?P<board>[0-9A-Z]{5}):(?P<number>[0-9]{1,6})"

COG = "Refining"
"""The name of the cog that acts on presses."""


class RoundVerb(StrEnum):
    """What the button does; the value stands in its id, so it is never renamed.

    `number` is the round's position, for RENDER and EDIT the number of the words that wait.
    """

    RATE = "rate"
    GO_ON = "go-on"
    RENDER = "render"
    EDIT = "edit"


@runtime_checkable
class Acting(Protocol):
    """What a press needs of the cog."""

    async def press(self, verb: str, interaction: discord.Interaction, short_id: str, number: int) -> None:
        """Do what the button says."""


class RoundButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=ROUND_ID):
    """A button `reelbot-round:<verb>:<short id>:<number>`: all else is in the database."""

    def __init__(
        self,
        verb: RoundVerb | str,
        short_id: str,
        number: int,
        *,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        custom_id = f"reelbot-round:{verb}:{short_id}:{number}"
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=custom_id))
        self._verb = verb
        self._short_id = short_id
        self._number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["verb"], match["board"], int(match["number"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says and answer the one who pressed."""
        acting = _acting(interaction)
        await answered(interaction, acting.press(self._verb, interaction, self._short_id, self._number))


def _acting(interaction: discord.Interaction) -> Acting:
    client: object = interaction.client
    cog: object = client.get_cog(COG) if isinstance(client, Reelbot) else None
    if not isinstance(cog, Acting):
        raise TypeError("the client was not built by bot.app")
    return cog

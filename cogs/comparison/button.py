"""One kind of button for everything that can be done with a comparison."""

import re
from typing import Any, Protocol, Self, runtime_checkable

import discord

from bot.client import Reelbot
from bot.domain.comparison import ComparisonId
from cogs.comparison.verbs import ComparisonVerb
from cogs.errors import answered

BUTTON_ID = r"reelbot-compare:(?P<verb>[a-z-]{1,40}):(?P<comparison>[0-9]{1,20})"

COG = "Compare"
"""The name of the cog that acts on presses."""


@runtime_checkable
class Acting(Protocol):
    """What a press needs of the cog."""

    async def press(self, verb: str, interaction: discord.Interaction, key: ComparisonId) -> None:
        """Do what the button says."""


class ComparisonButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=BUTTON_ID):
    """A button `reelbot-compare:<verb>:<comparison>`: what it is about is in the database."""

    def __init__(
        self,
        verb: ComparisonVerb | str,
        key: ComparisonId,
        *,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        super().__init__(
            discord.ui.Button(label=label, style=style, custom_id=f"reelbot-compare:{verb}:{key}")
        )
        self._verb = verb
        self._key = key

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["verb"], ComparisonId(match["comparison"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says and answer the one who pressed."""
        client: object = interaction.client
        cog: object = client.get_cog(COG) if isinstance(client, Reelbot) else None
        if not isinstance(cog, Acting):
            raise TypeError("the client was not built by bot.app")
        await answered(interaction, cog.press(self._verb, interaction, self._key))

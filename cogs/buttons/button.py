"""One kind of button for everything that can be done with a job."""

import re
from typing import Any, Protocol, Self, runtime_checkable

import discord

from bot.client import Reelbot
from cogs.buttons.verbs import Verb
from cogs.errors import answered

BUTTON_ID = r"reelbot:(?P<verb>[a-z-]{1,40}):(?P<job>[0-9A-Z]{5})"

COG = "Buttons"
"""The name of the cog that acts on presses: what they do imports this module, and not the other way round."""


@runtime_checkable
class Acting(Protocol):
    """What a press needs of the cog."""

    async def press(self, verb: str, interaction: discord.Interaction, short_id: str) -> None:
        """Do what the button says."""


class JobButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=BUTTON_ID):
    """A button `reelbot:<verb>:<short id>`; verbs of other versions are understood as far as to say so."""

    def __init__(
        self,
        verb: Verb | str,
        short_id: str,
        *,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        row: int | None = None,
    ) -> None:
        super().__init__(
            discord.ui.Button(label=label, style=style, custom_id=f"reelbot:{verb}:{short_id}", row=row)
        )
        self._verb = verb
        self._short_id = short_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["verb"], match["job"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says and answer the one who pressed."""
        await answered(interaction, _acting(interaction).press(self._verb, interaction, self._short_id))


def _acting(interaction: discord.Interaction) -> Acting:
    client: object = interaction.client
    cog: object = client.get_cog(COG) if isinstance(client, Reelbot) else None
    if not isinstance(cog, Acting):
        raise TypeError("the client was not built by bot.app")
    return cog

"""The buttons of a page; what they do is the cog's, which writes pages and so imports this module."""

import re
from typing import Any, Protocol, Self, runtime_checkable

import discord

from bot.client import Reelbot
from cogs.errors import answered

COG = "Gallery"
"""The name of the cog that acts on presses."""

_ARROWS_ROW = 2


@runtime_checkable
class Acting(Protocol):
    """What a press needs of the cog."""

    async def turn(self, interaction: discord.Interaction, gallery_id: str, number: int) -> None:
        """Turn to a page."""

    async def open(self, interaction: discord.Interaction, short_id: str) -> None:
        """Show a video."""


class PageButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"reelbot-gallery:(?P<gallery>[0-9]{1,20}):(?P<page>[0-9]{1,6})",
):
    """Turns to a page of a list, which is in the database: `reelbot-gallery:<list>:<page>`."""

    def __init__(self, gallery_id: str, number: int, *, label: str | None = None) -> None:
        custom_id = f"reelbot-gallery:{gallery_id}:{number}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, row=_ARROWS_ROW))
        self._gallery_id = gallery_id
        self._number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["gallery"], int(match["page"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page in place of this one."""
        await answered(interaction, _acting(interaction).turn(interaction, self._gallery_id, self._number))


class VideoButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"reelbot-listed:(?P<job>[0-9A-Z]{5})"
):
    """Shows a video of the page: `reelbot-listed:<short id>`."""

    def __init__(self, short_id: str, *, label: str | None = None, row: int | None = None) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"reelbot-listed:{short_id}", row=row))
        self._short_id = short_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the video, privately."""
        await answered(interaction, _acting(interaction).open(interaction, self._short_id))


def _acting(interaction: discord.Interaction) -> Acting:
    client: object = interaction.client
    cog: object = client.get_cog(COG) if isinstance(client, Reelbot) else None
    if not isinstance(cog, Acting):
        raise TypeError("the client was not built by bot.app")
    return cog

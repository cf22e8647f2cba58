"""One kind of button, and one kind of menu, for everything that can be done with a board."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, Self, runtime_checkable

import discord

from bot.client import Reelbot
from cogs.boards.verbs import BoardVerb
from cogs.errors import answered

BUTTON_ID = r"reelbot-board:(?P<verb>[a-z-]{1,40}):(?P<board>[0-9A-Z]{5})"
MENU_ID = r"reelbot-clip:(?P<verb>[a-z-]{1,40}):(?P<board>[0-9A-Z]{5})"
CLIP_ID = MENU_ID + r":(?P<position>[0-9]{1,2})"

COG = "Boards"
"""The name of the cog that acts on presses."""


Press = Callable[[discord.Interaction, str], Awaitable[None]]


@runtime_checkable
class Acting(Protocol):
    """What a press needs of the cog."""

    def learn(self, presses: Mapping[str, Press]) -> None:
        """Take over what the buttons of one kind of board do."""

    async def press(self, verb: str, interaction: discord.Interaction, short_id: str) -> None:
        """Do what the button says."""

    async def pick(self, verb: str, interaction: discord.Interaction, short_id: str, position: int) -> None:
        """Do it with the chosen clip."""


class BoardButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=BUTTON_ID):
    """A button `reelbot-board:<verb>:<short id>`: the board is in the database, so it outlives restarts."""

    def __init__(
        self,
        verb: BoardVerb | str,
        short_id: str,
        *,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        row: int | None = None,
    ) -> None:
        super().__init__(
            discord.ui.Button(label=label, style=style, custom_id=f"reelbot-board:{verb}:{short_id}", row=row)
        )
        self._verb = verb
        self._short_id = short_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["verb"], match["board"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says and answer the one who pressed."""
        await answered(interaction, _acting(interaction).press(self._verb, interaction, self._short_id))


class ClipButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=CLIP_ID):
    """A button `reelbot-clip:<verb>:<short id>:<position>`, for one clip of a board."""

    def __init__(
        self,
        verb: BoardVerb | str,
        short_id: str,
        position: int,
        *,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
        row: int | None = None,
    ) -> None:
        custom_id = f"reelbot-clip:{verb}:{short_id}:{position}"
        super().__init__(
            discord.ui.Button(label=label, style=style, custom_id=custom_id, disabled=disabled, row=row)
        )
        self._verb = verb
        self._short_id = short_id
        self._position = position

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["verb"], match["board"], int(match["position"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do it with this clip."""
        acting = _acting(interaction)
        await answered(interaction, acting.pick(self._verb, interaction, self._short_id, self._position))


class ClipMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=MENU_ID):
    """A menu of clips `reelbot-clip:<verb>:<short id>`."""

    def __init__(
        self, verb: BoardVerb | str, short_id: str, *, options: Mapping[int, str] | None = None
    ) -> None:
        shown = [
            discord.SelectOption(label=label, value=str(position))
            for position, label in (options or {1: "1"}).items()
        ]
        super().__init__(discord.ui.Select(custom_id=f"reelbot-clip:{verb}:{short_id}", options=shown))
        self._verb = verb
        self._short_id = short_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from its id alone."""
        return cls(match["verb"], match["board"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do it with the chosen clip."""
        position = int(self.item.values[0])  # Discord sends nothing that was not offered
        acting = _acting(interaction)
        await answered(interaction, acting.pick(self._verb, interaction, self._short_id, position))


def _acting(interaction: discord.Interaction) -> Acting:
    return acting_cog(interaction.client)


def acting_cog(client: object) -> Acting:
    """Return the cog that acts on presses; its extension is loaded before those of the kinds."""
    cog: object = client.get_cog(COG) if isinstance(client, Reelbot) else None
    if not isinstance(cog, Acting):
        raise TypeError("the client was not built by bot.app")
    return cog

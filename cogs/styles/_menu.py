"""The menu of looks on a proposal of `/styles`."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Self

import discord

from bot.domain.board import Board
from bot.domain.prompt import shorten
from bot.domain.prompts.styles import StylePreset, presets
from bot.jobs.comparing import LOOKS
from bot.jobs.styles import Styles
from cogs.answers import actor_of, say, texts_of
from cogs.boards.button import BoardButton
from cogs.boards.comparing import comparing_of
from cogs.boards.proposal import show_changed, show_proposal
from cogs.boards.text import first_line
from cogs.boards.verbs import BoardVerb
from cogs.errors import answered
from cogs.looks import shown_style
from cogs.services import services_of
from cogs.texts import Texts

MENU_ID = r"reelbot-styles:(?P<board>[0-9A-Z]{5})"
MOST_OPTIONS = 25
TEXT_SHOWN = 100
"""Of an option's label and description (reference: discord, components)."""


class StyleMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=MENU_ID):
    """A menu `reelbot-styles:<short id>`: the board is in the database, so it outlives restarts."""

    def __init__(
        self, short_id: str, *, options: list[discord.SelectOption] | None = None, placeholder: str = ""
    ) -> None:
        shown = options or [discord.SelectOption(label=name) for name in presets()]
        least, most = LOOKS
        super().__init__(
            discord.ui.Select(
                custom_id=f"reelbot-styles:{short_id}",
                placeholder=placeholder or None,
                min_values=least,
                max_values=most,
                options=shown,
            )
        )
        self._short_id = short_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from its id alone."""
        return cls(match["board"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Put the chosen looks into the proposal."""
        await answered(interaction, choose(interaction, self._short_id, list(self.item.values)))


async def ask_looks(interaction: discord.Interaction, board: Board) -> None:
    """Have the author choose the looks of a proposal; nothing can be started before."""
    texts = texts_of(interaction)
    view = discord.ui.View(timeout=None)
    view.add_item(await _menu(interaction, board, chosen=()))
    view.add_item(BoardButton(BoardVerb.DROP, board.short_id, label=texts("button-cancel"), row=1))
    least, most = LOOKS
    question = texts("styles-ask", least=str(least), most=str(most))
    await say(interaction, f"{first_line(board, texts)}\n{question}", view=view)


async def show_looks(interaction: discord.Interaction, board: Board) -> None:
    """Show a proposal with its looks."""
    await show_proposal(interaction, board, await _menu(interaction, board, chosen=_looks(board)))


async def choose(interaction: discord.Interaction, short_id: str, names: list[str]) -> None:
    """Put these looks into the proposal.

    Raises:
        UserError: it is none any more, or a look is gone.
    """
    await interaction.response.defer()
    board = await comparing_of(interaction.client).restyle(short_id, names, actor_of(interaction))
    await show_changed(interaction, board, await _menu(interaction, board, chosen=_looks(board)))


def menu_options(
    offered: Mapping[str, StylePreset], chosen: Collection[str], texts: Texts
) -> list[discord.SelectOption]:
    """Return what a menu offers: what is chosen, and as many others as there is room for."""
    others = [name for name in offered if name not in chosen]
    shown = {*chosen, *others[: MOST_OPTIONS - len(chosen)]}
    return [
        discord.SelectOption(
            label=shorten(shown_style(name, texts), TEXT_SHOWN),
            value=name,
            description=shorten(preset.prompt, TEXT_SHOWN),
            default=name in chosen,
        )
        for name, preset in offered.items()
        if name in shown
    ]


def styles_of(client: discord.Client) -> Styles:
    """Return the use cases of looks."""
    styles = services_of(client).styles
    if styles is None:
        raise TypeError("the client was built without styles")
    return styles


def _looks(board: Board) -> list[str]:
    return [clip.plan.style for clip in board.clips if clip.plan.style is not None]


async def _menu(interaction: discord.Interaction, board: Board, *, chosen: Collection[str]) -> StyleMenu:
    offered = await styles_of(interaction.client).offered(interaction.guild_id)
    texts = texts_of(interaction)
    options = menu_options(offered, [name for name in chosen if name in offered], texts)
    return StyleMenu(board.short_id, options=options, placeholder=texts("styles-placeholder"))

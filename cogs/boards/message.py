"""Writes to boards' messages, by bot token alone so that it works at any age."""

import asyncio
import io
import logging
from collections.abc import Callable
from typing import Any

import discord

from bot.domain.board import Board, BoardState
from bot.domain.errors import TooLarge
from bot.jobs.sheets import COMPARED, Sheets
from bot.jobs.sketch import Quote
from cogs.boards.text import Live, board_text, clip_label
from cogs.boards.views import board_view
from cogs.discord_errors import mapped
from cogs.texts import Library, Texts

EDIT_SECONDS = 30.0

log = logging.getLogger(__name__)


class BoardMessages:
    """Renders and edits; `quote` says what is still to be made of a board.

    Without `sheets` no contact sheet is shown.
    """

    def __init__(
        self,
        *,
        client: discord.Client,
        library: Library,
        quote: Callable[[Board], Quote],
        sheets: Sheets | None = None,
    ) -> None:
        self._client = client
        self._library = library
        self._quote = quote
        self._sheets = sheets

    def render(self, board: Board, live: Live, *, prompt: bool = True) -> str:
        """Write the board's text."""
        return board_text(board, live, self._quote(board), self._library.texts(board.locale), prompt=prompt)

    async def edit(self, board: Board, text: str) -> None:
        """Put the text and the buttons into the board's message, and the contact sheet into an ended one's.

        The sheet takes the place of what was attached before, so that a repeat changes nothing.

        Raises:
            DeliveryError: any of it.
        """
        if board.place is None:
            return
        place, texts = board.place, self._library.texts(board.locale)
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        message = channel.get_partial_message(place.status_message_id)
        changes: dict[str, Any] = {"content": text, "view": board_view(board, texts)}
        attached = await self._attached(board, texts)
        try:
            await _edit(message, **changes, **attached)
        except TooLarge as error:
            log.warning("board %s: its contact sheet is too large: %s", board.short_id, error)
            await _edit(message, **changes)

    async def _attached(self, board: Board, texts: Texts) -> dict[str, Any]:
        """Return what the edit says about files: nothing where they shall stay as they are."""
        if self._sheets is None or board.kind not in COMPARED:
            return {}
        if board.state is not BoardState.DONE:
            return {"attachments": []}
        captions = {clip.position: clip_label(board, clip, texts) or "" for clip in board.clips}
        sheet = await self._sheets.sheet(board, captions)
        if sheet is None:
            return {}
        name = f"sheet-{board.short_id}.jpg"
        return {"attachments": [discord.File(io.BytesIO(sheet), name, description=texts("board-sheet-alt"))]}


async def _edit(message: discord.PartialMessage, **changes: Any) -> None:
    with mapped():
        async with asyncio.timeout(EDIT_SECONDS):
            await message.edit(**changes)

"""A board is proposed privately, with what it will take, and started by its author's press."""

import contextlib
import logging

import discord

from bot.domain.board import Board, BoardId
from bot.domain.errors import DeliveryError, StorageError
from bot.jobs.boards import BoardService
from bot.jobs.sketch import Sketch
from cogs.accepting import job_locale, place_of
from cogs.acknowledging import defer_publicly
from cogs.answers import actor_of, say, texts_of, think
from cogs.boards.text import Live, board_text
from cogs.boards.views import Item, board_view, proposal_view
from cogs.discord_errors import mapped
from cogs.places import check_place
from cogs.services import services_of

log = logging.getLogger(__name__)


def boards_of(client: discord.Client) -> BoardService:
    """Return the use cases of boards."""
    boards = services_of(client).boards
    if boards is None:
        raise TypeError("the client was built without boards")
    return boards


async def propose(interaction: discord.Interaction, sketch: Sketch, *more: Item) -> Board:
    """Keep the board and show its author alone what it will take; `more` are the kind's own buttons.

    Raises:
        UserError: refused; nothing is kept.
    """
    board = await keep_proposal(interaction, sketch)
    await show_proposal(interaction, board, *more)
    return board


async def keep_proposal(interaction: discord.Interaction, sketch: Sketch) -> Board:
    """Keep the board for its author alone, who is to be shown what it will take.

    Raises:
        UserError: refused; nothing is kept.
    """
    check_place(interaction, texts_of(interaction))
    if not interaction.response.is_done():
        await think(interaction)
    return await boards_of(interaction.client).propose(
        sketch,
        key=BoardId(str(interaction.id)),
        user_id=interaction.user.id,
        locale=job_locale(interaction),
    )


async def show_proposal(interaction: discord.Interaction, board: Board, *more: Item) -> None:
    """Show a proposal to its author alone."""
    texts = texts_of(interaction)
    text = board_text(board, Live(), boards_of(interaction.client).quote(board), texts)
    await say(interaction, text, view=proposal_view(board, texts, *more))


async def show_changed(interaction: discord.Interaction, board: Board, *more: Item) -> None:
    """Show a proposal as it is now, in the place of what its author has just pressed."""
    texts = texts_of(interaction)
    text = board_text(board, Live(), boards_of(interaction.client).quote(board), texts)
    await interaction.edit_original_response(content=text, view=proposal_view(board, texts, *more))


async def start(interaction: discord.Interaction, short_id: str) -> None:
    """Start a proposal: a public message becomes the board's.

    Raises:
        UserError: it is gone, or refused; nothing was ordered.
    """
    texts, boards = texts_of(interaction), boards_of(interaction.client)
    check_place(interaction, texts)
    message_id = await defer_publicly(interaction)
    board = await boards.find(short_id, actor_of(interaction))
    board = await boards.start(
        board.id,
        user_id=interaction.user.id,
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
    )
    shown = services_of(interaction.client).library.texts(board.locale)
    text = board_text(board, Live(), boards.quote(board), shown)
    try:
        with mapped():
            await interaction.edit_original_response(content=text, view=board_view(board, shown))
    except (DeliveryError, StorageError) as error:
        # The board has begun all the same; later edits go to the message by its id.
        log.warning("board %s: its first text could not be shown: %s", board.short_id, error)
    if interaction.message is not None:
        # The question is answered; where it cannot be taken away, its buttons say that it is closed.
        with contextlib.suppress(discord.HTTPException):
            await interaction.followup.delete_message(interaction.message.id)


async def drop(interaction: discord.Interaction, short_id: str) -> None:
    """Forget a proposal.

    Raises:
        UserError: it is none any more.
    """
    await interaction.response.defer()
    boards = boards_of(interaction.client)
    await boards.drop(await boards.find(short_id, actor_of(interaction)))
    await interaction.edit_original_response(
        content=texts_of(interaction)("board-dropped"), embeds=[], attachments=[], view=None
    )

"""Which buttons a board's message has: pure functions of the board."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.board import Board, BoardKind, BoardState
from bot.domain.board_moves import may_change, may_redo, may_skip
from bot.jobs.sheets import COMPARED
from cogs.boards.button import BoardButton, ClipButton
from cogs.boards.verbs import BoardVerb
from cogs.refining.views import round_buttons
from cogs.texts import Texts

Item = discord.ui.DynamicItem[Any]
IN_ROW = 5


def board_view(board: Board, texts: Texts) -> discord.ui.View | None:
    """Return the buttons of a started board, None where there is nothing left to press."""
    picks = _picks(board)
    buttons: list[Item] = []
    if board.kind is BoardKind.REFINEMENT:
        buttons += round_buttons(board, texts)
    if any(may_redo(board, clip) for clip in board.every_clip):
        buttons.append(BoardButton(BoardVerb.REDO, board.short_id, label=texts("button-redo")))
    if any(may_change(board, clip) for clip in board.clips):
        buttons.append(BoardButton(BoardVerb.CHANGE, board.short_id, label=texts("button-change")))
    if any(may_skip(board, clip) for clip in board.every_clip):
        buttons.append(BoardButton(BoardVerb.SKIP, board.short_id, label=texts("button-skip")))
    if board.state is BoardState.RUNNING:
        label = texts("button-stop-join" if board.joins else "button-stop")
        buttons.append(BoardButton(BoardVerb.STOP, board.short_id, label=label))
    if picks:
        for button in buttons:
            button.row = (picks[-1].row or 0) + 1
    return _view([*picks, *buttons]) if picks or buttons else None


def proposal_view(board: Board, texts: Texts, *more: Item) -> discord.ui.View:
    """Return the buttons of a proposal; `more` stand between start and cancel, menus above them."""
    start = BoardButton(
        BoardVerb.START, board.short_id, label=texts("button-start"), style=discord.ButtonStyle.success
    )
    drop = BoardButton(BoardVerb.DROP, board.short_id, label=texts("button-cancel"))
    menus = [item for item in more if item.width == IN_ROW]
    others = [item for item in more if item.width != IN_ROW]
    return _view([*menus, start, *others, drop])


def _picks(board: Board) -> list[Item]:
    """Return a button for each video of an ended board whose clips are there to choose from."""
    if board.kind not in COMPARED or board.state is not BoardState.DONE:
        return []
    in_row = 3 if len(board.done) > IN_ROW else IN_ROW
    return [
        ClipButton(
            BoardVerb.GO_ON,
            board.short_id,
            clip.position,
            label=str(clip.position),
            style=discord.ButtonStyle.primary,
            row=index // in_row,
        )
        for index, clip in enumerate(board.done)
    ]


def _view(buttons: Sequence[Item]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view

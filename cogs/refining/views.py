"""Which buttons a refinement's rounds have: pure functions of the board."""

import discord

from bot.domain.board import Board
from bot.domain.refinement import Loop, Revision, current, takes_ratings
from cogs.boards.button import BoardButton
from cogs.boards.verbs import BoardVerb
from cogs.refining.button import RoundButton, RoundVerb
from cogs.texts import Texts

PRIMARY = discord.ButtonStyle.primary
SECONDARY = discord.ButtonStyle.secondary


def round_buttons(board: Board, texts: Texts) -> list[RoundButton]:
    """Return the buttons of the round that waits: to rate it, and to go on once somebody has."""
    clip, loop = current(board), Loop.of(board)
    if clip is None:
        return []
    buttons, known = [], loop.verdicts.get(clip.position)
    if takes_ratings(board):
        buttons.append(
            RoundButton(
                RoundVerb.RATE,
                board.short_id,
                clip.position,
                label=texts("button-rate-round", round=str(clip.position)),
                style=PRIMARY if known is None else SECONDARY,
            )
        )
    if known is not None:
        label = texts("button-go-on")
        if loop.revision is not None:
            label = texts("button-next-round", round=str(clip.position + 1))
        buttons.append(
            RoundButton(RoundVerb.GO_ON, board.short_id, clip.position, label=label, style=PRIMARY)
        )
    return buttons


def words_view(board: Board, revision: Revision, texts: Texts) -> discord.ui.View:
    """Return the buttons under the words that wait for their author's press."""
    view = discord.ui.View(timeout=None)
    view.add_item(
        RoundButton(
            RoundVerb.RENDER,
            board.short_id,
            revision.number,
            label=texts("button-render-round", round=str(board.clips[-1].position + 1)),
            style=discord.ButtonStyle.success,
        )
    )
    view.add_item(
        RoundButton(RoundVerb.EDIT, board.short_id, revision.number, label=texts("button-edit-words"))
    )
    view.add_item(BoardButton(BoardVerb.STOP, board.short_id, label=texts("button-stop")))
    return view

"""What members press on boards whose clips are there to choose from: how many, and which to go on with."""

import discord

from bot.domain.board import Board, BoardId, BoardKind
from bot.jobs.comparing import COUNTS, Asking, Comparing
from cogs.accepting import job_locale
from cogs.answers import actor_of, say, texts_of, think
from cogs.boards.button import ClipButton
from cogs.boards.proposal import show_changed
from cogs.boards.text import clip_label
from cogs.boards.verbs import BoardVerb
from cogs.buttons.views import result_view
from cogs.services import services_of
from cogs.status import as_typed, jump_link
from cogs.texts import Texts


def comparing_of(client: discord.Client) -> Comparing:
    """Return the use cases of variations and styles."""
    comparing = services_of(client).comparing
    if comparing is None:
        raise TypeError("the client was built without comparing")
    return comparing


def asking_of(interaction: discord.Interaction) -> Asking:
    """Return who asks for a board, and by what."""
    return Asking(
        key=BoardId(str(interaction.id)), actor=actor_of(interaction), locale=job_locale(interaction)
    )


def count_buttons(board: Board, texts: Texts) -> list[ClipButton]:
    """Return the buttons of a proposal of variations: how many there shall be."""
    if board.kind is not BoardKind.VARIATIONS:
        return []
    return [
        ClipButton(
            BoardVerb.COUNT,
            board.short_id,
            count,
            label=texts("button-count", count=str(count)),
            style=discord.ButtonStyle.primary if chosen else discord.ButtonStyle.secondary,
            disabled=chosen,
        )
        for count in COUNTS
        for chosen in [count == len(board.clips)]
    ]


async def recount(interaction: discord.Interaction, short_id: str, count: int) -> None:
    """Put so many variations into the proposal.

    Raises:
        UserError: it is none any more.
    """
    await interaction.response.defer()
    board = await comparing_of(interaction.client).recount(short_id, count, actor_of(interaction))
    await show_changed(interaction, board, *count_buttons(board, texts_of(interaction)))


async def go_on(interaction: discord.Interaction, short_id: str, position: int) -> None:
    """Show the one who pressed what can be done with this video.

    Raises:
        UserError: it is not there, or is being made anew.
    """
    await think(interaction)
    board, job = await comparing_of(interaction.client).made(short_id, position, actor_of(interaction))
    texts, clip = texts_of(interaction), board.clip(position)
    label = clip_label(board, clip, texts) if clip is not None else None
    known = {"number": str(position), "about": as_typed(label or job.short_id), "id": job.short_id}
    if job.result is None:
        await say(interaction, texts("board-pick-deleted", **known))
        return
    text = texts("board-pick", **known, link=jump_link(job))
    await say(interaction, text, view=result_view(job, texts))

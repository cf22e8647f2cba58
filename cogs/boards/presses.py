"""What the buttons of a started board do."""

from collections.abc import Awaitable, Callable

import discord

from bot.domain.board import JOINED, Board, Clip, ClipState
from bot.domain.board_moves import may_change, may_redo, may_skip
from bot.domain.codes import Code
from bot.domain.errors import TooLate
from bot.domain.prompt import shorten
from cogs.answers import actor_of, say, texts_of, think
from cogs.boards.button import ClipMenu
from cogs.boards.proposal import boards_of
from cogs.boards.verbs import BoardVerb
from cogs.errors import answered
from cogs.texts import Texts

PROMPT_TYPED = 4000
"""What a text field of a modal takes (https://discord.com/developers/docs/components/reference)."""
OPTION_LABEL = 100

Allowed = Callable[[Board, Clip], bool]


async def redo(interaction: discord.Interaction, short_id: str) -> None:
    """Order a clip anew: the one that failed, else the one that is chosen."""
    await _failed_or_chosen(interaction, short_id, redo_clip, BoardVerb.REDO, may_redo, Code.NOTHING_TO_REDO)


async def redo_clip(interaction: discord.Interaction, short_id: str, position: int) -> None:
    """Order this clip anew."""
    await think(interaction)
    await boards_of(interaction.client).redo(short_id, position, actor_of(interaction))
    await say(interaction, _done("board-redo-done", position, texts_of(interaction)))


async def change(interaction: discord.Interaction, short_id: str) -> None:
    """Give a clip other words: the one that failed, else the one that is chosen."""
    await _failed_or_chosen(
        interaction, short_id, change_clip, BoardVerb.CHANGE, may_change, Code.NOTHING_TO_CHANGE
    )


async def change_clip(interaction: discord.Interaction, short_id: str, position: int) -> None:
    """Ask for the clip's new words."""
    board = await boards_of(interaction.client).find(short_id, actor_of(interaction))
    clip = board.clip(position)
    if clip is None:
        raise TooLate(code=Code.NOTHING_TO_CHANGE, id=board.short_id)
    await interaction.response.send_modal(WordsModal(board, clip, texts_of(interaction)))


async def skip(interaction: discord.Interaction, short_id: str) -> None:
    """Leave a clip out: the one that failed, else the one that is chosen."""
    await _failed_or_chosen(interaction, short_id, skip_clip, BoardVerb.SKIP, may_skip, Code.NOTHING_TO_SKIP)


async def skip_clip(interaction: discord.Interaction, short_id: str, position: int) -> None:
    """Leave this clip out."""
    await think(interaction)
    await boards_of(interaction.client).skip(short_id, position, actor_of(interaction))
    await say(interaction, _done("board-skip-done", position, texts_of(interaction)))


async def stop(interaction: discord.Interaction, short_id: str) -> None:
    """Order nothing more; what is done is joined."""
    await think(interaction)
    board = await boards_of(interaction.client).stop(short_id, actor_of(interaction))
    coming = [clip for clip in board.clips if clip.state is ClipState.RUNNING]
    joins = board.joins and len(board.done) + len(coming) > 1
    await say(interaction, texts_of(interaction)("board-stop-join" if joins else "board-stop-done"))


class WordsModal(discord.ui.Modal):
    """Asks for the new words of a clip."""

    def __init__(self, board: Board, clip: Clip, texts: Texts) -> None:
        super().__init__(title=texts("board-change-title", number=str(clip.position)))
        self._short_id = board.short_id
        self._position = clip.position
        self._words: discord.ui.TextInput[WordsModal] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, default=clip.plan.prompt, max_length=PROMPT_TYPED
        )
        costs = clip.state is not ClipState.PLANNED
        hint = texts("board-change-costs") if costs else None
        label = discord.ui.Label(text=texts("board-change-label"), description=hint, component=self._words)
        self.add_item(label)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Put them in the place of the old ones."""
        await answered(interaction, self._change(interaction))

    async def _change(self, interaction: discord.Interaction) -> None:
        await think(interaction)
        boards, words = boards_of(interaction.client), self._words.value
        await boards.redo(self._short_id, self._position, actor_of(interaction), words)
        await say(interaction, _done("board-change-done", self._position, texts_of(interaction)))


async def _failed_or_chosen(
    interaction: discord.Interaction,
    short_id: str,
    act: Callable[[discord.Interaction, str, int], Awaitable[None]],
    verb: BoardVerb,
    allowed: Allowed,
    nothing: Code,
) -> None:
    board = await boards_of(interaction.client).find(short_id, actor_of(interaction))
    failed = [clip for clip in board.failed if allowed(board, clip)]
    if len(failed) == 1:
        await act(interaction, short_id, failed[0].position)
        return
    await _choose(interaction, board, verb, allowed, nothing)


async def _choose(
    interaction: discord.Interaction, board: Board, verb: BoardVerb, allowed: Allowed, nothing: Code
) -> None:
    texts = texts_of(interaction)
    clips = [clip for clip in board.every_clip if allowed(board, clip)]
    if not clips:
        raise TooLate(code=nothing, id=board.short_id)
    options = {clip.position: shorten(_label(clip, texts), OPTION_LABEL) for clip in clips}
    view = discord.ui.View(timeout=None)
    view.add_item(ClipMenu(verb, board.short_id, options=options))
    await say(interaction, texts(f"board-which-{verb}"), view=view)


def _label(clip: Clip, texts: Texts) -> str:
    if clip.position == JOINED:
        return texts("board-joined-about")
    return f"{clip.position} · {clip.plan.label or clip.plan.prompt}"


def _done(key: str, position: int, texts: Texts) -> str:
    return texts(key, number=position, joined="yes" if position == JOINED else "no")

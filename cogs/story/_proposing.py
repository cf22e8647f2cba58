"""A proposed story: shown to its author alone, and changed in place until it is started."""

from collections.abc import Callable

import discord

from bot.domain.board import Board, BoardState
from bot.domain.capabilities import Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.prompts.story import MOST_SCENES
from bot.jobs.models import address
from bot.jobs.sketch import Sketch
from bot.jobs.stories import refused_scene, written
from bot.ports_prompt import WrittenScenes
from cogs.answers import actor_of, say, texts_of
from cogs.boards.button import BoardButton
from cogs.boards.proposal import boards_of, keep_proposal
from cogs.boards.verbs import BoardVerb
from cogs.boards.views import proposal_view
from cogs.services import services_of
from cogs.story._forms import SCENES_TYPED
from cogs.story._typed import say_with_typed
from cogs.story._words import story_text
from cogs.texts import Texts

SHORTEST = 40
"""With less room in the form than so many characters no further scene is offered."""

Change = Callable[[Board], Sketch]


async def propose_story(
    interaction: discord.Interaction,
    sketch: Sketch,
    *,
    typed: str = "",
    split: WrittenScenes | None = None,
) -> None:
    """Keep the story and show it; a scene that cannot be made is named, and what was typed given back.

    Raises:
        UserError: refused; nothing is kept.
    """
    if await _refused(interaction, sketch, typed):
        return
    board = await keep_proposal(interaction, sketch)
    await say(interaction, _text(interaction, board, split), view=_view(interaction, board))


async def revise_story(
    interaction: discord.Interaction, short_id: str, change: Change, *, typed: str = ""
) -> None:
    """Change a proposed story where it stands.

    Raises:
        UserError: refused, or it is no proposal any more; it stays as it was.
    """
    await interaction.response.defer()
    board = await proposed(interaction, short_id)
    sketch = change(board)
    if await _refused(interaction, sketch, typed):
        return
    board = await boards_of(interaction.client).revise(board, sketch)
    await interaction.edit_original_response(
        content=_text(interaction, board), view=_view(interaction, board)
    )


async def proposed(interaction: discord.Interaction, short_id: str) -> Board:
    """Return a story that has not been started.

    Raises:
        BoardNotFound: it was dropped, or is somebody else's.
        InvalidRequest: it was started.
    """
    board = await boards_of(interaction.client).find(short_id, actor_of(interaction))
    if board.state is not BoardState.PROPOSED:
        raise InvalidRequest(code=Code.DRAFT_GONE)
    return board


def room_for_more(board: Board) -> int:
    """Return how many characters another scene may have, 0 where there is room for none."""
    room = SCENES_TYPED - len(written(board)) - len("\n600s ")
    return room if len(board.clips) < MOST_SCENES and room >= SHORTEST else 0


async def _refused(interaction: discord.Interaction, sketch: Sketch, typed: str) -> bool:
    refusal = refused_scene(services_of(interaction.client).videos.models, sketch)
    if refusal is None:
        return False
    number, error = refusal
    texts = texts_of(interaction)
    sentence = texts("story-scene-refused", scene=number, reason=texts.of(error))
    if typed:
        await say_with_typed(interaction, sentence, typed)
    else:
        await say(interaction, sentence)
    return True


def _text(interaction: discord.Interaction, board: Board, split: WrittenScenes | None = None) -> str:
    model = services_of(interaction.client).videos.models.find(address(board.provider, board.model))
    quote = boards_of(interaction.client).quote(board)
    return story_text(board, quote, model, texts_of(interaction), split=split)


def _view(interaction: discord.Interaction, board: Board) -> discord.ui.View:
    texts = texts_of(interaction)
    model = services_of(interaction.client).videos.models.find(address(board.provider, board.model))
    follows = model is None or model.known(Option.PICTURE).support is not Support.NO
    return proposal_view(board, texts, *_buttons(board, texts, follows=follows or board.chained))


def _buttons(board: Board, texts: Texts, *, follows: bool) -> list[BoardButton]:
    """Return the story's own buttons; `follows` says that the model can go on from a picture."""
    board_id = board.short_id
    buttons = [BoardButton(BoardVerb.EDIT_STORY, board_id, label=texts("button-edit"))]
    if room_for_more(board):
        buttons.append(BoardButton(BoardVerb.ADD_SCENE, board_id, label=texts("button-add-scene")))
    if board.joins and follows:
        label = texts("button-chain", on="yes" if board.chained else "no")
        buttons.append(BoardButton(BoardVerb.CHAIN, board_id, label=label, row=1))
    if board.joins:
        label = texts("button-fade", on="yes" if board.fade else "no")
        buttons.append(BoardButton(BoardVerb.FADE, board_id, label=label, row=1))
    return buttons

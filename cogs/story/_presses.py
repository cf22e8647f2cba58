"""What the buttons of a proposed story do."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.domain.board import Board
from bot.domain.capabilities import Capabilities
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.prompts.story import Scene
from bot.jobs.models import address
from bot.jobs.sketch import Sketch, sketch_of
from bot.jobs.stories import with_one_more, with_scenes, written
from cogs.answers import texts_of
from cogs.services import services_of
from cogs.story._forms import SceneForm, StoryForm
from cogs.story._proposing import proposed, revise_story, room_for_more


async def edit(interaction: discord.Interaction, short_id: str) -> None:
    """Show all scenes and the title for editing."""
    board = await proposed(interaction, short_id)

    async def take(sent: discord.Interaction, scenes: Sequence[Scene], title: str | None, typed: str) -> None:
        def change(now: Board) -> Sketch:
            return replace(with_scenes(sketch_of(now), scenes, _model(sent, now)), title=title)

        await revise_story(sent, short_id, change, typed=typed)

    form = StoryForm(texts_of(interaction), take, scenes=written(board), title=board.title)
    await interaction.response.send_modal(form)


async def add_scene(interaction: discord.Interaction, short_id: str) -> None:
    """Ask for one more scene."""
    board = await proposed(interaction, short_id)
    room = room_for_more(board)
    if not room:
        raise InvalidRequest(code=Code.DRAFT_GONE)

    async def take(sent: discord.Interaction, scene: Scene, typed: str) -> None:
        await revise_story(
            sent, short_id, lambda now: with_one_more(now, scene, _model(sent, now)), typed=typed
        )

    number = len(board.clips) + 1
    await interaction.response.send_modal(SceneForm(texts_of(interaction), take, number=number, room=room))


async def chain(interaction: discord.Interaction, short_id: str) -> None:
    """Let each scene go on where the one before ends, or begin anew."""
    await revise_story(interaction, short_id, lambda now: replace(sketch_of(now), chained=not now.chained))


async def fade(interaction: discord.Interaction, short_id: str) -> None:
    """Let the scenes cut, or fade into each other."""
    await revise_story(interaction, short_id, lambda now: replace(sketch_of(now), fade=not now.fade))


def _model(interaction: discord.Interaction, board: Board) -> Capabilities:
    models = services_of(interaction.client).videos.models
    return models.choose(address(board.provider, board.model))[1]

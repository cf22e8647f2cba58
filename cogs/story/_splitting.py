"""An idea in scenes, short enough to be edited in one form."""

import asyncio
from dataclasses import replace

import discord

from bot.domain.prompt import clean_prompt, shorten
from bot.domain.prompts.split import split_scenes
from bot.domain.prompts.story import without_bullet
from bot.ports_prompt import WrittenScenes
from cogs.services import services_of
from cogs.story._forms import SCENES_TYPED

LENGTH_MARK = 10
"""Characters that a scene's length and its line break take in the form."""


async def split_idea(interaction: discord.Interaction, idea: str, count: int) -> WrittenScenes:
    """Return the idea in so many scenes, and who split it."""
    prompts = services_of(interaction.client).prompts
    if prompts is not None:
        split = await prompts.rewriter.split(idea, count)
    else:
        split = WrittenScenes(scenes=await asyncio.to_thread(split_scenes, idea, count), offline=True)
    room = SCENES_TYPED // count - LENGTH_MARK
    return replace(split, scenes=tuple(_tidy(scene, room) for scene in split.scenes))


def _tidy(scene: str, room: int) -> str:
    text = clean_prompt(scene)
    return shorten(without_bullet(text) or text, room)

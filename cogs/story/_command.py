"""`/story`: its options; without an idea the scenes are asked for, with one it is split into scenes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.domain.board import BoardKind
from bot.domain.capabilities import Capabilities, Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.prompt import clean_prompt, visible_length
from bot.domain.prompts.story import MOST_SCENES, Scene
from bot.jobs.models import address
from bot.jobs.sketch import Sketch
from bot.jobs.stories import with_scenes
from cogs.answers import texts_of, think
from cogs.buttons.making import check_may_make
from cogs.services import Services
from cogs.story._forms import TITLE_LIMIT, StoryForm
from cogs.story._proposing import propose_story
from cogs.story._splitting import split_idea
from cogs.video._choices import meant_size, model_choices, size_choices
from cogs.video._fields import VideoFields
from cogs.video._form import Field, build_command

USUAL_SCENES = 4
SCENES = app_commands.Range[int, 1, MOST_SCENES]
TITLE = app_commands.Range[str, 1, TITLE_LIMIT]


class StoryCommand:
    """`/story` with its suggestions."""

    def __init__(self, services: Services) -> None:
        self._models = services.videos.models
        self._fields = VideoFields(services)

    def build(self) -> app_commands.Command[Any, ..., None]:
        """Return the command."""
        fields = [
            Field(name="idea", kind=str, text="option-story-idea"),
            Field(name="scenes", kind=SCENES, text="option-story-scenes"),
            Field(name="chained", kind=bool, text="option-story-chained"),
            Field(name="fade", kind=bool, text="option-story-fade"),
            Field(name="title", kind=TITLE, text="option-story-title"),
            Field(name="model", kind=str, text="option-video-model", suggest=self._suggest_model),
            Field(name="size", kind=str, text="option-story-size", suggest=self._suggest_size),
        ]
        return build_command("story", "command-story", fields, self._run)

    async def _run(self, interaction: discord.Interaction, given: Mapping[str, Any]) -> None:
        check_may_make(interaction)
        empty, model = self._wish(interaction, given)
        if given.get("idea") is None:
            await _ask_for_scenes(interaction, empty, model)
            return
        idea = clean_prompt(given["idea"])
        if not visible_length(idea):
            raise InvalidRequest(code=Code.PROMPT_EMPTY)
        await think(interaction)
        split = await split_idea(interaction, idea, given.get("scenes") or USUAL_SCENES)
        scenes = [Scene(prompt=prompt) for prompt in split.scenes]
        await propose_story(interaction, with_scenes(empty, scenes, model), split=split)

    def _wish(
        self, interaction: discord.Interaction, given: Mapping[str, Any]
    ) -> tuple[Sketch, Capabilities]:
        """Return the story without its scenes, and the model that makes it.

        Raises:
            InvalidRequest: an option is wrong, before anybody types scenes in vain.
        """
        provider, model = self._models.choose(given.get("model"))
        chained, size = bool(given.get("chained")), given.get("size")
        if chained and model.known(Option.PICTURE).support is Support.NO:
            name = model.shown_as or "-"
            raise InvalidRequest(code=Code.OPTION_UNSUPPORTED, option=Option.PICTURE.value, model=name)
        if size is not None:
            size = meant_size(self._models, given.get("model"), size, texts_of(interaction))
        sketch = Sketch(
            kind=BoardKind.STORY,
            clips=(),
            model=address(provider.name, model.model),
            size=str(model.choose_size(size)),
            title=clean_prompt(given.get("title") or "") or None,
            chained=chained,
            fade=bool(given.get("fade")),
        )
        return sketch, model

    async def _suggest_model(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        known = await self._fields.standings(interaction)
        return model_choices(self._models, typed, texts_of(interaction), known)

    async def _suggest_size(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return size_choices(self._models, interaction.namespace.model, typed, texts_of(interaction))


async def _ask_for_scenes(interaction: discord.Interaction, empty: Sketch, model: Capabilities) -> None:
    async def take(sent: discord.Interaction, scenes: Sequence[Scene], title: str | None, typed: str) -> None:
        check_may_make(sent)
        await think(sent)
        await propose_story(sent, replace(with_scenes(empty, scenes, model), title=title), typed=typed)

    await interaction.response.send_modal(StoryForm(texts_of(interaction), take, title=empty.title))

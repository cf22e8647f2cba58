"""The forms of a story: all its scenes, and one more. They are forgotten when the bot restarts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord

from bot.domain.errors import InvalidRequest
from bot.domain.prompt import clean_prompt
from bot.domain.prompts.story import MOST_SCENES, Scene, read_scenes
from cogs.answers import texts_of
from cogs.errors import answered
from cogs.story._typed import say_with_typed
from cogs.texts import Texts

SCENES_TYPED = 4000
"""What a text field of a modal takes (https://discord.com/developers/docs/components/reference)."""
TITLE_LIMIT = 100

TakeStory = Callable[[discord.Interaction, Sequence[Scene], str | None, str], Awaitable[None]]
"""Gets the scenes, the title, and what was typed in case it is refused."""
TakeScene = Callable[[discord.Interaction, Scene, str], Awaitable[None]]


class StoryForm(discord.ui.Modal):
    """Asks for all scenes and the title, with those that there are already."""

    def __init__(self, texts: Texts, take: TakeStory, *, scenes: str = "", title: str | None = None) -> None:
        super().__init__(title=texts("story-form-title"))
        self._take = take
        self._scenes: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            placeholder=texts("story-form-example"),
            default=scenes or None,
            max_length=SCENES_TYPED,
        )
        self._title: discord.ui.TextInput[Any] = discord.ui.TextInput(
            default=title, required=False, max_length=TITLE_LIMIT
        )
        hint = texts("story-form-scenes-hint", most=MOST_SCENES)
        self.add_item(
            discord.ui.Label(text=texts("story-form-scenes"), description=hint, component=self._scenes)
        )
        hint = texts("story-form-name-hint")
        self.add_item(
            discord.ui.Label(text=texts("story-form-name"), description=hint, component=self._title)
        )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Read the scenes and hand them on."""
        await answered(interaction, self._read(interaction))

    async def _read(self, interaction: discord.Interaction) -> None:
        typed = self._scenes.value
        try:
            scenes = read_scenes(typed)
        except InvalidRequest as error:
            await say_with_typed(interaction, texts_of(interaction).of(error), typed)
        else:
            await self._take(interaction, scenes, clean_prompt(self._title.value) or None, typed)


class SceneForm(discord.ui.Modal):
    """Asks for one more scene, of at most `room` characters."""

    def __init__(self, texts: Texts, take: TakeScene, *, number: int, room: int) -> None:
        super().__init__(title=texts("story-scene-title", number=str(number)))
        self._take = take
        self._scene: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=room
        )
        label, hint = texts("story-scene-label"), texts("story-scene-hint")
        self.add_item(discord.ui.Label(text=label, description=hint, component=self._scene))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Read the scene and hand it on."""
        await answered(interaction, self._read(interaction))

    async def _read(self, interaction: discord.Interaction) -> None:
        typed = self._scene.value
        try:
            [scene] = read_scenes(" ".join(typed.split()))
        except InvalidRequest as error:
            await say_with_typed(interaction, texts_of(interaction).of(error), typed)
        else:
            await self._take(interaction, scene, typed)

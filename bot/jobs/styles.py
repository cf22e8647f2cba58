"""The looks that members may choose from: the built-in ones and a server's own."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from bot.domain.capabilities import NEGATIVE_LIMIT, Capabilities, Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.prompt import clean_prompt, visible_length
from bot.domain.prompts.styles import StylePreset, presets, styled
from bot.jobs.models import Models, Options

OWN_STYLES = 25
"""Of one server: as many as a menu holds."""
NAME_LIMIT = 32
TEXT_LIMIT = 500
"""Of a look's text, and of what is not to be seen in it."""


class StyleStore(Protocol):
    """The looks of servers; all methods raise `DatabaseUnavailable` when it fails."""

    async def own(self, guild_id: int) -> list[StylePreset]:
        """Return the server's looks by name."""

    async def put(self, guild_id: int, preset: StylePreset, *, limit: int) -> bool:
        """Keep a look, in the place of one of the same name; False where there are `limit` others."""

    async def remove(self, guild_id: int, name: str) -> bool:
        """Forget a look; say whether there was one."""


class Styles:
    """The use cases of looks."""

    def __init__(self, *, store: StyleStore, models: Models) -> None:
        self._store = store
        self._models = models

    async def own(self, guild_id: int) -> list[StylePreset]:
        """Return the looks that a server has added."""
        return await self._store.own(guild_id)

    async def offered(self, guild_id: int | None) -> Mapping[str, StylePreset]:
        """Return what may be chosen there by name, the server's own first."""
        own = [] if guild_id is None else await self._store.own(guild_id)
        return {preset.name: preset for preset in (*own, *presets().values())}

    async def find(self, typed: str, *, guild_id: int | None) -> StylePreset:
        """Return the look of this name.

        Raises:
            InvalidRequest: there is none here.
        """
        found = (await self.offered(guild_id)).get(clean_name(typed))
        if found is None:
            raise InvalidRequest(code=Code.STYLE_UNKNOWN, style=typed.strip()[:NAME_LIMIT])
        return found

    async def dress(self, options: Options, typed: str, *, guild_id: int | None) -> Options:
        """Ask for the same in the look of this name.

        Raises:
            InvalidRequest: there is no such look here, no such model, or no prompt.
        """
        preset = await self.find(typed, guild_id=guild_id)
        return dressed(options, preset, self._models.choose(options.model)[1])

    async def add(self, guild_id: int, name: str, prompt: str, negative: str) -> StylePreset:
        """Keep a look for a server, in the place of one of the same name.

        Raises:
            InvalidRequest: the name is empty, too long or a built-in look's, the text empty or too long, or
                the server has as many as it may.
        """
        preset = StylePreset(
            name=clean_name(name), prompt=clean_prompt(prompt), negative=clean_prompt(negative)
        )
        if not 1 <= len(preset.name) <= NAME_LIMIT:
            raise InvalidRequest(code=Code.STYLE_NAME, limit=NAME_LIMIT)
        if preset.name in presets():
            raise InvalidRequest(code=Code.STYLE_TAKEN, style=preset.name)
        if not visible_length(preset.prompt) or max(len(preset.prompt), len(preset.negative)) > TEXT_LIMIT:
            raise InvalidRequest(code=Code.STYLE_TEXT, limit=TEXT_LIMIT)
        if not await self._store.put(guild_id, preset, limit=OWN_STYLES):
            raise InvalidRequest(code=Code.STYLES_FULL, limit=OWN_STYLES)
        return preset

    async def remove(self, guild_id: int, typed: str) -> str:
        """Forget a server's look and return its name.

        Raises:
            InvalidRequest: the server has none of this name.
        """
        name = clean_name(typed)
        if not await self._store.remove(guild_id, name):
            raise InvalidRequest(code=Code.STYLE_UNKNOWN, style=typed.strip()[:NAME_LIMIT])
        return name


def clean_name(typed: str) -> str:
    """Return the name as it is kept: small letters and digits of any script, joined by hyphens."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    return "-".join("".join(char if _stays(char) else " " for char in folded).split())


def dressed(options: Options, preset: StylePreset, model: Capabilities) -> Options:
    """Ask for the same in this look; what it must not slip into goes along where the model takes that.

    Raises:
        InvalidRequest: there is no prompt beside the look.
    """
    if not visible_length(clean_prompt(options.prompt)):
        raise InvalidRequest(code=Code.PROMPT_EMPTY)
    prompt, avoided = styled(options.prompt, preset)
    negative = options.negative
    if avoided is not None and model.known(Option.NEGATIVE).support is Support.YES:
        both = f"{negative.strip()}, {avoided}" if negative and negative.strip() else avoided
        negative = both if len(both) <= NEGATIVE_LIMIT else negative
    typed = options.typed or clean_prompt(options.prompt)
    return replace(options, prompt=prompt, negative=negative, style=preset.name, typed=typed)


def _stays(char: str) -> bool:
    return unicodedata.category(char)[0] in {"L", "N", "M"}

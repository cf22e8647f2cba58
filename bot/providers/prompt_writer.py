"""Who writes prompts here: the configured language model, and the built-in rules where it fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.domain.codes import Code
from bot.domain.prompts.enhance import enhance
from bot.domain.prompts.lexicon import lexicon
from bot.domain.prompts.refine import Criterion, revise
from bot.domain.prompts.split import split_scenes
from bot.domain.prompts.story import MOST_SCENES
from bot.ports_prompt import PromptApiError, PromptWriter, Written, WrittenScenes
from bot.providers.base_url import BaseUrl
from bot.providers.http import ProviderHttp
from bot.providers.prompt_api import TIME_LIMIT, PromptApi
from bot.providers.prompt_instructions import texts
from bot.providers.time_limits import TimeLimits

log = logging.getLogger(__name__)

_T = TypeVar("_T")


class SteadyWriter:
    """A `bot.ports_prompt.Rewriter` that always has an answer: it asks the language model first.

    Also a `ThemeFinder`, for which nothing stands in here.
    """

    def __init__(self, api: PromptApi | None = None) -> None:
        self._api = api

    async def aclose(self) -> None:
        """Close every connection."""
        if self._api is not None:
            await self._api.aclose()

    @property
    def offline(self) -> bool:
        """Whether no language model is set."""
        return self._api is None

    async def enhance(self, text: str) -> Written:
        """Return the prompt with what it lacks."""
        if not text.strip():
            return Written(text="", offline=True)
        written, why = await self._asked(lambda api: api.enhance(text))
        if written is not None:
            return Written(text=written, offline=False)
        return Written(text=await asyncio.to_thread(enhance, text), offline=True, why=why)

    async def split(self, idea: str, count: int) -> WrittenScenes:
        """Return exactly `count` scene prompts; ValueError for an empty idea or a count not 1 to 10."""
        if not idea.strip() or not 1 <= count <= MOST_SCENES:
            raise ValueError("an idea and 1 to 10 scenes are needed")
        scenes, why = await self._asked(lambda api: api.split(idea, count))
        if scenes is not None:
            return WrittenScenes(scenes=scenes, offline=False)
        return WrittenScenes(scenes=await asyncio.to_thread(split_scenes, idea, count), offline=True, why=why)

    async def revise(self, prompt: str, weak: Sequence[Criterion], comment: str = "") -> Written:
        """Return the prompt changed for the weak criteria; the rules read no comment."""
        if not prompt.strip() or not (weak or comment.strip()):
            return Written(text=prompt.strip(), offline=True)
        written, why = await self._asked(lambda api: api.revise(prompt, weak, comment))
        if written is not None:
            return Written(text=written, offline=False)
        return Written(text=await asyncio.to_thread(revise, prompt, weak), offline=True, why=why)

    async def themes(self, remarks: Sequence[str], most: int) -> tuple[str, ...] | None:
        """Name what the remarks say most often; None without a language model, or where it fails."""
        if self._api is None:
            return None
        try:
            return await self._api.themes(remarks, most)
        except PromptApiError as error:
            log.warning("no themes from the language model: %s", error)
            return None

    async def _asked(self, ask: Callable[[PromptWriter], Awaitable[_T]]) -> tuple[_T | None, Code | None]:
        """Return the model's answer, or why there is none."""
        if self._api is None:
            return None, None
        try:
            return await ask(self._api), None
        except PromptApiError as error:
            log.warning("the built-in rules write instead of the language model: %s", error)
            return None, error.code


def build_writer(
    *, base_url: str | None, key: str | None, model: str | None, time_limit: float = TIME_LIMIT
) -> SteadyWriter:
    """Build the writer from the settings PROMPT_API_BASE_URL, PROMPT_API_KEY and PROMPT_API_MODEL.

    Without an address the rules alone write, and a key is not used. Reads every rule and text now, so that
    nothing blocks later: for a thread, not for the event loop.

    Raises:
        ConfigError: the address is none; names the setting.
    """
    lexicon()
    if base_url is None:
        return SteadyWriter()
    texts()
    http = ProviderHttp(
        BaseUrl.parse(base_url, setting="PROMPT_API_BASE_URL"),
        name="the prompt API",
        credentials={"Authorization": f"Bearer {key}"} if key else {},
        limits=TimeLimits(connect=min(5.0, time_limit), order_read=time_limit, order=time_limit),
    )
    return SteadyWriter(PromptApi(http, model=model, secrets=(key,) if key else (), time_limit=time_limit))

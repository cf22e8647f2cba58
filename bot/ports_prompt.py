"""The seam to whoever writes prompts: a language model, or the rules of `bot.domain.prompts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.codes import Code
from bot.domain.errors import BotError
from bot.domain.prompts.refine import Criterion


class PromptApiError(BotError):
    """The language model gave no prompt; `code` says why, the text is for the log."""

    code = Code.PROMPT_API_FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A prompt, and whether the built-in rules wrote it; `why` says what failed where a model was asked."""

    text: str
    offline: bool
    why: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenScenes:
    """An idea in scenes, and who split it; as in `Written`."""

    scenes: tuple[str, ...]
    offline: bool
    why: Code | None = None


class PromptWriter(Protocol):
    """A language model. Every method may raise `PromptApiError`; the offline rules can then stand in."""

    async def enhance(self, text: str) -> str:
        """Return the prompt with what it lacks, in its own language."""

    async def split(self, idea: str, count: int) -> tuple[str, ...]:
        """Return exactly `count` scene prompts that tell the idea."""

    async def revise(self, prompt: str, weak: Sequence[Criterion], comment: str = "") -> str:
        """Return the prompt changed for the criteria that were rated low, and for what the author said."""


class Rewriter(Protocol):
    """What commands use: it always answers, and says who wrote it."""

    async def enhance(self, text: str) -> Written:
        """Return the prompt with what it lacks."""

    async def split(self, idea: str, count: int) -> WrittenScenes:
        """Return exactly `count` scene prompts; ValueError for an empty idea or a count not 1 to 10."""

    async def revise(self, prompt: str, weak: Sequence[Criterion], comment: str = "") -> Written:
        """Return the prompt changed for the weak criteria; the rules read no comment.

        With nothing weak and no comment it comes back as it is.
        """


class ThemeFinder(Protocol):
    """Reads what people wrote about videos."""

    async def themes(self, remarks: Sequence[str], most: int) -> tuple[str, ...] | None:
        """Name what is said most often, in a few words each; None without a model, or where it fails."""

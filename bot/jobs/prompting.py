"""Better words before anything is paid, and hints that never stand in the way."""

import asyncio
from dataclasses import dataclass
from functools import partial

from bot.domain.codes import Code
from bot.domain.draft import Draft
from bot.domain.errors import InvalidRequest
from bot.domain.job import JobId
from bot.domain.prompt import clean_prompt
from bot.domain.prompts.check import NoteKind, PromptNote, check_prompt
from bot.jobs.drafts import Drafts
from bot.jobs.models import Options
from bot.ports import Clock
from bot.ports_prompt import Rewriter, Written

QUIET = 3_600_000
"""For so many milliseconds a member is not told the same kind of hint again."""
MOST_HINTS = 2
REMEMBERED = 10_000
"""Hints that were given; past it the old ones are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A kept request whose author chooses between two texts.

    `written` says who wrote the draft's enhanced text; None after its author changed it. Without an enhanced
    text there was nothing to add, or it was `too_long` for the model. `asks_fit` says that a picture fits
    badly, so that the choice of the words is not the last one.
    """

    draft: Draft
    notes: tuple[PromptNote, ...]
    written: Written | None = None
    too_long: bool = False
    asks_fit: bool = False


class Prompting:
    """Enhances and checks prompts. What hints were given is remembered in memory alone."""

    def __init__(self, *, rewriter: Rewriter, drafts: Drafts, clock: Clock) -> None:
        self.rewriter = rewriter
        self._drafts = drafts
        self._clock = clock
        self._told: dict[tuple[int, NoteKind], int] = {}

    async def propose(
        self,
        options: Options,
        *,
        key: JobId,
        user_id: int,
        picture: bytes | None = None,
        last_picture: bytes | None = None,
    ) -> Proposal:
        """Enhance the prompt and keep the request until its author has chosen. Takes as long as the writer.

        Raises:
            UserError: the request cannot be taken at all.
        """
        written = await self.rewriter.enhance(options.prompt)
        better = clean_prompt(written.text)
        enhanced = better if better and better != clean_prompt(options.prompt) else None
        keep = partial(
            self._drafts.keep,
            options,
            key=key,
            user_id=user_id,
            picture=picture,
            last_picture=last_picture,
        )
        too_long = False
        try:
            draft = await keep(enhanced=enhanced)
        except InvalidRequest as error:
            if error.code is not Code.PROMPT_TOO_LONG or enhanced is None:
                raise
            too_long = True
            draft = await keep()
        return Proposal(
            draft=draft,
            notes=await self._noted(draft),
            written=written,
            too_long=too_long,
            asks_fit=await self._drafts.fits_badly(draft.request.size, picture, last_picture),
        )

    async def reword(self, draft_id: JobId, text: str, *, user_id: int, asks_fit: bool) -> Proposal:
        """Put the author's text in the place of the enhanced one.

        Raises:
            InvalidRequest: it cannot be taken, or the draft is gone.
        """
        draft = await self._drafts.reword(draft_id, text, user_id=user_id)
        return Proposal(draft=draft, notes=await self._noted(draft), asks_fit=asks_fit)

    async def check(self, text: str, *, picture: bool = False) -> tuple[PromptNote, ...]:
        """Return all that may go wrong with a prompt."""
        return await asyncio.to_thread(check_prompt, text, picture=picture)

    async def hints(self, text: str, *, picture: bool, user_id: int) -> tuple[PromptNote, ...]:
        """Return the gravest of what the member was not told within the last hour; two at most."""
        since = self._clock.now() - QUIET
        notes = await self.check(text, picture=picture)
        new = [note for note in notes if self._told.get((user_id, note.kind), since) <= since][:MOST_HINTS]
        self._remember(user_id, new)
        return tuple(new)

    async def _noted(self, draft: Draft) -> tuple[PromptNote, ...]:
        request = draft.request_enhanced
        notes = await self.check(request.prompt, picture=request.picture is not None)
        self._remember(draft.user_id, notes)
        return notes

    def _remember(self, user_id: int, notes: tuple[PromptNote, ...] | list[PromptNote]) -> None:
        now = self._clock.now()
        if len(self._told) > REMEMBERED:
            self._told = {key: at for key, at in self._told.items() if at > now - QUIET}
        self._told |= {(user_id, note.kind): now for note in notes}

"""The question how a picture shall fit: three small pictures, and a button for each."""

import contextlib
import io
import re
from typing import Any, Self

import discord

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.fit import Fit
from bot.domain.job import JobId
from bot.jobs.drafts import Drafts, Offer
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import say, texts_of
from cogs.errors import answered
from cogs.places import check_place
from cogs.prompt_notes import hint
from cogs.services import services_of
from cogs.texts import Texts
from cogs.video._choices import shown_size

DRAFT_ID = r"reelbot-draft:(?P<verb>[a-z-]{1,40}):(?P<draft>[0-9]{1,25})"
DROP = "drop"
ANEW = "anew"


class DraftButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=DRAFT_ID):
    """A button `reelbot-draft:<fit>:<draft id>`: the draft is in the database, so it outlives restarts."""

    def __init__(self, verb: str, draft_id: str, *, label: str | None = None) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"reelbot-draft:{verb}:{draft_id}"))
        self._verb = verb
        self._draft_id = JobId(draft_id)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["verb"], JobId(match["draft"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Order the video with its picture fitted so, or forget it."""
        await answered(interaction, decide(interaction, self._verb, self._draft_id))


async def show_offer(interaction: discord.Interaction, offer: Offer) -> None:
    """Show the member alone what each way of fitting makes of the picture."""
    texts, draft = texts_of(interaction), offer.draft
    view, pictures = discord.ui.View(timeout=None), {}
    for number, (fit, data) in enumerate(offer.previews.items(), 1):
        label = texts("button-fit", number=str(number), fit=fit.value)
        view.add_item(DraftButton(fit.value, draft.id, label=label))
        alt_text = texts("fit", fit=fit.value)
        pictures[label] = discord.File(io.BytesIO(data), f"{number}-{fit}.jpg", description=alt_text)
    view.add_item(DraftButton(DROP, draft.id, label=texts("button-cancel")))
    question = texts("draft-ask", size=shown_size(draft.request.size, texts))
    await say(interaction, question, view=view, pictures=pictures)


async def decide(interaction: discord.Interaction, verb: str, draft_id: JobId) -> None:
    """Do what the button says.

    Raises:
        UserError: the draft is gone, or the video is refused.
    """
    drafts, texts = services_of(interaction.client).drafts, texts_of(interaction)
    if drafts is None or verb not in {*Fit, DROP, ANEW}:
        raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
    if verb == DROP:
        await _drop(interaction, drafts, draft_id, texts)
        return
    check_place(interaction, texts)
    message_id = await defer_publicly(interaction)
    job = await drafts.accept(
        draft_id,
        Fit.CROP if verb == ANEW else Fit(verb),
        user_id=interaction.user.id,
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
    )
    await show_accepted(interaction, job)
    if interaction.message is not None:
        # The question is answered; where it cannot be taken away, its buttons say that it is closed.
        with contextlib.suppress(discord.HTTPException):
            await interaction.followup.delete_message(interaction.message.id)
    await hint(interaction, job.request.prompt, picture=job.request.picture is not None)


async def _drop(interaction: discord.Interaction, drafts: Drafts, draft_id: JobId, texts: Texts) -> None:
    await interaction.response.defer()
    await drafts.drop(draft_id, user_id=interaction.user.id)
    await interaction.edit_original_response(
        content=texts("draft-dropped"), embeds=[], attachments=[], view=None
    )

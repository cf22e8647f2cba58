"""What the dialog's buttons do. Nothing is ordered before one of them is pressed."""

import contextlib

import discord

from bot.domain.codes import Code
from bot.domain.draft import Draft
from bot.domain.errors import InvalidRequest
from bot.domain.fit import Fit
from bot.domain.job import JobId
from bot.jobs.drafts import Drafts
from bot.jobs.prompting import Prompting
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import texts_of, think
from cogs.enhance.dialog import dialog_of
from cogs.errors import answered
from cogs.places import check_place
from cogs.services import services_of
from cogs.texts import Texts
from cogs.video._asking import shown_earlier
from cogs.video._draft import show_offer

PROMPT_TYPED = 4000
"""What a text field of a modal takes (https://discord.com/developers/docs/components/reference)."""


async def order(interaction: discord.Interaction, draft_id: JobId, *, enhanced: bool, asks_fit: bool) -> None:
    """Order the video with the enhanced words or the author's own, or go on with the picture's question.

    Raises:
        UserError: the draft is gone, or the video is refused.
    """
    check_place(interaction, texts_of(interaction))
    if asks_fit:
        await _ask_fit(interaction, draft_id, enhanced=enhanced)
    else:
        await _order(interaction, draft_id, enhanced=enhanced)
    if interaction.message is not None:
        # The question is answered; where it cannot be taken away, its buttons say that it is closed.
        with contextlib.suppress(discord.HTTPException):
            await interaction.followup.delete_message(interaction.message.id)


async def edit(interaction: discord.Interaction, draft_id: JobId, *, asks_fit: bool) -> None:
    """Let the author change the words.

    Raises:
        InvalidRequest: the draft is gone.
    """
    draft = await _drafts(interaction).look(draft_id, user_id=interaction.user.id)
    await interaction.response.send_modal(EditModal(draft, texts_of(interaction), asks_fit=asks_fit))


async def drop(interaction: discord.Interaction, draft_id: JobId) -> None:
    """Forget the request.

    Raises:
        InvalidRequest: it is gone already.
    """
    await interaction.response.defer()
    await _drafts(interaction).drop(draft_id, user_id=interaction.user.id)
    dropped = texts_of(interaction)("draft-dropped")
    await interaction.edit_original_response(content=dropped, embeds=[], view=None)


class EditModal(discord.ui.Modal):
    """Asks for the words, filled with the enhanced ones."""

    def __init__(self, draft: Draft, texts: Texts, *, asks_fit: bool) -> None:
        super().__init__(title=texts("enhance-edit-title"))
        self._draft_id = draft.id
        self._asks_fit = asks_fit
        self._words: discord.ui.TextInput[EditModal] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            default=draft.request_enhanced.prompt[:PROMPT_TYPED],
            max_length=PROMPT_TYPED,
        )
        self.add_item(discord.ui.Label(text=texts("enhance-edit-label"), component=self._words))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Show the dialog again with these words."""
        await answered(interaction, self._reword(interaction))

    async def _reword(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        proposal = await prompts_of(interaction).reword(
            self._draft_id, self._words.value, user_id=interaction.user.id, asks_fit=self._asks_fit
        )
        await interaction.edit_original_response(**dialog_of(proposal, texts_of(interaction)))


async def _order(interaction: discord.Interaction, draft_id: JobId, *, enhanced: bool) -> None:
    message_id = await defer_publicly(interaction)
    drafts, user_id = _drafts(interaction), interaction.user.id
    kept = await drafts.read(draft_id, user_id=user_id, enhanced=enhanced)
    if await shown_earlier(interaction, kept.options, kept.picture, kept.last_picture):
        await drafts.drop(draft_id, user_id=user_id)
        return
    job = await drafts.accept(
        draft_id,
        Fit.CROP,
        user_id=user_id,
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
        enhanced=enhanced,
    )
    await show_accepted(interaction, job)


async def _ask_fit(interaction: discord.Interaction, draft_id: JobId, *, enhanced: bool) -> None:
    await think(interaction)
    drafts, user_id = _drafts(interaction), interaction.user.id
    kept = await drafts.read(draft_id, user_id=user_id, enhanced=enhanced)
    if kept.picture is None:
        raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
    offer = await drafts.open(
        kept.options,
        key=JobId(str(interaction.id)),
        user_id=user_id,
        picture=kept.picture,
        last_picture=kept.last_picture,
        anyway=True,
    )
    await drafts.drop(draft_id, user_id=user_id)  # of two presses one asks on
    if offer is not None:
        await show_offer(interaction, offer)


def prompts_of(interaction: discord.Interaction) -> Prompting:
    """Return what writes and checks prompts."""
    prompts = services_of(interaction.client).prompts
    if prompts is None:
        raise TypeError("the client was built without prompts")
    return prompts


def _drafts(interaction: discord.Interaction) -> Drafts:
    drafts = services_of(interaction.client).drafts
    if drafts is None:
        raise TypeError("the client was built without drafts")
    return drafts

"""The dialog: the author's words, the better ones, hints, and a button for each choice."""

import re
from enum import StrEnum
from typing import Any, Protocol, Self, TypedDict, runtime_checkable

import discord

from bot.client import Reelbot
from bot.domain.job import JobId
from bot.domain.prompt import shorten
from bot.jobs.prompting import Proposal
from bot.ports_prompt import Written
from cogs.answers import texts_of
from cogs.errors import answered
from cogs.prompt_notes import note_text
from cogs.status import as_typed
from cogs.texts import Texts

WORDS_ID = r"reelbot-words:(?P<verb>[a-z]{1,20})(?P<fit>-fit)?:(?P<draft>[0-9]{1,25})"

COG = "Prompts"
"""The name of the cog that acts on presses: what they do shows this dialog again."""

OWN_SHOWN = 1700
ENHANCED_SHOWN = 3100
HINTS_SHOWN = 1000
"""Together at most 6,000 characters in all embeds of a message (reference: discord, messages)."""


class WordsVerb(StrEnum):
    """What can be done with a proposal."""

    USE = "use"
    EDIT = "edit"
    MINE = "mine"
    DROP = "drop"


@runtime_checkable
class Acting(Protocol):
    """What a press needs of the cog."""

    async def press(
        self, verb: str, interaction: discord.Interaction, draft_id: JobId, *, asks_fit: bool
    ) -> None:
        """Do what the button says."""


class WordsButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=WORDS_ID):
    """A button `reelbot-words:<verb>[-fit]:<draft id>`; the draft is a row, so it outlives restarts.

    `-fit` says that the picture's question follows: the press is then answered privately, and at once.
    """

    def __init__(
        self,
        verb: WordsVerb | str,
        draft_id: str,
        *,
        asks_fit: bool,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        custom_id = f"reelbot-words:{verb}{'-fit' if asks_fit else ''}:{draft_id}"
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=custom_id))
        self._verb = verb
        self._draft_id = JobId(draft_id)
        self._asks_fit = asks_fit

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["verb"], match["draft"], asks_fit=match["fit"] is not None)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says and answer the one who pressed."""
        acting = _acting(interaction)
        await answered(
            interaction, acting.press(self._verb, interaction, self._draft_id, asks_fit=self._asks_fit)
        )


class Dialog(TypedDict):
    """The dialog's message."""

    content: str
    embeds: list[discord.Embed]
    view: discord.ui.View


async def show_proposal(interaction: discord.Interaction, proposal: Proposal) -> None:
    """Show the author alone what there is to choose; the private "thinking" becomes the dialog."""
    await interaction.followup.send(**dialog_of(proposal, texts_of(interaction)), ephemeral=True)


def dialog_of(proposal: Proposal, texts: Texts) -> Dialog:
    """Write the dialog."""
    draft = proposal.draft
    embeds = [_embed(texts("enhance-own"), draft.request.prompt, OWN_SHOWN)]
    if draft.enhanced is not None:
        title = texts("enhance-edited" if proposal.written is None else "enhance-better")
        embeds.append(_embed(title, draft.enhanced, ENHANCED_SHOWN, discord.Colour.blurple()))
    if proposal.notes:
        lines = "\n".join(texts("note-line", note=note_text(note, texts)) for note in proposal.notes)
        embeds.append(discord.Embed(title=texts("notes-title"), description=shorten(lines, HINTS_SHOWN)))
    return Dialog(content=_head(proposal, texts), embeds=embeds, view=_view(proposal, texts))


def _head(proposal: Proposal, texts: Texts) -> str:
    request = proposal.draft.request
    facts = texts(
        "enhance-facts",
        size=str(request.size).replace("x", "×"),
        seconds=str(request.seconds),
        model=as_typed(request.model) or "none",
    )
    lines = [texts("enhance-ask"), facts]
    if proposal.too_long:
        lines.append(texts("enhance-too-long"))
    elif proposal.draft.enhanced is None:
        lines.append(texts("enhance-nothing"))
    if proposal.written is not None and (proposal.draft.enhanced or proposal.written.why):
        lines.append(_writer(proposal.written, texts))
    return "\n".join(lines)


def _writer(written: Written, texts: Texts) -> str:
    if not written.offline:
        return texts("enhance-by-model")
    if written.why is None:
        return texts("enhance-by-rules")
    return texts("enhance-by-rules-because", why=written.why.value)


def _view(proposal: Proposal, texts: Texts) -> discord.ui.View:
    draft, better = proposal.draft, proposal.draft.enhanced is not None
    labels = {
        WordsVerb.USE: "button-use-it",
        WordsVerb.EDIT: "button-edit",
        WordsVerb.MINE: "button-use-mine",
        WordsVerb.DROP: "button-cancel",
    }
    view = discord.ui.View(timeout=None)
    for verb, key in labels.items():
        if verb is WordsVerb.USE and not better:
            continue
        first = verb is (WordsVerb.USE if better else WordsVerb.MINE)
        style = discord.ButtonStyle.primary if first else discord.ButtonStyle.secondary
        button = WordsButton(verb, draft.id, asks_fit=proposal.asks_fit, label=texts(key), style=style)
        view.add_item(button)
    return view


def _embed(title: str, text: str, limit: int, colour: discord.Colour | None = None) -> discord.Embed:
    """Show a text as it was typed; what makes it longer than `limit` is cut off."""
    room = limit
    while len(shown := as_typed(shorten(text, room))) > limit:
        room -= len(shown) - limit
    return discord.Embed(title=title, description=shown, colour=colour)


def _acting(interaction: discord.Interaction) -> Acting:
    client: object = interaction.client
    cog: object = client.get_cog(COG) if isinstance(client, Reelbot) else None
    if not isinstance(cog, Acting):
        raise TypeError("the client was not built by bot.app")
    return cog

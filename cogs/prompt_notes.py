"""The words of the hints about a prompt, and giving them to the author alone."""

import asyncio
import contextlib

import aiohttp
import discord

from bot.domain.prompt import shorten
from bot.domain.prompts.check import NoteKind, PromptNote
from cogs.services import services_of
from cogs.status import as_typed
from cogs.texts import Texts

WORDS_SHOWN = 4
WORD_SHOWN = 40
SEND_SECONDS = 10.0


def note_text(note: PromptNote, texts: Texts) -> str:
    """Write one hint as a sentence or two."""
    shown = [
        texts("note-word", word=as_typed(shorten(word, WORD_SHOWN))) for word in note.words[:WORDS_SHOWN]
    ]
    if note.kind is NoteKind.CONTRADICTION:
        return texts("note-contradiction", one=shown[0], other=shown[1])
    return texts(f"note-{note.kind}", words=", ".join(shown))


def hint_text(notes: tuple[PromptNote, ...], texts: Texts) -> str:
    """Write the small lines that follow an order."""
    keys = ("hint", *["hint-more"] * (len(notes) - 1))
    return "\n".join(texts(key, note=note_text(note, texts)) for key, note in zip(keys, notes, strict=True))


async def hint(interaction: discord.Interaction, prompt: str, *, picture: bool) -> None:
    """Tell the author of an accepted order what may be better next time; a hint that is lost is no matter."""
    services = services_of(interaction.client)
    if services.prompts is None:
        return
    notes = await services.prompts.hints(prompt, picture=picture, user_id=interaction.user.id)
    if not notes:
        return
    text = hint_text(notes, services.library.texts(str(interaction.locale)))
    with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError):
        async with asyncio.timeout(SEND_SECONDS):
            await interaction.followup.send(text, ephemeral=True)

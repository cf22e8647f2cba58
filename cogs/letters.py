"""A video and its settings into somebody's direct messages."""

import asyncio
import logging
from dataclasses import replace

import discord

from bot.domain.errors import DeliveryError, TooLarge, TryLater
from bot.domain.prompt import shorten
from bot.jobs.emoji_commands import Letter
from bot.jobs.lineage import Details
from cogs.delivery import UPLOAD_SECONDS
from cogs.details import MESSAGE, WORDS_SHOWN, details_text
from cogs.discord_errors import mapped
from cogs.result_message import ALT_TEXT
from cogs.status import jump_link
from cogs.texts import Texts

log = logging.getLogger(__name__)

LOOKUP_SECONDS = 30.0
ATTEMPTS = 3
WAIT_SECONDS = 2.0


def letter_text(details: Details, texts: Texts, *, with_file: bool) -> str:
    """Write the settings a line each and the link; words that do not fit are cut."""
    details = replace(details, hint=None)  # how members of a server vote says nothing in direct messages
    key = "letter-link" if with_file else "letter-link-alone"
    link = texts(key, link=jump_link(details.job))
    text = f"{details_text(details, texts)}\n{link}"
    return text if len(text) <= MESSAGE else f"{details_text(details, texts, shown=WORDS_SHOWN)}\n{link}"


async def send_letter(client: discord.Client, letter: Letter, details: Details, texts: Texts) -> None:
    """Send it; closed direct messages are no matter: nobody waits for an answer to a reaction."""
    job = letter.job
    for _ in range(ATTEMPTS):
        try:
            await _send(client, letter, letter_text(details, texts, with_file=letter.file is not None))
        except TooLarge:
            letter = replace(letter, file=None)
        except TryLater as error:
            await asyncio.sleep(min(error.retry_after or WAIT_SECONDS, LOOKUP_SECONDS))
        except DeliveryError as error:
            log.debug("job %s: no letter: %s: %s", job.short_id, type(error).__name__, error)
            return
        else:
            return
    log.info("job %s: no letter, Discord does not take it", job.short_id)


async def _send(client: discord.Client, letter: Letter, text: str) -> None:
    job, attached = letter.job, discord.utils.MISSING
    if letter.file is not None:
        alt_text = shorten(job.request.prompt, ALT_TEXT)
        attached = discord.File(letter.file, f"video-{job.short_id}.mp4", description=alt_text)
    with mapped():
        async with asyncio.timeout(LOOKUP_SECONDS):
            channel = await client.create_dm(discord.Object(letter.user_id))
        async with asyncio.timeout(UPLOAD_SECONDS):
            await channel.send(
                text,
                file=attached,
                nonce=letter.nonce,
                suppress_embeds=True,
                allowed_mentions=discord.AllowedMentions.none(),
            )

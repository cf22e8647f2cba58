"""*Original*: the video as its API sent it, for everybody who may see the job."""

import discord

from bot.jobs.original import Original
from cogs.answers import actor_of, say, texts_of, think
from cogs.kept_video import hand_out
from cogs.services import services_of
from cogs.status import jump_link
from cogs.texts import Texts


async def original(interaction: discord.Interaction, short_id: str) -> None:
    """Hand out the original where it fits, else say where it is."""
    await think(interaction)
    originals = services_of(interaction.client).originals
    if originals is None:
        raise TypeError("the client was built without originals")
    found, texts = await originals.original(short_id, actor_of(interaction)), texts_of(interaction)
    text = original_text(found, texts)
    if found.file is None or found.posted:
        await say(interaction, text)
    else:
        await hand_out(interaction, text, found.job, found.file)


def original_text(found: Original, texts: Texts) -> str:
    """Say where the original is, and until when it is kept."""
    job = found.job
    lines = []
    if found.posted:
        lines.append(texts("original-posted", id=job.short_id, link=jump_link(job)))
    elif found.file is not None:
        lines.append(texts("original-here", id=job.short_id, megabytes=megabytes(job.result_bytes or 0)))
    if found.machine is not None:
        lines.append(texts("original-elsewhere", id=job.short_id, machine=found.machine))
    elif found.file is None:
        lines.append(
            texts("original-gone" if job.finished_at is not None else "original-not-yet", id=job.short_id)
        )
    elif found.until is not None:
        lines.append(texts("original-until", until=f"<t:{found.until // 1000}:D>"))
    return "\n".join(lines)


def megabytes(size: int) -> str:
    """Write bytes as megabytes with one place."""
    return f"{max(size, 100_000) / 1_000_000:.1f}"

"""`/lineage` and *Family*: which video was made from which, as text with links and as a picture."""

import io
import logging
from collections.abc import Iterator

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.errors import MediaError, StorageError
from bot.domain.job import Job, JobId
from bot.domain.lineage import FamilyMember
from bot.domain.prompt import shorten
from bot.domain.states import JobState
from bot.jobs.lineage import Family
from cogs.answers import actor_of, say, texts_of, think
from cogs.details import MESSAGE, linked
from cogs.remix import lineage_of, own_videos
from cogs.status import as_typed
from cogs.texts import Texts

log = logging.getLogger(__name__)

PROMPT_SHOWN = 50
CAPTION = 120
INDENT = "\u2003"
"""Discord strips ordinary spaces at the beginning of a line."""
DEEPEST = 8
"""Lines are not indented further: a phone has few characters in a line."""


class LineageCommand(commands.Cog):
    """The command."""

    @app_commands.command(name="lineage", description=locale_str("command-lineage"))
    @app_commands.describe(id=locale_str("option-lineage-id"))
    async def lineage(self, interaction: discord.Interaction, id: str) -> None:  # noqa: A002 - the option's name
        """Show the family of a video."""
        await press_family(interaction, id)

    @lineage.autocomplete("id")
    async def _own(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await own_videos(interaction, current)


async def press_family(interaction: discord.Interaction, short_id: str) -> None:
    """Answer privately with the tree, then with its picture, which takes some seconds."""
    await think(interaction)
    lineage, texts = lineage_of(interaction.client), texts_of(interaction)
    family = await lineage.family(short_id, actor_of(interaction))
    if len(family.members) == 1:
        await say(interaction, texts("lineage-alone", id=family.asked.short_id))
        return
    for text in messages_of(family, texts):
        await say(interaction, text)
    names: dict[str | None, str] = {job.id: job.short_id for job in family.members}

    def describe(job: Job) -> FamilyMember:
        parent = names.get(job.origin.parent)
        return FamilyMember(
            short_id=job.short_id,
            parent=parent,
            relation=texts("relation", relation=job.origin.relation or "other") if parent is not None else "",
            caption=shorten(job.request.prompt, CAPTION),
        )

    try:
        picture = await lineage.draw(family, describe)
    except (MediaError, StorageError, OSError) as error:
        log.warning("the family of %s could not be drawn: %s", family.asked.short_id, error)
        return
    file = discord.File(
        io.BytesIO(picture), f"family-{family.asked.short_id}.jpg", description=texts("lineage-alt")
    )
    await interaction.followup.send(file=file, ephemeral=True)


def messages_of(family: Family, texts: Texts) -> list[str]:
    """Write the tree as messages, each of whole lines and within Discord's length."""
    lines = [texts("lineage-title", id=family.asked.short_id, count=len(family.members) + family.more)]
    words = {job.id: job.request.prompt for job in family.members}
    for job, depth in tree(family):
        same = depth > 0 and words.get(JobId(job.origin.parent or "")) == job.request.prompt
        lines.append(_line(job, depth, texts, asked=job.id == family.asked.id, same=same))
    if family.more:
        lines.append(texts("lineage-more", count=family.more))
    messages, text = [], ""
    for line in lines:
        if text and len(text) + 1 + len(line) > MESSAGE:
            messages.append(text)
            text = ""
        text = f"{text}\n{line}" if text else line
    return [*messages, text]


def tree(family: Family) -> Iterator[tuple[Job, int]]:
    """Go through the family depth first, with how deep each stands."""
    children: dict[str | None, list[Job]] = {}
    for job in family.members[1:]:
        children.setdefault(job.origin.parent, []).append(job)
    waiting = [(family.members[0], 0)]
    while waiting:
        job, depth = waiting.pop()
        yield job, depth
        waiting += [(child, depth + 1) for child in reversed(children.pop(job.id, []))]


def _line(job: Job, depth: int, texts: Texts, *, asked: bool, same: bool) -> str:
    """Write one member; words that are the `same` as the parent's are not repeated."""
    known = {"mark": _mark(job), "name": linked(job), "asked": "yes" if asked else "no"}
    prompt = as_typed(shorten(job.request.prompt, PROMPT_SHOWN))
    if not depth:
        return texts("lineage-first", prompt=prompt, **known)
    indent = f"{INDENT * (min(depth, DEEPEST) - 1)}↳ "
    known["relation"] = texts("relation", relation=job.origin.relation or "other")
    if same:
        return indent + texts("lineage-line-same", **known)
    return indent + texts("lineage-line", prompt=prompt, **known)


def _mark(job: Job) -> str:
    match job.state:
        case JobState.DELIVERED:
            return "✅" if job.result is not None else "🗑️"
        case JobState.FAILED | JobState.CANCELLED:
            return "❌"
        case _:
            return "⏳"


async def setup(bot: Reelbot) -> None:
    """Add the command."""
    await bot.add_cog(LineageCommand())

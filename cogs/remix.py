"""`/remix` and *Remix*: the same video with other words, as a job of whoever asks."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.job import Job, JobId
from bot.domain.prompt import shorten
from bot.jobs.lineage import Lineage, may_be_reworded
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import actor_of, say, texts_of
from cogs.buttons.making import check_may_make
from cogs.errors import answered
from cogs.services import services_of
from cogs.texts import Texts

PROMPT_TYPED = 4000
"""What a text field of a modal takes (https://discord.com/developers/docs/components/reference)."""
CHOICES = 25
CHOICE_NAME = 100


def lineage_of(client: discord.Client) -> Lineage:
    """Return the use cases around parents and children."""
    lineage = services_of(client).lineage
    if lineage is None:
        raise TypeError("the client was built without lineage")
    return lineage


async def own_videos(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Suggest the member's own recent videos by id or words."""
    texts, wanted = texts_of(interaction), current.strip().upper()
    jobs = await lineage_of(interaction.client).recent(actor_of(interaction))
    return [
        app_commands.Choice(
            name=shorten(texts("choice-job", id=job.short_id, prompt=job.request.prompt), CHOICE_NAME),
            value=job.short_id,
        )
        for job in jobs
        if wanted in job.short_id or wanted in job.request.prompt.upper()
    ][:CHOICES]


class RemixCommand(commands.Cog):
    """The command."""

    @app_commands.command(name="remix", description=locale_str("command-remix"))
    @app_commands.describe(id=locale_str("option-remix-id"), prompt=locale_str("option-remix-prompt"))
    async def remix(
        self,
        interaction: discord.Interaction,
        id: str,  # noqa: A002 - the option's name
        prompt: str | None = None,
    ) -> None:
        """Make a video once more with other words; without them they are asked for."""
        if prompt is None:
            await press_remix(interaction, id)
        else:
            await _remix(interaction, id, prompt)

    @remix.autocomplete("id")
    async def _own(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await own_videos(interaction, current)


async def press_remix(interaction: discord.Interaction, short_id: str) -> None:
    """Ask for the words, those that were sent filled in.

    The one query before it answers Discord is by an index: a form must be the first answer.
    """
    check_may_make(interaction)
    job = await lineage_of(interaction.client).find(short_id, actor_of(interaction))
    texts = texts_of(interaction)
    if may_be_reworded(job):
        await interaction.response.send_modal(RemixForm(job, texts))
    else:
        await say(interaction, texts("remix-nothing", id=job.short_id))


class RemixForm(discord.ui.Modal):
    """Asks for the words. It knows the id alone; Discord says that it is gone after a restart of the bot."""

    def __init__(self, job: Job, texts: Texts) -> None:
        super().__init__(title=texts("remix-title", id=job.short_id))
        self._short_id = job.short_id
        self._prompt: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            default=job.request.prompt[:PROMPT_TYPED],
            max_length=PROMPT_TYPED,
        )
        label = texts("remix-label")
        self.add_item(discord.ui.Label(text=label, description=texts("remix-hint"), component=self._prompt))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Ask for the video with these words."""
        await answered(interaction, _remix(interaction, self._short_id, self._prompt.value))


async def _remix(interaction: discord.Interaction, typed_id: str, prompt: str) -> None:
    check_may_make(interaction)
    lineage, actor, texts = lineage_of(interaction.client), actor_of(interaction), texts_of(interaction)
    message_id = await defer_publicly(interaction)
    if not may_be_reworded(await lineage.find(typed_id, actor)):
        await say(interaction, texts("remix-nothing", id=typed_id.strip()[:20]))
        return
    job = await lineage.remix(
        typed_id,
        prompt,
        actor,
        key=JobId(str(interaction.id)),
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
    )
    await show_accepted(interaction, job)


async def setup(bot: Reelbot) -> None:
    """Add the command."""
    await bot.add_cog(RemixCommand())

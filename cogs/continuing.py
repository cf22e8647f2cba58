"""`/continue` and *Continue*: what happens next, as a video of whoever asks; and joining the parts."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.job import JobId
from bot.jobs.continuing import Beginning, Continuing
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import actor_of, texts_of
from cogs.buttons.making import check_may_make
from cogs.errors import answered
from cogs.remix import PROMPT_TYPED, own_videos
from cogs.services import services_of
from cogs.texts import Texts


def continuing_of(client: discord.Client) -> Continuing:
    """Return the use cases around the next part."""
    continuing = services_of(client).continuing
    if continuing is None:
        raise TypeError("the client was built without continuing")
    return continuing


class ContinueCommand(commands.Cog):
    """The command."""

    @app_commands.command(name="continue", description=locale_str("command-continue"))
    @app_commands.describe(
        id=locale_str("option-continue-id"),
        prompt=locale_str("option-continue-prompt"),
        seconds=locale_str("option-continue-seconds"),
    )
    async def go_on(
        self,
        interaction: discord.Interaction,
        id: str,  # noqa: A002 - the option's name
        prompt: str | None = None,
        seconds: app_commands.Range[int, 1, 600] | None = None,
    ) -> None:
        """Make the next part of a video; without words they are asked for."""
        if prompt is None:
            await _ask(interaction, id, seconds)
        else:
            await _go_on(interaction, id, prompt, seconds)

    @go_on.autocomplete("id")
    async def _own(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await own_videos(interaction, current)


async def press_continue(interaction: discord.Interaction, short_id: str) -> None:
    """Ask what happens next, the words of the part before filled in."""
    await _ask(interaction, short_id, None)


async def press_join(interaction: discord.Interaction, short_id: str) -> None:
    """Join the part with those before it, as a job of whoever pressed; each press is a job of its own."""
    check_may_make(interaction)
    message_id = await defer_publicly(interaction)
    job = await continuing_of(interaction.client).join(
        short_id,
        actor_of(interaction),
        key=JobId(str(interaction.id)),
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
    )
    await show_accepted(interaction, job)


class ContinueForm(discord.ui.Modal):
    """Asks what happens next. It knows the id alone; after a restart of the bot Discord says it is gone."""

    def __init__(self, beginning: Beginning, seconds: int | None, texts: Texts) -> None:
        short_id = beginning.job.short_id
        super().__init__(title=texts("continue-title", id=short_id))
        self._short_id = short_id
        self._seconds = seconds
        self._prompt: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            default=beginning.prompt[:PROMPT_TYPED] or None,
            max_length=PROMPT_TYPED,
        )
        label, hint = texts("continue-label"), texts("continue-hint")
        self.add_item(discord.ui.Label(text=label, description=hint, component=self._prompt))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Ask for the part with these words."""
        await answered(interaction, _go_on(interaction, self._short_id, self._prompt.value, self._seconds))


async def _ask(interaction: discord.Interaction, typed_id: str, seconds: int | None) -> None:
    """Show the form. The few queries before it are by an index: a form must be the first answer."""
    check_may_make(interaction)
    beginning = await continuing_of(interaction.client).beginning(typed_id, actor_of(interaction))
    await interaction.response.send_modal(ContinueForm(beginning, seconds, texts_of(interaction)))


async def _go_on(interaction: discord.Interaction, typed_id: str, prompt: str, seconds: int | None) -> None:
    check_may_make(interaction)
    message_id = await defer_publicly(interaction)
    job = await continuing_of(interaction.client).go_on(
        typed_id,
        actor_of(interaction),
        prompt=prompt,
        seconds=seconds,
        key=JobId(str(interaction.id)),
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
    )
    await show_accepted(interaction, job)


async def setup(bot: Reelbot) -> None:
    """Add the command."""
    await bot.add_cog(ContinueCommand())

"""`/compare`: two videos side by side, without names, until enough have voted."""

from collections.abc import Iterable

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.codes import Code
from bot.domain.comparison import ComparisonId
from bot.domain.errors import InvalidRequest, UserError
from bot.domain.job import Job
from bot.domain.prompt import shorten
from bot.jobs.comparisons import ENOUGH, HOURS, USUAL_ENOUGH, USUAL_HOURS
from cogs.answers import actor_of, texts_of
from cogs.comparison.audience import may_be_suggested
from cogs.comparison.button import ComparisonButton
from cogs.comparison.presses import PRESSES, compare, comparisons_of

CHOICES = 25
CHOICE_NAME = 100


class Compare(commands.Cog):
    """The command, and what its buttons do; verbs of other versions are understood as far as to say so."""

    @app_commands.command(name="compare", description=locale_str("command-compare"))
    @app_commands.describe(
        first=locale_str("option-compare-first"),
        second=locale_str("option-compare-second"),
        votes=locale_str("option-compare-votes"),
        hours=locale_str("option-compare-hours"),
    )
    @app_commands.guild_only()
    async def compare(
        self,
        interaction: discord.Interaction,
        first: str,
        second: str | None = None,
        votes: app_commands.Range[int, ENOUGH[0], ENOUGH[1]] = USUAL_ENOUGH,
        hours: app_commands.Range[int, HOURS[0], HOURS[1]] = USUAL_HOURS,
    ) -> None:
        """Ask the channel which of two videos is better, without saying which is which."""
        await compare(interaction, first, second, enough=votes, hours=hours)

    @compare.autocomplete("first")
    async def _first(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return _choices(interaction, await _recent(interaction), current)

    @compare.autocomplete("second")
    async def _second(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Suggest the relatives of the first video, then the others."""
        jobs = await _recent(interaction)
        typed = getattr(interaction.namespace, "first", None)
        if isinstance(typed, str) and interaction.guild_id is not None:
            comparisons = comparisons_of(interaction.client)
            try:
                one = await comparisons.find(typed, actor_of(interaction))
            except UserError:
                pass  # what is typed so far is no video
            else:
                jobs = [*await comparisons.siblings(one, interaction.guild_id), *jobs]
                jobs = [job for job in jobs if job.id != one.id]
        return _choices(interaction, jobs, current)

    async def press(self, verb: str, interaction: discord.Interaction, key: ComparisonId) -> None:
        """Do what the button says.

        Raises:
            BotError: with the sentence for the one who pressed.
        """
        press = PRESSES.get(verb)
        if press is None:
            raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
        await press(interaction, key)


async def _recent(interaction: discord.Interaction) -> list[Job]:
    if interaction.guild_id is None:
        return []
    return await comparisons_of(interaction.client).recent(interaction.guild_id)


def _choices(
    interaction: discord.Interaction, jobs: Iterable[Job], current: str
) -> list[app_commands.Choice[str]]:
    """Name each video that could be shown here once, by its id and words."""
    texts, wanted = texts_of(interaction), current.strip().upper()
    fitting = {
        job.short_id: job
        for job in jobs
        if (wanted in job.short_id or wanted in job.request.prompt.upper())
        and may_be_suggested(interaction, job)
    }
    return [
        app_commands.Choice(
            name=shorten(texts("choice-job", id=job.short_id, prompt=job.request.prompt), CHOICE_NAME),
            value=job.short_id,
        )
        for job in fitting.values()
    ][:CHOICES]


async def setup(bot: Reelbot) -> None:
    """Add the command, and answer every comparison's buttons."""
    await bot.add_cog(Compare())
    bot.add_dynamic_items(ComparisonButton)

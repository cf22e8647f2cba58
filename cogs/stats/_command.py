"""`/stats`: the command, and the names of members for its picture."""

import asyncio
import io
import logging
from collections.abc import Iterable, Mapping

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.domain.errors import MediaError, StorageError
from bot.domain.trends import MOST_BARS, Period
from bot.jobs.models import Models
from bot.jobs.stats import Statistics
from cogs.answers import actor_of, say, texts_of, think
from cogs.stats._picture import figures_chart
from cogs.stats._words import alt_text, figures_text
from cogs.video._choices import shown_model

log = logging.getLogger(__name__)

NAMES_SECONDS = 3.0
"""For all names together: a picture says so much without them too."""
USUAL = Period.MONTH


class StatsCommand(commands.Cog):
    """The command; its answer is for the asking member alone."""

    def __init__(self, statistics: Statistics, models: Models) -> None:
        self._statistics = statistics
        self._models = models

    @app_commands.command(name="stats", description=locale_str("command-stats"))
    @app_commands.describe(period=locale_str("option-stats-period"))
    @app_commands.choices(
        period=[
            app_commands.Choice(name=locale_str(f"choice-period-{period}"), value=period.value)
            for period in Period
        ]
    )
    async def stats(self, interaction: discord.Interaction, period: str = USUAL.value) -> None:
        """Tell the figures, and draw them."""
        await think(interaction)
        texts, shown = texts_of(interaction), Period(period)
        report = await self._statistics.report(actor_of(interaction), shown)
        in_server = interaction.guild_id is not None
        text = figures_text(report, shown, texts, in_server=in_server)
        if not report.stats.whole.jobs:
            await say(interaction, text)
            return
        chart = figures_chart(
            report.stats,
            shown,
            texts,
            guild_id=interaction.guild_id,
            models={model: self._name(model, interaction) for model, _ in report.stats.models},
            members=await _names(interaction, [user_id for user_id, _ in report.stats.members[:MOST_BARS]]),
        )
        try:
            picture = await self._statistics.draw(chart)
        except (MediaError, StorageError, OSError) as error:
            log.warning("figures could not be drawn: %s", error)
            await say(interaction, text)
            return
        description = alt_text(report.stats, shown, texts)
        file = discord.File(io.BytesIO(picture), "stats.jpg", description=description)
        await interaction.followup.send(text, file=file, ephemeral=True)

    def _name(self, model: str, interaction: discord.Interaction) -> str:
        """Return what members call a model; one that is gone goes by its address."""
        found = self._models.named(model)
        if found is None:
            return model.removesuffix("/")
        provider, capabilities = found
        return shown_model(provider.label, capabilities, texts_of(interaction))


async def _names(interaction: discord.Interaction, user_ids: Iterable[int]) -> Mapping[int, str]:
    """Return the members' names here, as far as they can be had in time; who has left has none."""
    guild = interaction.guild
    if guild is None:
        return {}
    names: dict[int, str] = {}

    async def ask(user_id: int) -> None:
        member = guild.get_member(user_id)
        try:
            names[user_id] = (member or await guild.fetch_member(user_id)).display_name
        except discord.HTTPException as error:
            log.info("the name of member %s is not known: %s", user_id, error)

    try:
        async with asyncio.timeout(NAMES_SECONDS):
            await asyncio.gather(*(ask(user_id) for user_id in user_ids))
    except TimeoutError:
        log.info("not all names of members came in time")
    return names

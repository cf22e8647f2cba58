"""The command `/trends`."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.domain.trends import Period
from bot.jobs.models import Models
from cogs.answers import texts_of
from cogs.trends.answer import Wish
from cogs.trends.menu import show
from cogs.video._choices import model_choices


class TrendsCommand(commands.Cog):
    """Private unless asked otherwise: whoever only looks disturbs nobody."""

    def __init__(self, models: Models) -> None:
        self._models = models

    @app_commands.command(name="trends", description=locale_str("command-trends"))
    @app_commands.guild_only()
    @app_commands.describe(
        period=locale_str("option-trends-period"),
        member=locale_str("option-trends-member"),
        model=locale_str("option-trends-model"),
        public=locale_str("option-trends-public"),
    )
    @app_commands.choices(
        period=[
            app_commands.Choice(name=locale_str(f"choice-period-{period}"), value=period.value)
            for period in Period
        ]
    )
    async def trends(
        self,
        interaction: discord.Interaction,
        period: str = Period.QUARTER.value,
        member: discord.User | None = None,
        model: str | None = None,
        public: bool = False,
    ) -> None:
        """Show what rates well on this server."""
        wish = Wish(period=Period(period), member=None if member is None else member.id, model=model)
        await show(interaction, wish, public=public)

    @trends.autocomplete("model")
    async def _models_named(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return model_choices(self._models, current, texts_of(interaction))

"""`/best`: the best videos of the last days, as a reel with captions."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.feedback import ReelEvery
from bot.domain.job import JobId
from bot.domain.reel import FEWEST, MOST, USUAL
from bot.jobs.reels import Reels, Wish
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import texts_of
from cogs.places import check_place
from cogs.reels import reel_title
from cogs.services import services_of


def reels_of(client: discord.Client) -> Reels:
    """Return the use cases around reels."""
    reels = services_of(client).reels
    if reels is None:
        raise TypeError("the client was built without reels")
    return reels


class BestCommand(commands.Cog):
    """The command."""

    @app_commands.command(name="best", description=locale_str("command-best"))
    @app_commands.guild_only()
    @app_commands.describe(
        period=locale_str("option-best-period"),
        count=locale_str("option-best-count"),
        member=locale_str("option-best-member"),
    )
    @app_commands.choices(
        period=[
            app_commands.Choice(name=locale_str("choice-best-week"), value=ReelEvery.WEEK.value),
            app_commands.Choice(name=locale_str("choice-best-month"), value=ReelEvery.MONTH.value),
        ]
    )
    async def best(
        self,
        interaction: discord.Interaction,
        period: str,
        count: app_commands.Range[int, FEWEST, MOST] = USUAL,
        member: discord.User | None = None,
    ) -> None:
        """Join the best videos; the reel is a video of whoever asked."""
        check_place(interaction, texts_of(interaction))
        message_id = await defer_publicly(interaction)
        texts = services_of(interaction.client).library.texts(job_locale(interaction))
        reels, place = reels_of(interaction.client), place_of(interaction, message_id)
        wish = Wish(
            guild_id=place.guild_id or 0,
            channel_id=place.channel_id,
            period=reels.lately(ReelEvery(period)),
            count=count,
            user_id=member.id if member is not None else None,
        )
        job = await reels.make(
            wish,
            key=JobId(str(interaction.id)),
            user_id=interaction.user.id,
            place=place,
            title=reel_title(wish.period, texts),
            locale=job_locale(interaction),
            limited=True,
        )
        await show_accepted(interaction, job)


async def setup(bot: Reelbot) -> None:
    """Add the command."""
    await bot.add_cog(BestCommand())

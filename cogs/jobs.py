"""`/show` and `/cancel`: looking at a job, and stopping it."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.progress import Progress
from bot.domain.prompt import shorten
from bot.domain.states import CANCELLABLE, JobState
from bot.jobs.ratings import RatingService
from bot.jobs.service import VideoService
from cogs.answers import actor_of, cancel_and_say, say, texts_of
from cogs.buttons.views import result_view
from cogs.delivery import DiscordAnnouncer
from cogs.kept_video import hand_out
from cogs.services import services_of
from cogs.status import facts_line
from cogs.votes import votes_line


class JobCommands(commands.Cog):
    """Looking at jobs and cancelling them."""

    def __init__(self, *, videos: VideoService, ratings: RatingService, announcer: DiscordAnnouncer) -> None:
        self._videos = videos
        self._ratings = ratings
        self._announcer = announcer

    @app_commands.command(name="show", description=locale_str("command-show"))
    @app_commands.describe(id=locale_str("option-show-id"))
    async def show(self, interaction: discord.Interaction, id: str) -> None:  # noqa: A002 - the option's name
        """Show a video, its settings and votes by its id."""
        job, tally = await self._videos.show(id, actor_of(interaction))
        texts = texts_of(interaction)
        lines = [self._announcer.render(job, Progress())]
        if job.state is JobState.DELIVERED:
            lines.append(facts_line(job, texts))
            scale = await self._ratings.scale(job.place.guild_id)
            lines.append(votes_line(tally, scale, texts))
        kept = await self._videos.kept_video(job, actor_of(interaction))
        elsewhere = self._videos.kept_elsewhere(job, actor_of(interaction))
        if elsewhere is not None:
            lines.append(texts("show-kept-elsewhere", machine=elsewhere, id=job.short_id))
        # The buttons of its messages, which may be gone or far up.
        if job.state is JobState.DELIVERED:
            view = result_view(job, texts)
        else:
            view = self._announcer.view(job) or discord.utils.MISSING
        if kept is None:
            await say(interaction, "\n".join(lines), view=view)
        else:
            await hand_out(interaction, "\n".join(lines), job, kept, view=view)

    @app_commands.command(name="cancel", description=locale_str("command-cancel"))
    @app_commands.describe(id=locale_str("option-cancel-id"))
    async def cancel(self, interaction: discord.Interaction, id: str) -> None:  # noqa: A002 - the option's name
        """Cancel a video by its id."""
        await cancel_and_say(interaction, id)

    @cancel.autocomplete("id")
    async def _cancellable(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        actor, texts = actor_of(interaction), texts_of(interaction)
        jobs = [
            job
            for job in await self._videos.queue(actor)
            if job.state in CANCELLABLE and (actor.may_act_on(job))
        ]
        wanted = current.strip().upper()
        return [
            app_commands.Choice(
                name=shorten(texts("choice-job", id=job.short_id, prompt=job.request.prompt), 100),
                value=job.short_id,
            )
            for job in jobs
            if wanted in job.short_id or wanted in job.request.prompt.upper()
        ][:25]


async def setup(bot: Reelbot) -> None:
    """Add the commands."""
    services = services_of(bot)
    await bot.add_cog(
        JobCommands(videos=services.videos, ratings=services.ratings, announcer=services.announcer)
    )

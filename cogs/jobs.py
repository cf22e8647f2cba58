"""`/show`, `/queue`, `/cancel`: what is being made, and stopping it."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.job import Job
from bot.domain.progress import Progress
from bot.domain.prompt import shorten
from bot.domain.states import CANCELLABLE, JobState
from bot.jobs.service import VideoService
from cogs.answers import actor_of, cancel_and_say, say, texts_of
from cogs.delivery import DiscordAnnouncer
from cogs.services import services_of
from cogs.status import as_typed, facts_line
from cogs.texts import Texts

LINES = 15
PROMPT_SHOWN = 60


class JobCommands(commands.Cog):
    """Looking at jobs and cancelling them."""

    def __init__(self, *, videos: VideoService, announcer: DiscordAnnouncer) -> None:
        self._videos = videos
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
            lines.append(texts("show-votes", up=str(tally.up), down=str(tally.down)))
        await say(interaction, "\n".join(lines))

    @app_commands.command(name="queue", description=locale_str("command-queue"))
    async def queue(self, interaction: discord.Interaction) -> None:
        """List what is being made and what waits."""
        jobs = await self._videos.queue(actor_of(interaction))
        await say(interaction, queue_text(jobs, texts_of(interaction)))

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
            if job.state in CANCELLABLE and (actor.moderator or job.user_id == actor.user_id)
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


def queue_text(jobs: list[Job], texts: Texts) -> str:
    """Write the list: running ones first, then the line in its order."""
    if not jobs:
        return texts("queue-empty")
    running = [job for job in jobs if job.state is not JobState.QUEUED]
    waiting = [job for job in jobs if job.state is JobState.QUEUED]
    lines = [texts("queue-title", count=len(jobs))]
    for job in running:
        prompt = _short(job)
        if job.state is JobState.UNSURE:
            lines.append(texts("queue-line-unsure", id=job.short_id, prompt=prompt))
        else:
            stage = texts(f"stage-{job.state}")
            lines.append(texts("queue-line-running", id=job.short_id, stage=stage, prompt=prompt))
    for place, job in enumerate(waiting, start=1):
        lines.append(texts("queue-line-waiting", id=job.short_id, place=str(place), prompt=_short(job)))
    shown = lines[: LINES + 1]
    if len(lines) > len(shown):
        shown.append(texts("queue-more", count=len(lines) - len(shown)))
    return "\n".join(shown)


def _short(job: Job) -> str:
    return as_typed(shorten(job.request.prompt, PROMPT_SHOWN))


async def setup(bot: Reelbot) -> None:
    """Add the commands."""
    services = services_of(bot)
    await bot.add_cog(JobCommands(videos=services.videos, announcer=services.announcer))

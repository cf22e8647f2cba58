"""`reelbot reconcile`: the provider's videos beside the jobs; attach one to a job, or post one."""

import argparse
import asyncio
import json
from dataclasses import replace
from typing import Any

import discord

from bot.app import open_store
from bot.client import rest_client, use_api
from bot.clock import SystemClock
from bot.commands.reconcile_table import as_json, as_table, job_json
from bot.config import Settings
from bot.domain.errors import BotError, ConfigError, DeliveryError, Forbidden, Gone
from bot.domain.job import Job, Place
from bot.domain.progress import Progress
from bot.gateway import log_in
from bot.jobs.reconciliation import Reconciliation
from bot.video_apis import open_providers
from cogs.buttons.views import status_view
from cogs.discord_errors import mapped
from cogs.status import status_text
from cogs.texts import DEFAULT_LOCALE, load_library
from storage.jobs import SqlJobStore
from storage.renders import SqlRenderStore

LOG_LEVEL = "ERROR"
DISCORD_SECONDS = 30.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do; without anything the table is printed."""
    todo = parser.add_mutually_exclusive_group()
    todo.add_argument(
        "--attach", nargs=2, metavar=("JOB", "VIDEO"), help="give a job without a video this one"
    )
    todo.add_argument("--post", metavar="VIDEO", help="bring a video that no job knows to --channel")
    parser.add_argument("--channel", type=int, metavar="ID", help="where --post brings it")
    parser.add_argument("--member", type=int, metavar="ID", help="whose video it is then (the bot's owner)")
    parser.add_argument("--provider", metavar="NAME", help="which video API --post means (the first)")
    parser.add_argument("--json", action="store_true", help="print JSON")


async def main(settings: Settings, arguments: argparse.Namespace) -> None:
    """Show, attach or post. On SQLite the bot has to be stopped: its file is for one process."""
    if (arguments.post is None) is not (arguments.channel is None):
        raise ConfigError("--post VIDEO and --channel ID belong together.")
    async with open_store(settings) as database, open_providers(settings) as catalog:
        reconciliation = Reconciliation(
            store=SqlJobStore(database),
            renders=SqlRenderStore(database),
            providers=catalog.all(),
            clock=SystemClock(),
        )
        if arguments.attach is not None:
            job = await reconciliation.attach(*arguments.attach)
            _tell(job, f"Job {job.short_id} has its video now", arguments)
        elif arguments.post is not None:
            job = await _post(reconciliation, settings, arguments)
            _tell(job, f"Job {job.short_id} brings it to channel {job.place.channel_id}", arguments)
        else:
            overview = await reconciliation.overview()
            print(json.dumps(as_json(overview)) if arguments.json else as_table(overview))


def _tell(job: Job, sentence: str, arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps({"job": job_json(job)}))
    else:
        print(f"{sentence}; a running bot goes on with it at once, else the next start does.")


async def _post(reconciliation: Reconciliation, settings: Settings, arguments: argparse.Namespace) -> Job:
    video = await reconciliation.found(arguments.post, arguments.provider)
    token = settings.require_token()
    use_api(settings.discord_api_url, settings.discord_gateway_url)
    async with rest_client() as client:
        await log_in(client, token)
        try:
            with mapped():
                async with asyncio.timeout(DISCORD_SECONDS):
                    channel: Any = await client.fetch_channel(arguments.channel)
                    member = arguments.member or await _owner_id(client)
                    guild = getattr(channel, "guild", None)
                    place = Place(
                        channel_id=channel.id,
                        guild_id=guild.id if guild is not None else None,
                        status_message_id=0,
                    )
                    job = reconciliation.job_for(video, place, member, arguments.provider)
                    return await reconciliation.keep(await _announced(job, channel))
        except Gone as error:
            raise BotError(f"The bot sees no channel {arguments.channel}.") from error
        except Forbidden as error:
            raise BotError(f"The bot may not post in channel {arguments.channel}.") from error
        except DeliveryError as error:
            raise BotError(f"Discord does not take the message now: {error}") from error


async def _announced(job: Job, channel: discord.abc.Messageable) -> Job:
    """Post the status message; the nonce makes a repeat within minutes the same message."""
    texts = load_library().texts(DEFAULT_LOCALE)
    text = status_text(job, Progress(), job.created_at, texts)
    message = await channel.send(
        text, view=status_view(job, texts) or discord.utils.MISSING, nonce=f"s{job.id}"
    )
    return replace(job, place=replace(job.place, status_message_id=message.id))


async def _owner_id(client: discord.Client) -> int:
    application = await client.application_info()
    team = application.team
    return team.owner_id if team is not None and team.owner_id is not None else application.owner.id

"""Reactions through the bot's own listeners into SQLite; and what `/trends` takes over many votes.

Events go one after the other through the cog, the use case and the store, as the bot handles them: three in
four give an emoji, one in four takes one back, one in ten is under a message that is none of its videos.
"""

import random
import tempfile
import time
from pathlib import Path
from typing import Any

import discord

from bot.client import Reelbot
from bot.clock import SystemClock
from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.ratings import THUMBS
from bot.domain.states import JobState
from bot.domain.video import Size, VideoRequest
from bot.jobs.ratings import RatingService
from cogs.ratings import Ratings
from storage.database import Database, open_database
from storage.feedback import SqlFeedbackStore
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from tests.bench.counting_database import CountingDatabase
from tests.bench.trends_part import trends_ms

EVENTS = 10_000
VIDEOS, MEMBERS = 400, 300
GUILD, CHANNEL = 1 << 40, 2 << 40
TRENDS_QUICK = 2_000, 10_000


async def run(*, quick: bool = False) -> dict[str, float | str]:
    """Return how fast events are, how many statements wrote, and the milliseconds of one `/trends`."""
    count = EVENTS // 10 if quick else EVENTS
    with tempfile.TemporaryDirectory() as folder:
        database = await open_database(f"sqlite:///{Path(folder) / 'reelbot.db'}")
        try:
            await migrate(database)
            figures = await _events(database, count)
        finally:
            await database.close()
        size = {"videos": TRENDS_QUICK[0], "votes": TRENDS_QUICK[1]} if quick else {}
        trends = await trends_ms(Path(folder), **size)
        return figures | trends | {"trends_ms": trends["trends_all_ms"]}


async def _events(database: Database, count: int) -> dict[str, float | str]:
    jobs = SqlJobStore(database)
    for number in range(VIDEOS):
        await jobs.add(_video(number))
    counting = CountingDatabase(database)
    service = RatingService(
        store=SqlRatingStore(counting),
        feedback=SqlFeedbackStore(counting),
        jobs=SqlJobStore(counting),
        clock=SystemClock(),
    )
    bot = Reelbot(extensions=(), notes=SqlSettingsStore(database))
    cog, rng = Ratings(bot, service), random.Random(7)
    events = [_event(rng) for _ in range(count)]
    begun = time.perf_counter()
    for event in events:
        added = event.event_type == "REACTION_ADD"
        await (cog.on_raw_reaction_add if added else cog.on_raw_reaction_remove)(event)
    seconds = time.perf_counter() - begun
    [row] = await database.fetch_all("SELECT count(*) AS votes FROM votes WHERE counts = 1")
    return {
        "events": count,
        "seconds": seconds,
        "events_per_s": count / seconds,
        "sql_writes": counting.writes,
        "votes": row["votes"],
    }


def _event(rng: random.Random) -> discord.RawReactionActionEvent:
    ours = rng.random() < 0.9
    data: Any = {
        "message_id": str(rng.randrange(VIDEOS) + (1 if ours else 1 << 41)),
        "channel_id": str(CHANNEL),
        "guild_id": str(GUILD),
        "user_id": str(rng.randrange(MEMBERS) + 1000),
        "type": int(rng.random() < 0.1),
    }
    emoji = discord.PartialEmoji(name=rng.choice([*THUMBS, "👍🏽"]))
    if rng.random() < 0.75:
        return discord.RawReactionActionEvent(data, emoji, "REACTION_ADD")
    return discord.RawReactionActionEvent(data, emoji, "REACTION_REMOVE")


def _video(number: int) -> Job:
    key, now = JobId(str(number)), int(time.time() * 1000)
    return Job(
        id=key,
        short_id=short_id(key),
        provider="preview",
        user_id=number % MEMBERS + 1000,
        place=Place(channel_id=CHANNEL, status_message_id=1, guild_id=GUILD),
        request=VideoRequest(prompt="a fox", size=Size(1280, 720), seconds=4),
        created_at=now,
        state=JobState.DELIVERED,
        finished_at=now,
        result_message_id=number + 1,
        status_closed=True,
    )

"""The engine of one bot process with many jobs in its hands; prints its figures as one JSON line.

`python -m tests.bench.jobs_bot --database URL --provider URL --data DIR --jobs 1000 --seconds 20`. Engine,
drivers, store, provider adapter, files and status board are the bot's own; only Discord is left out (see
`QuietAnnouncer`). With `--add` it puts the jobs into the line itself, else they are there or come.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import logging
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from bot.clock import SystemClock
from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.states import JobState
from bot.domain.video import Size, VideoRequest
from bot.jobs.drive import Ports
from bot.jobs.runner import Runner
from bot.media.tools import Media
from bot.ports import JobStore
from bot.providers.base_url import BaseUrl
from bot.providers.catalog import Catalog
from bot.providers.http import ProviderHttp
from bot.providers.profile import load_profile
from bot.providers.videos_api import VideosApi
from storage.database import open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.workspace import FileWorkspace
from tests.bench.counting_database import CountingDatabase
from tests.bench.jobs_announcer import QuietAnnouncer
from tests.bench.loop_lag import LoopLag
from tests.bench.resident import resident_mb

NAME = "default"
PROFILE = "openai"
"""Asks about each render by itself, as with any API whose list nobody knows."""
JOBS_OF_MEMBER, JOBS_OF_CHANNEL = 2, 10
IDLE_S = 1.0
PATIENCE_S = 240.0
LOOK_S = 0.25
ADDED_AT_ONCE = 8

COUNT_STATES = "SELECT state, count(*) AS jobs, sum(status_closed) AS closed FROM jobs GROUP BY state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """What the benchmark holds of the process."""

    database: CountingDatabase
    store: SqlJobStore
    announcer: QuietAnnouncer
    runner: Runner

    async def until(self, state: JobState, jobs: int, *, closed: bool = False) -> None:
        """Wait until so many jobs are in a state, and with `closed` say so."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                rows = await self.database.fetch_all(COUNT_STATES)
                found = {row["state"]: row for row in rows}
                row = found.get(state.value)
                if row is not None and (row["closed"] if closed else row["jobs"]) >= jobs:
                    return
                await asyncio.sleep(LOOK_S)


@asynccontextmanager
async def open_bot(arguments: argparse.Namespace) -> AsyncIterator[Bot]:
    """Join the parts as `bot.app` does, with as many slots as wanted, and run the engine."""
    async with AsyncExitStack() as stack:
        database = CountingDatabase(await open_database(arguments.database))
        stack.push_async_callback(database.close)
        await migrate(database)
        profile = replace(load_profile(arguments.profile), slots=arguments.slots or arguments.jobs)
        base = BaseUrl.parse(arguments.provider)
        http = ProviderHttp(base, name=NAME, credentials=profile.credentials("key"))
        await stack.enter_async_context(contextlib.aclosing(http))
        api = VideosApi(name=NAME, http=http, profile=profile, models=(profile.capabilities(""),))
        clock = SystemClock()
        store, announcer = SqlJobStore(database), QuietAnnouncer(clock)
        stack.push_async_callback(announcer.stop)
        ports = Ports(
            store=store,
            catalog=Catalog([api]),
            announcer=announcer,
            media=Media(),
            workspace=FileWorkspace(arguments.data),
            clock=clock,
            rng=random.Random(),
        )
        await api.probe()
        runner = Runner(ports, exclusive=not database.shared)
        running = asyncio.create_task(runner.run())
        try:
            yield Bot(database=database, store=store, announcer=announcer, runner=runner)
        finally:
            await runner.stop()
            await asyncio.wait({running}, timeout=5)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def add_jobs(store: JobStore, jobs: int) -> None:
    """Put so many jobs into the line, a few at a time, as commands do."""
    slots = asyncio.Semaphore(ADDED_AT_ONCE)

    async def add(number: int) -> None:
        async with slots:
            await store.add(make_job(number))

    await asyncio.gather(*map(add, range(jobs)))


def make_job(number: int) -> Job:
    """Write one member's wish; two a member, ten a channel, one channel a server."""
    identity = JobId(str(1_500_000_000_000_000_000 + number))
    channel = number // JOBS_OF_CHANNEL
    now = time.time_ns() // 1_000_000
    return Job(
        id=identity,
        short_id=short_id(identity),
        provider=NAME,
        user_id=1_000_000 + number // JOBS_OF_MEMBER,
        place=Place(
            channel_id=2_000_000 + channel, status_message_id=int(identity), guild_id=3_000_000 + channel
        ),
        request=VideoRequest(
            prompt=f"a lighthouse on a cliff, number {number}", size=Size(1280, 720), seconds=4, model=""
        ),
        created_at=now,
        due_at=now,
    )


async def measure(arguments: argparse.Namespace) -> dict[str, float]:
    """Hold the jobs, let them end, and return the figures of this process."""
    jobs, seconds = arguments.jobs, arguments.seconds
    async with open_bot(arguments) as bot, aiohttp.ClientSession() as session:
        await asyncio.sleep(IDLE_S if seconds else 0)
        gc.collect()
        idle_mb, written = resident_mb(), bot.database.writes
        cpu, began = time.process_time(), time.monotonic()
        if arguments.add:
            await add_jobs(bot.store, jobs)
            bot.runner.wake()
        figures: dict[str, float] = {}
        if seconds:
            await bot.until(JobState.RENDERING, jobs)
            figures["start_s"] = time.monotonic() - began
            figures["start_cpu_s"] = time.process_time() - cpu
            figures |= await _watch(bot, seconds, idle_mb)
            if arguments.add:
                url = arguments.provider.removesuffix("/v1")
                async with session.get(f"{url}/counts") as answer:
                    figures["requests"] = (await answer.json())["requests"]
                (await session.post(f"{url}/finish")).close()
        ended_at, end_cpu = time.monotonic(), time.process_time()
        await bot.until(JobState.DELIVERED, jobs, closed=True)
        figures["end_s"] = time.monotonic() - ended_at
        figures["end_cpu_s"] = time.process_time() - end_cpu
        figures["life_s"] = time.monotonic() - began
        figures["life_cpu_s"] = time.process_time() - cpu
        figures["writes"] = bot.database.writes - written
        figures["edits"] = bot.announcer.edits
        rows = await bot.database.fetch_all(COUNT_STATES)
        figures["done"] = sum(row["jobs"] for row in rows if row["state"] == JobState.DELIVERED)
        return figures


async def _watch(bot: Bot, seconds: float, idle_mb: float) -> dict[str, float]:
    """Measure while nothing happens but waiting."""
    lag, edits = LoopLag(), bot.announcer.edits
    looking = asyncio.create_task(lag.run())
    cpu = time.process_time()
    await asyncio.sleep(seconds)
    cpu = time.process_time() - cpu
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    peak_mb = resident_mb()
    gc.collect()
    return {
        "held": len(bot.runner.running),
        "cpu_s": cpu,
        "lag_p99_ms": lag.p99_ms(),
        "lag_max_ms": lag.max_ms(),
        "rss_mb": resident_mb() - idle_mb,
        "rss_before_gc_mb": peak_mb - idle_mb,
        "idle_mb": idle_mb,
        "edits_a_second": (bot.announcer.edits - edits) / seconds,
    }


def main() -> None:
    """Read the arguments and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.jobs_bot")
    parser.add_argument("--database", required=True)
    parser.add_argument("--provider", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--slots", type=int)
    parser.add_argument("--profile", default=PROFILE)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--add", action="store_true")
    logging.basicConfig(level=logging.WARNING)
    print(json.dumps(asyncio.run(measure(parser.parse_args()))), flush=True)


if __name__ == "__main__":
    main()

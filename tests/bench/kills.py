"""The bot killed with -9 at random moments while members ask for videos and both sides lose replies.

Bot, local Discord, paid video API and this driver are processes of their own, once for each way in which
an API lets an unclear order be cleared up: by `key`, by its `list`, by `none`; the three run side by side.
5 % of all calls lose their reply after the effect, 5 % are answered 503. A bot that ends by itself is started
again as well. After the last kill the faults end, everything may settle, and what came of every job is
counted from outside the bot.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from tests.actor import Actor
from tests.bench.big_provider import write_big_mp4
from tests.bench.kills_bot import RestlessBot
from tests.bench.kills_members import BadDays, Channels, Crowd, follow
from tests.bench.kills_table import Table
from tests.bench.kills_tally import Evidence, Tally, prompt_of, tally
from tests.processes import ROOT, bot_settings, environment, first_line, sandbox_process

PROFILES: Mapping[str, str] = {"key": "preview", "list": "vllm-omni", "none": "openai"}
OPTIONS = ("kills", "seed", "share", "in_flight")
KILLS, QUICK_KILLS = 200, 20
SHARE = 0.05
STARTING_SHARE, STARTING_S = 0.2, (0.1, 1.5)
"""So many of the kills fall into the start of a process, counted in seconds from its birth."""
ONLINE_S = (0.0, 3.0)
"""The others fall into this span after it came online."""
ONLINE_PATIENCE_S = 30.0
SETTLE_S = 300.0
CLIP_BYTES = 40_000
PEOPLE, MOST_OPEN = 5, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What is done to the bot. `share` of all calls lose their reply, and as many are answered 503.

    `in_flight` shortens the minute that the product waits before it believes a list, seconds.
    """

    kills: int
    seed: int
    share: float = SHARE
    in_flight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one kind came to. `deaths` are processes that ended by themselves."""

    kills: int
    deaths: int
    seconds: float
    settled: bool
    faults: Mapping[str, int]
    tally: Tally

    def figures(self) -> dict[str, float]:
        """Return the numbers."""
        found = self.tally
        return {
            "kills": self.kills,
            "jobs": found.jobs,
            "lost": len(found.lost),
            "bought_twice": len(found.bought_twice),
            "posted_twice": len(found.posted_twice),
            "unsure": len(found.unsure),
            "failed": len(found.failed),
            "untold": len(found.untold),
            "unanswered": found.unanswered,
            "deaths": self.deaths,
            "settled": self.settled,
            "faults": sum(self.faults.values()),
            "seconds": round(self.seconds, 1),
        }


async def run(
    *,
    quick: bool = False,
    kills: int | None = None,
    seed: int | None = None,
    share: float | None = None,
    in_flight: float | None = None,
) -> dict[str, Any]:
    """Kill so often over the three kinds together, and return the figures of each."""
    if kills is None:
        kills = QUICK_KILLS if quick else KILLS
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    print(f"  --seed {seed}", flush=True)
    with TemporaryDirectory() as folder:
        storm = Storm(kills=kills, seed=seed, share=SHARE if share is None else share, in_flight=in_flight)
        outcomes = await measure(Path(folder), storm)
    for kind, outcome in outcomes.items():
        for line in outcome.tally.wrong:
            print(f"  {kind}: {line}")
    return {"seed": seed} | {kind: outcome.figures() for kind, outcome in outcomes.items()}


def show(figures: Mapping[str, Any]) -> None:
    """Print a table."""
    kinds = {kind: figures[kind] for kind in PROFILES}
    columns = list(next(iter(kinds.values())))
    print("  kind  " + "  ".join(column.replace("_", " ") for column in columns))
    for kind, row in kinds.items():
        print(f"  {kind:4}  " + "  ".join(f"{row[column]:>{len(column)}}" for column in columns))


async def measure(folder: Path, storm: Storm) -> dict[str, Outcome]:
    """Run the three kinds side by side; logs and tables stay in the folder."""
    clip = folder / "clip.mp4"
    await asyncio.to_thread(write_big_mp4, clip, CLIP_BYTES)
    async with asyncio.TaskGroup() as group:
        tasks = {}
        for number, kind in enumerate(PROFILES):
            home = folder / kind
            home.mkdir()
            kills = storm.kills // 3 + (number < storm.kills % 3)
            work = _one_kind(kind, home, clip, replace(storm, kills=kills))
            tasks[kind] = group.create_task(work)
    return {kind: task.result() for kind, task in tasks.items()}


async def _one_kind(kind: str, home: Path, clip: Path, storm: Storm) -> Outcome:
    started = time.monotonic()
    dice = [random.Random(f"{storm.seed} {kind} {part}") for part in ("kills", "discord", "people")]
    async with (
        provider_process(kind, home, clip, storm) as base_url,
        sandbox_process(home) as world,
        aiohttp.ClientSession() as session,
    ):
        owner, channels = Actor(session, world), Channels()
        bad_days = BadDays(owner, dice[1], share=storm.share)
        crowd = Crowd(owner, channels, name=kind, people=PEOPLE, most_open=MOST_OPEN, rng=dice[2])
        settings = bot_settings(world, base_url, home / "data") | {
            "VIDEO_API_PROFILE": PROFILES[kind],
            "LOG_LEVEL": "INFO",
        }
        bot = RestlessBot(home, settings, in_flight=storm.in_flight)
        table = Table(home / "data" / "reelbot.db", int(world["guild_id"]))
        following = asyncio.create_task(follow(session, owner, channels, bad_days))
        asking = asyncio.create_task(crowd.ask())
        try:
            while bot.kills < storm.kills:
                channels.online.clear()
                await bot.start()
                await _kill_some_time(bot, channels, dice[0])
                await table.give_up_unsure()
            crowd.stop()
            await bad_days.end()
            await _post(session, base_url, "calm")
            settled = await _settle(bot, table)
            for task in (following, asking):
                if task.done():
                    task.result()  # whoever ended too early says why
        finally:
            for task in (following, asking):
                task.cancel()
            await asyncio.gather(following, asking, return_exceptions=True)
            await bot.stop()
        truth = await _get(session, base_url, "truth")
        return Outcome(
            kills=bot.kills,
            deaths=bot.deaths,
            seconds=time.monotonic() - started,
            settled=settled,
            faults=Counter(truth["faults"]) + bad_days.faults,
            tally=tally(
                await _evidence(owner, crowd, table, [render["prompt"] for render in truth["bought"]])
            ),
        )


async def _kill_some_time(bot: RestlessBot, channels: Channels, rng: random.Random) -> None:
    starting, moment = rng.random() < STARTING_SHARE, rng.random()
    if not starting:
        online = asyncio.create_task(channels.online.wait())
        ended = asyncio.create_task(bot.ended())
        await asyncio.wait({online, ended}, timeout=ONLINE_PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        for task in (online, ended):
            task.cancel()
        await asyncio.gather(online, ended, return_exceptions=True)
    first, last = STARTING_S if starting else ONLINE_S
    if await bot.lives_for(first + moment * (last - first)):
        await bot.kill()


async def _settle(bot: RestlessBot, table: Table) -> bool:
    """Let the bot live until every job has ended and says so; say whether it came to that."""
    deadline = time.monotonic() + SETTLE_S
    await bot.start()
    while time.monotonic() < deadline:
        if not await bot.lives_for(0.5):
            await bot.start()
        rows = await table.rows()
        waiting = [row for row in rows if not row.settled]
        if not waiting:
            return True
        if any(row.state == "unsure" for row in rows) and all(row.state == "queued" for row in waiting):
            # Their slots are all that the others wait for.
            await bot.stop()
            await table.give_up_unsure()
            await bot.start()
    return False


async def _evidence(owner: Actor, crowd: Crowd, table: Table, bought: list[str]) -> Evidence:
    messages, videos = [], []
    for channel_id in crowd.channel_ids:
        for message in await owner.messages(channel_id):
            messages.append(message)
            if message["attachments"]:
                said = prompt_of(message, "> ") or ""
                videos.append((said, _inside(await owner.download(message))))
    return Evidence(
        messages=messages,
        videos=videos,
        bought=bought,
        rows=await table.rows(),
        given_up=frozenset(table.given_up),
    )


def _inside(file: bytes) -> str:
    """Return the prompt that the API wrote into the file's last box."""
    return file[CLIP_BYTES + 8 :].decode(errors="replace")


@asynccontextmanager
async def provider_process(kind: str, home: Path, clip: Path, storm: Storm) -> AsyncIterator[str]:
    """Run the paid API and give its base URL."""
    seed, share = f"{storm.seed} {kind}", str(storm.share)
    arguments = ("--safety", kind, "--seed", seed, "--share", share, "--clip", str(clip))
    with (home / "provider.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.kills_provider",
            *arguments,
            cwd=ROOT,
            env=environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    try:
        yield await first_line(process)
    finally:
        process.kill()
        await process.wait()


async def _get(session: aiohttp.ClientSession, base_url: str, path: str) -> Any:
    async with session.get(f"{base_url.removesuffix('/v1')}/{path}") as response:
        return await response.json()


async def _post(session: aiohttp.ClientSession, base_url: str, path: str) -> None:
    async with session.post(f"{base_url.removesuffix('/v1')}/{path}") as response:
        response.raise_for_status()

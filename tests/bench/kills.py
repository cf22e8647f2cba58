"""The bot killed with -9 at random moments while members ask for videos and both sides lose replies.

Bot, local Discord, paid video API and this driver are processes of their own, once for each way in which
an API lets an unclear order be cleared up: by `key`, by its `list`, by `none`; the three run side by side.
5 % of all calls lose their reply after the effect, 5 % are answered 503. A bot that ends by itself is started
again as well. What may have been charged its owner gives up, by the button. After the last kill the faults
end, everything may settle, and what came of every job is counted from outside the bot.

With `--database postgres` the bot is a gateway and two workers. A worker is also frozen (SIGSTOP) for longer
than its lease, and thawed: others have its jobs then. `held` is how many renders the API held at once at
most, `cap` how many it may. `longest s` is the longest take-over out of `watched` ones, where a second worker
was there all the time and so nothing but the lease was waited for.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.providers.profile import load_profile
from tests.actor import Actor
from tests.bench.big_provider import write_big_mp4
from tests.bench.kills_api import paid_api
from tests.bench.kills_bot import Haste
from tests.bench.kills_houses import House, on_postgres, on_sqlite
from tests.bench.kills_members import BadDays, Channels, Crowd, follow, give_up
from tests.bench.kills_table import Read, read_rows
from tests.bench.kills_takeover import TakeOver, drivers, read_take_overs, take_over_figures
from tests.bench.kills_tally import Evidence, Tally, prompt_of, tally
from tests.bench.kills_victims import Victims
from tests.processes import bot_settings, sandbox_process
from tests.storage.postgres_server import PostgresServer

PROFILES: Mapping[str, str] = {"key": "preview", "list": "vllm-omni", "none": "openai"}
OPTIONS = ("kills", "seed", "share", "in_flight", "lease", "database")
KILLS, QUICK_KILLS = 200, 20
SHARE = 0.05
LEASE_S = 4.0
KILLS_A_FREEZE = 4
QUIET_S = 3.0
SETTLE_S = 300.0
STRIKE_S, STARTED_S = 20.0, 3.0
CLIP_BYTES = 40_000
PEOPLE, MOST_OPEN = 5, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What is done to the bot, over its three kinds together.

    `share` of all calls lose their reply, and as many are answered 503. `freezes` need `haste.lease`.
    """

    kills: int
    seed: int
    freezes: int = 0
    share: float = SHARE
    haste: Haste

    def part(self, number: int) -> "Storm":
        """Return what one of the three kinds takes of it."""

        def third(all_of_them: int) -> int:
            return all_of_them // 3 + (number < all_of_them % 3)

        return replace(self, kills=third(self.kills), freezes=third(self.freezes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one kind came to. `deaths` are processes that ended by themselves."""

    kills: int
    freezes: int
    deaths: int
    seconds: float
    settled: bool
    faults: Mapping[str, int]
    held: int
    cap: int
    tally: Tally
    take_overs: list[TakeOver] | None

    def figures(self) -> dict[str, float]:
        """Return the numbers."""
        found = self.tally
        figures: dict[str, float] = {
            "kills": self.kills,
            "jobs": found.jobs,
            "lost": len(found.lost),
            "bought_twice": len(found.bought_twice),
            "posted_twice": len(found.posted_twice),
            "unsure": len(found.unsure),
            "failed": len(found.failed),
            "untold": len(found.untold),
            "unanswered": found.unanswered,
            "ignored": len(found.ignored),
            "held": self.held,
            "cap": self.cap,
            "deaths": self.deaths,
            "settled": self.settled,
            "faults": sum(self.faults.values()),
            "seconds": round(self.seconds, 1),
        }
        if self.take_overs is not None:
            figures |= {"freezes": self.freezes, **take_over_figures(self.take_overs)}
        return figures


async def run(
    *,
    quick: bool = False,
    kills: int | None = None,
    seed: int | None = None,
    share: float | None = None,
    in_flight: float | None = None,
    lease: float | None = None,
    database: str | None = None,
) -> dict[str, Any]:
    """Kill so often over the three kinds together, and return the figures of each."""
    if kills is None:
        kills = QUICK_KILLS if quick else KILLS
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    print(f"  --seed {seed}", flush=True)
    storm = Storm(
        kills=kills,
        seed=seed,
        share=SHARE if share is None else share,
        haste=Haste(in_flight=in_flight),
    )
    with TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        server = None
        if database == "postgres":
            server = stack.enter_context(PostgresServer.made(durable=True))
            storm = replace(
                storm, freezes=kills // KILLS_A_FREEZE, haste=hurried(lease or LEASE_S, in_flight)
            )
        outcomes = await measure(Path(folder), storm, server)
    for kind, outcome in outcomes.items():
        for line in outcome.tally.wrong:
            print(f"  {kind}: {line}")
    return {"seed": seed} | {kind: outcome.figures() for kind, outcome in outcomes.items()}


def hurried(lease: float, in_flight: float | None = None) -> Haste:
    """Shorten the lease, and the wait before a list is believed as much: three leases, as in the product."""
    return Haste(lease=lease, in_flight=in_flight or 3 * lease)


def show(figures: Mapping[str, Any]) -> None:
    """Print a table."""
    kinds = {kind: figures[kind] for kind in PROFILES}
    columns = list(next(iter(kinds.values())))
    print("  kind  " + "  ".join(column.replace("_", " ") for column in columns))
    for kind, row in kinds.items():
        print(f"  {kind:4}  " + "  ".join(f"{row[column]:>{len(column)}}" for column in columns))


async def measure(folder: Path, storm: Storm, server: PostgresServer | None = None) -> dict[str, Outcome]:
    """Run the three kinds side by side, on SQLite without a server; logs stay in the folder."""
    clip = folder / "clip.mp4"
    await asyncio.to_thread(write_big_mp4, clip, CLIP_BYTES)
    async with asyncio.TaskGroup() as group:
        tasks = {}
        for number, kind in enumerate(PROFILES):
            home = folder / kind
            home.mkdir()
            work = _one_kind(kind, home, clip, storm.part(number), server)
            tasks[kind] = group.create_task(work)
    return {kind: task.result() for kind, task in tasks.items()}


async def _one_kind(
    kind: str, home: Path, clip: Path, storm: Storm, server: PostgresServer | None
) -> Outcome:
    started = time.monotonic()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        seed = f"{storm.seed} {kind}"
        dice = [random.Random(f"{seed} {part}") for part in ("kills", "discord", "people")]
        api = await stack.enter_async_context(
            paid_api(home, session, safety=kind, seed=seed, share=storm.share, clip=clip)
        )
        world = await stack.enter_async_context(sandbox_process(home))
        settings = bot_settings(world, api.base_url, home / "data") | {
            "VIDEO_API_PROFILE": PROFILES[kind],
            "LOG_LEVEL": "INFO",
        }
        if server is None:
            house = on_sqlite(home, settings, storm.haste)
        else:
            house = await stack.enter_async_context(on_postgres(home, settings, storm.haste, server))
        channels, member = Channels(), Actor(session, world)
        bad_days = BadDays(member, dice[1], share=storm.share)
        crowd = Crowd(member, channels, name=kind, people=PEOPLE, most_open=MOST_OPEN, rng=dice[2])
        victims = Victims(house.bots, channels.online, dice[0], lease=storm.haste.lease or 0.0)
        owner = member.known((await member.call("GET", "world"))["guild"]["owner_id"])
        background = [
            asyncio.create_task(follow(session, member, channels, bad_days)),
            asyncio.create_task(crowd.ask()),
            asyncio.create_task(give_up(owner, channels)),
        ]
        try:
            await victims.start()
            strikes = 0 if server is None else min(storm.kills, 1)
            await victims.suffer(kills=storm.kills - strikes, freezes=storm.freezes)
            if strikes:
                await _strike_whoever_drives(victims, house)
            crowd.stop()
            await bad_days.end()
            await api.be_calm()
            settled = await _settle(victims, house.read)
            for task in background:
                if task.done():
                    task.result()  # whoever ended too early says why
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await victims.stop()
        truth = await api.truth()
        bought = [render["prompt"] for render in truth["bought"]]
        return Outcome(
            kills=victims.kills,
            freezes=victims.freezes,
            deaths=victims.deaths,
            seconds=time.monotonic() - started,
            settled=settled,
            faults=Counter(truth["faults"]) + bad_days.faults,
            held=truth["held"],
            cap=load_profile(PROFILES[kind]).slots,
            tally=tally(await _evidence(member, crowd, house.read, bought, victims)),
            take_overs=None if server is None else await read_take_overs(house.read, victims.blows),
        )


async def _strike_whoever_drives(victims: Victims, house: House) -> None:
    """Kill a worker in the middle of a job while the other one watches."""
    end = time.monotonic() + STRIKE_S
    await victims.live(STARTED_S)
    workers = [bot for bot in house.bots if bot.command == "worker"]
    found: list[str] = []
    while not found and time.monotonic() < end:
        await victims.live(0.05)
        alive = [bot.name for bot in workers]
        found = [process for process in await drivers(house.read) if process in alive]
    await victims.strike(found[0] if found else workers[0].name)


async def _settle(victims: Victims, read: Read) -> bool:
    """Let the bot live until every job has ended and says so; say whether it came to that.

    It must stay so for a while: an edit that was under way may land behind the end, and then the end is shown
    once more.
    """
    deadline, quiet_since = time.monotonic() + SETTLE_S, time.monotonic()
    while time.monotonic() < deadline:
        await victims.live(0.5)
        if not all(row.settled for row in await read_rows(read)):
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET_S:
            return True
    return False


async def _evidence(member: Actor, crowd: Crowd, read: Read, bought: list[str], victims: Victims) -> Evidence:
    messages, videos = [], []
    for channel_id in crowd.channel_ids:
        for message in await member.messages(channel_id):
            messages.append(message)
            if message["attachments"]:
                said = prompt_of(message, "> ") or ""
                videos.append((said, _inside(await member.download(message))))
    return Evidence(
        messages=messages,
        videos=videos,
        bought=bought,
        rows=await read_rows(read),
        kills=[blow.at for blow in victims.blows if not blow.process.startswith("worker")],
    )


def _inside(file: bytes) -> str:
    """Return the prompt that the API wrote into the file's last box."""
    return file[CLIP_BYTES + 8 :].decode(errors="replace")

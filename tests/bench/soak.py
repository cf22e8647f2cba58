"""Half an hour of two videos a second, the gateway cut every minute: what is lost, what grows, what it costs.

`reelbot run` (with more slots), local Discord and paid video API are processes of their own. Members in
several channels ask at a fixed rate, whatever becomes of what was asked before; then everything may settle,
and what came of every job is counted from outside the bot.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.actor import Actor
from tests.bench.kills_table import read_rows
from tests.bench.kills_tally import Tally, tally
from tests.bench.soak_feed import LIMITED
from tests.bench.soak_samples import slope
from tests.bench.soak_world import World, gather_evidence, left_behind, open_world

OPTIONS = ("minutes", "rate")
MINUTES, QUICK_MINUTES, RATE = 30.0, 2.0, 2.0
PEOPLE, CHANNELS = 60, 12
DROP_S, SAMPLE_S = 60.0, 10.0
SETTLE_S, SETTLE_LOOK_S = 180.0, 2.0


@dataclass(slots=True, kw_only=True)
class Asked:
    """What the members met: seconds until the bot answered, and commands that it did not answer."""

    acks: list[float]
    errors: list[str]


async def run(
    *, quick: bool = False, minutes: float | None = None, rate: float | None = None
) -> dict[str, Any]:
    """Ask for so many minutes and return the figures."""
    if minutes is None:
        minutes = QUICK_MINUTES if quick else MINUTES
    with TemporaryDirectory(prefix="soak-") as folder:
        return await measure(Path(folder), minutes=minutes, rate=RATE if rate is None else rate)


def show(figures: Mapping[str, Any]) -> None:
    """Print a line a figure."""
    for key, value in figures.items():
        if key == "memory_mb_by_minute":
            continue
        print(f"  {key:28} {value:,.3f}" if isinstance(value, float) else f"  {key:28} {value}")


async def measure(folder: Path, *, minutes: float, rate: float) -> dict[str, Any]:
    """Run it in a folder, where logs and tables stay."""
    async with open_world(folder) as world:
        people, channel_ids = await _settle_in(world.owner)
        asked, drops = Asked(acks=[], errors=[]), 0
        world.samples.take()
        background = [
            asyncio.create_task(_alive(world.bot)),
            asyncio.create_task(world.calls.follow(world.session, world.owner)),
            asyncio.create_task(world.samples.run(SAMPLE_S)),
        ]
        asking = asyncio.create_task(_ask(people, channel_ids, asked, seconds=minutes * 60, rate=rate))
        try:
            while not (await asyncio.wait({asking, *background}, timeout=DROP_S))[0]:
                drops += (await world.owner.call("POST", "gateway", {"action": "drop"}))["sessions"]
            _check(background)
            await asking
            settled = await _settled(world)
            _check(background)
        finally:
            for task in (asking, *background):
                task.cancel()
            await asyncio.gather(asking, *background, return_exceptions=True)
        world.samples.take()
        found = tally(await gather_evidence(world, channel_ids))
        for line in found.wrong:
            print(f"  {line}")
        told = {"minutes": minutes, "rate": rate, "drops": drops, "settled": settled}
        return told | _figures(world, found, asked) | await asyncio.to_thread(left_behind, folder)


def _check(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Let whoever ended too early say why."""
    for task in tasks:
        if task.done():
            task.result()


async def _alive(bot: asyncio.subprocess.Process) -> None:
    raise RuntimeError(f"the bot ended with {await bot.wait()}")


def _figures(world: World, found: Tally, asked: Asked) -> dict[str, Any]:
    calls, edits, jobs = world.calls, world.calls.edits(), max(1, found.jobs)
    bot = world.samples.taken["bot"]
    memory = {
        f"{name}_mb_{what}": value
        for name, taken in world.samples.taken.items()
        for what, value in {
            "first": taken[0].mb,
            "last": taken[-1].mb,
            "peak": max(sample.mb for sample in taken),
            "per_hour": slope(taken, after=1 / 3),
            "per_hour_late": slope(taken, after=2 / 3),
        }.items()
    }
    return {
        "jobs": found.jobs,
        "lost": len(found.lost),
        "bought_twice": len(found.bought_twice),
        "posted_twice": len(found.posted_twice),
        "unsure": len(found.unsure),
        "failed": len(found.failed),
        "untold": len(found.untold),
        "ignored": len(found.ignored),
        "errors": len(asked.errors),
        "ack_ms_p50": statistics.median(asked.acks) * 1000,
        "ack_ms_p99": sorted(asked.acks)[len(asked.acks) * 99 // 100] * 1000,
        "ack_ms_max": max(asked.acks) * 1000,
        **memory,
        "bot_cpu_s_per_job": (bot[-1].cpu - bot[0].cpu) / jobs,
        "bot_files_first": bot[0].files,
        "bot_files_last": bot[-1].files,
        "discord_calls_per_job": calls.total / jobs,
        "calls_refused_429": calls.by_status[LIMITED],
        "edits_per_status_mean": statistics.mean(edits),
        "edits_per_status_max": edits[-1],
        "calls_per_job_by_route": {
            route: round(number / jobs, 3) for route, number in calls.by_route.most_common(12)
        },
        "calls_by_status": dict(calls.by_status),
        "memory_mb_by_minute": {
            name: [round(sample.mb, 2) for sample in taken[:: int(60 / SAMPLE_S)]]
            for name, taken in world.samples.taken.items()
        },
    }


async def _settle_in(owner: Actor) -> tuple[Sequence[Actor], Sequence[str]]:
    channel_ids = [
        (await owner.call("POST", "channels", {"name": f"videos-{number}"}))["id"]
        for number in range(CHANNELS)
    ]
    return [await owner.another(f"member {number}") for number in range(PEOPLE)], channel_ids


async def _ask(
    people: Sequence[Actor], channel_ids: Sequence[str], asked: Asked, *, seconds: float, rate: float
) -> None:
    """Ask at even moments; a late answer holds nobody up."""
    loop = asyncio.get_running_loop()
    begin = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in itertools.count():
            at = number / rate
            if at >= seconds:
                return
            await asyncio.sleep(begin + at - loop.time())
            member = people[number % len(people)]
            channel_id = channel_ids[number % len(channel_ids)]
            group.create_task(_ask_once(member, channel_id, f"job {number}", asked))


async def _ask_once(member: Actor, channel_id: str, prompt: str, asked: Asked) -> None:
    begin = time.monotonic()
    answer = await member.invoke("video", channel_id=channel_id, prompt=prompt, seconds=4)
    if answer.get("error") is None:
        asked.acks.append(time.monotonic() - begin)
    else:
        asked.errors.append(str(answer["error"]))


async def _settled(world: World) -> bool:
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        if all(row.settled for row in await read_rows(world.read)):
            return True
        await asyncio.sleep(SETTLE_LOOK_S)
    return False

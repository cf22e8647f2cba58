"""A command to its acknowledgement, 50 a second, beside a bare discord.py bot that only echoes.

Three processes, as in earnest: the local Discord, the bot, the video API. The time is the local Discord's
own: from the event on the gateway to the callback on the REST side. The echo bot answers the same commands at
the same rate in a sandbox of its own, right after.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import aiohttp

from tests.actor import Actor
from tests.processes import ROOT, bot_settings, command, environment, preview_process, sandbox_process

RATE = 50
SECONDS = 10


async def run(*, quick: bool = False) -> dict[str, float]:
    """Measure both bots; all values in milliseconds."""
    seconds = 2 if quick else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        ours = await _measure(Path(folder) / "ours", seconds, echo=False)
        echo = await _measure(Path(folder) / "echo", seconds, echo=True)
    return {
        "commands": len(ours),
        "p50_ms": _percentile(ours, 50),
        "p99_ms": _percentile(ours, 99),
        "max_ms": max(ours),
        "echo_p50_ms": _percentile(echo, 50),
        "echo_p99_ms": _percentile(echo, 99),
        "echo_max_ms": max(echo),
    }


async def _measure(folder: Path, seconds: int, *, echo: bool) -> list[float]:
    folder.mkdir()
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        sandbox_process(folder) as world,
        preview_process(folder) as base_url,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        actor = Actor(session, world)
        await actor.call("POST", "limits", {"enabled": False})
        if echo:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(ROOT / "tests" / "bench" / "echo_bot.py"),
                env=environment(
                    DISCORD_TOKEN=world["token"],
                    DISCORD_API_URL=world["discord_api_url"],
                    DISCORD_GATEWAY_URL=world["discord_gateway_url"],
                ),
            )
            try:
                return await _load(actor, seconds)
            finally:
                process.kill()
                await process.wait()
        settings = bot_settings(world, base_url, folder / "data") | {"LOG_LEVEL": "WARNING"}
        async with command("run", cwd=folder, settings=settings):
            return await _load(actor, seconds)


async def _load(actor: Actor, seconds: int) -> list[float]:
    await actor.bot_online()
    members = [await actor.another(f"member{number}") for number in range(RATE)]

    async def one(number: int) -> float:
        answer = await members[number % RATE].invoke("video", prompt=f"command {number}", seconds=4)
        assert answer.get("error") is None, answer
        return float(answer["ack_ms"])

    await asyncio.gather(*(one(number) for number in range(5)))  # warm up
    loop = asyncio.get_running_loop()
    start, tasks = loop.time(), []
    for number in range(RATE * seconds):
        await asyncio.sleep(max(0.0, start + number / RATE - loop.time()))
        tasks.append(asyncio.create_task(one(number)))
    return list(await asyncio.gather(*tasks))


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]

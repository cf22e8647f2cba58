"""A 95 MB video from the API to a message: how much memory that takes, beside bare httpx and discord.py.

The bot, the local Discord (a server that takes files of 100 MB) and the floor are processes of their own.
Memory is resident memory beyond the idle process, looked at every 20 ms from outside; idle is before the
first video of its life, so that whatever is loaded for it counts too. `rss_again_mb` is the same for a second
video right after, beyond the same idle process.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.actor import Actor
from tests.bench.big_floor import NAME
from tests.bench.big_provider import BigProvider
from tests.bench.resident import Watch, resident_mb
from tests.processes import ROOT, bot_settings, command, environment, first_line, sandbox_process

MEGABYTES, QUICK_MEGABYTES = 95, 20
IDLE_S = 2.0
PATIENCE_S = 120.0


async def run(*, quick: bool = False) -> dict[str, float]:
    """Measure, in MB of 1,000,000 bytes; `quick` takes 20 MB."""
    megabytes = QUICK_MEGABYTES if quick else MEGABYTES
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        async with (
            BigProvider(megabytes=megabytes) as provider,
            sandbox_process(root) as world,
            aiohttp.ClientSession() as session,
        ):
            actor = Actor(session, world)
            await actor.call("POST", "limits", {"enabled": False})
            await actor.call("POST", "guild", {"premium_tier": 3})
            floor = await _floor(world, provider, root)
            settings = bot_settings(world, provider.base_url, root / "data") | {"LOG_LEVEL": "WARNING"}
            async with command("run", cwd=root, settings=settings) as bot:
                await actor.bot_online()
                await asyncio.sleep(IDLE_S)
                idle = resident_mb(bot.pid)
                first = await _one(actor, session, provider, bot.pid)
                second = await _one(actor, session, provider, bot.pid)
            length = provider.length
    return {
        "file_mb": length / 1e6,
        "rss_mb": first - idle,
        "rss_again_mb": second - idle,
        "floor_rss_mb": floor,
        "idle_mb": idle,
    }


async def _one(actor: Actor, session: aiohttp.ClientSession, provider: BigProvider, pid: int) -> float:
    """Return the most that the process held while one video went through."""
    async with _watched(pid) as watch:
        status = await actor.video("a very long film", seconds=4)
        await actor.until(status["id"], lambda message: "🎨" in message["content"])
        async with session.ws_connect(f"{actor.world['control_url']}/socket") as socket:
            provider.finish()
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    event = await socket.receive_json()
                    if event["event"] == "MESSAGE_CREATE" and event["data"].get("attachments"):
                        break
        [attachment] = event["data"]["attachments"]
        assert attachment["size"] == provider.length, attachment
        assert attachment["filename"] != NAME
        await actor.until(status["id"], lambda message: "✅" in message["content"])
    return watch.peak_mb


async def _floor(world: Mapping[str, str], provider: BigProvider, root: Path) -> float:
    """Return what a bare fetch and delivery takes beyond the idle process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.bench.big_floor", "--file", str(root / "floor.mp4")),
        *("--content", f"{provider.base_url}/videos/any/content", "--channel", world["channel_id"]),
        cwd=ROOT,
        env=environment(
            DISCORD_TOKEN=world["token"],
            DISCORD_API_URL=world["discord_api_url"],
            DISCORD_GATEWAY_URL=world["discord_gateway_url"],
        ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert await first_line(process) == "ready"
        await asyncio.sleep(IDLE_S)
        idle = resident_mb(process.pid)
        async with _watched(process.pid) as watch, asyncio.timeout(PATIENCE_S):
            assert process.stdin is not None
            process.stdin.write(b"go\n")
            assert await first_line(process) == "sent"
        return watch.peak_mb - idle
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _watched(pid: int) -> AsyncIterator[Watch]:
    watch = Watch(pid)
    looking = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)

"""Provider done to video visible for a 9 MB file, beside a bare download and upload of the same bytes.

The floor is what nobody can avoid: one GET of the content to a file and one multipart POST of it, by the same
HTTP libraries, against the same servers. Bot and floor take turns. The bot's time runs from the provider's
reply "completed" to the local Discord having the message, so that the wait for a poll does not count.
"""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
import httpx

from tests.actor import Actor
from tests.bench.big_provider import BigProvider
from tests.processes import bot_settings, command, sandbox_process

MEGABYTES = 9
ROUNDS = 9
REST_SECONDS = 1.0
"""Both start from rest: the bot has waited for its poll, and a cold processor is slower."""


async def run(*, quick: bool = False) -> dict[str, float]:
    """Measure; seconds and the ratio to the floor, medians."""
    rounds = 3 if quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        async with (
            BigProvider(megabytes=MEGABYTES) as provider,
            sandbox_process(root) as world,
            aiohttp.ClientSession() as session,
        ):
            actor = Actor(session, world)
            await actor.call("POST", "limits", {"enabled": False})
            settings = bot_settings(world, provider.base_url, root / "data") | {"LOG_LEVEL": "WARNING"}
            async with command("run", cwd=root, settings=settings):
                await actor.bot_online()
                ours, floor = [], []
                for number in range(rounds + 1):
                    ours.append(await _ours(actor, session, provider, number))
                    floor.append(await _floor(world, provider, root))
    ours, floor = ours[1:], floor[1:]  # the first warms up
    return {
        "file_mb": provider.length / 1e6,
        "seconds": statistics.median(ours),
        "floor_seconds": statistics.median(floor),
        "x_floor": statistics.median(ours) / statistics.median(floor),
        "x_floor_best": min(ours) / min(floor),
    }


async def _ours(actor: Actor, session: aiohttp.ClientSession, provider: BigProvider, number: int) -> float:
    status = await actor.video(f"round {number}", seconds=4)
    await actor.until(status["id"], lambda message: "🎨" in message["content"])
    # Listening instead of looking again and again: whoever polls slows down what is measured.
    async with session.ws_connect(f"{actor.world['control_url']}/socket") as socket:
        provider.finish()
        async with asyncio.timeout(60):
            while True:
                event = await socket.receive_json()
                if event["event"] == "MESSAGE_CREATE" and event["data"].get("attachments"):
                    break
    call = (await _posts(actor))[-1]
    await actor.until(status["id"], lambda message: "✅" in message["content"])
    return _visible_at(call) - provider.told_at


def _visible_at(call: dict[str, float]) -> float:
    return float(call["at"]) + float(call["ms"]) / 1000


async def _posts(actor: Actor) -> list[dict[str, float]]:
    calls = await actor.call("GET", "requests")
    path = f"/channels/{actor.world['channel_id']}/messages"
    return [call for call in calls if call["method"] == "POST" and call["path"] == path]


async def _floor(world: dict[str, str], provider: BigProvider, root: Path) -> float:
    path = root / "floor.mp4"
    headers = {"Authorization": f"Bot {world['token']}"}
    async with httpx.AsyncClient() as client, aiohttp.ClientSession(headers=headers) as session:
        await asyncio.sleep(REST_SECONDS)
        started = time.time()
        async with client.stream("GET", f"{provider.base_url}/videos/any/content") as response:
            with path.open("wb") as file:
                async for chunk in response.aiter_bytes(1 << 20):
                    file.write(chunk)
        with path.open("rb") as file:
            form = aiohttp.FormData()
            form.add_field("payload_json", json.dumps({"content": "floor"}), content_type="application/json")
            form.add_field("files[0]", file, filename="floor.mp4", content_type="application/octet-stream")
            url = f"{world['discord_api_url']}/channels/{world['channel_id']}/messages"
            async with session.post(url, data=form) as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()
        return time.time() - started

"""kill -9 of the whole bot while a video is on its way: from the video API, or to Discord."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web

from tests.actor import Actor, Message
from tests.e2e.cut_line import CutLine
from tests.e2e.faulty_api import CLIP, FaultyApi, box
from tests.processes import bot_settings, command, kill, sandbox_process

BIG = CLIP + box(b"free", bytes(8 << 20))
HALF = len(BIG) // 2
POST = {"method": "POST", "path": r"/channels/\d+/messages$"}


class HaltingApi(FaultyApi):
    """Sends half of the first content and then nothing more; later ones are whole, or the rest."""

    def __init__(self) -> None:
        super().__init__(honours_keys=True)
        self.asked: list[str | None] = []

    async def _content(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.headers.get("Range"))
        headers = {"ETag": '"one"', "Content-Length": str(len(BIG))}
        if len(self.asked) == 1:
            response = web.StreamResponse(headers=headers)
            await response.prepare(request)
            await response.write(BIG[:HALF])
            await self._closing.wait()
            return response
        first = int((self.asked[-1] or "bytes=0-")[6:-1])
        headers |= {"Content-Length": str(len(BIG) - first)}
        headers |= {"Content-Range": f"bytes {first}-{len(BIG) - 1}/{len(BIG)}"} if first else {}
        return web.Response(status=206 if first else 200, body=BIG[first:], headers=headers)


class HoldingLine(CutLine):
    """Takes the first post of a message whole, and hands it on only when it is released."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.arrived, self.release, self.done = (asyncio.Event() for _ in range(3))

    async def _forward(self, request: web.Request) -> web.Response:
        is_post = request.method == "POST" and request.path.endswith("/messages")
        if not is_post or self.arrived.is_set():
            return await super()._forward(request)
        await request.read()
        self.arrived.set()
        await self.release.wait()
        try:
            return await super()._forward(request)
        finally:
            self.done.set()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def posts(owner: Actor) -> list[dict[str, Any]]:
    """Return every POST of a message that Discord has done with, answered or not."""
    calls = await owner.call("GET", "requests")
    return [call for call in calls if call["method"] == "POST" and call["path"].endswith("/messages")]


async def delivered_once(owner: Actor, api: FaultyApi, status: Message) -> None:
    """Wait for the end: one video, bought once."""
    await owner.until(status["id"], lambda message: "✅" in message["content"])
    assert api.bought("a fox") == 1
    assert len([message for message in await owner.messages() if message["attachments"]]) == 1


async def test_a_bot_killed_in_the_middle_of_an_upload_posts_once(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Discord reads nothing for a while, so that the large file is stuck half-way."""
    async with sandbox_process(tmp_path) as world, FaultyApi(honours_keys=True, clip=BIG) as api:
        settings = bot_settings(world, api.base_url, tmp_path / "data")
        owner = Actor(session, world)
        await owner.call("POST", "faults", {**POST, "delay_s": 4})

        async def begun() -> bool | None:
            return (await owner.call("GET", "faults") == []) or None

        async def both_were_seen() -> bool | None:
            return len(await posts(owner)) == 2 or None

        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            status = await owner.video("a fox", seconds=4)
            await owner.eventually(begun, lambda: "the upload")
            kill(bot)
            assert await bot.wait() == -signal.SIGKILL
        async with command("run", cwd=tmp_path, settings=settings):
            await owner.eventually(both_were_seen, lambda: "the second upload")
            await delivered_once(owner, api, status)
        assert sorted(call["status"] for call in await posts(owner)) == [0, 200]


@pytest.mark.parametrize("late", [False, True], ids=["before the next start", "after the next start's post"])
async def test_an_upload_that_outlives_the_bot_is_posted_once(
    tmp_path: Path, session: aiohttp.ClientSession, late: bool
) -> None:
    """The whole request has left when the bot is killed; Discord works on it a little later."""
    async with sandbox_process(tmp_path) as world, FaultyApi(honours_keys=True) as api:
        path = urlsplit(world["discord_api_url"]).path
        async with HoldingLine(world["discord_api_url"].removesuffix(path)) as line:
            settings = bot_settings(world, api.base_url, tmp_path / "data")
            settings["DISCORD_API_URL"] = f"{line.url}{path}"
            owner = Actor(session, world)
            async with command("run", cwd=tmp_path, settings=settings) as bot:
                await owner.bot_online()
                status = await owner.video("a fox", seconds=4)
                await asyncio.wait_for(line.arrived.wait(), 30)
                kill(bot)
                assert await bot.wait() == -signal.SIGKILL
            assert [m for m in await owner.messages() if m["attachments"]] == []
            if not late:
                line.release.set()
                await owner.result_of(status)
            async with command("run", cwd=tmp_path, settings=settings):
                await owner.until(status["id"], lambda message: "✅" in message["content"])
                line.release.set()
                await asyncio.wait_for(line.done.wait(), 30)
                await delivered_once(owner, api, status)
            assert [call["status"] for call in await posts(owner)] == [200] * (1 + late)


async def test_a_bot_killed_while_it_downloads_goes_on_with_the_part(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, HaltingApi() as api:
        settings = bot_settings(world, api.base_url, tmp_path / "data")
        owner = Actor(session, world)

        async def half_is_here() -> Path | None:
            found = (tmp_path / "data").rglob("*.part.mp4")
            return next((part for part in found if part.stat().st_size >= HALF - (1 << 20)), None)

        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            status = await owner.video("a fox", seconds=4)
            part = await owner.eventually(half_is_here, lambda: "half of the file")
            kill(bot)
            assert await bot.wait() == -signal.SIGKILL
        kept = part.stat().st_size
        async with command("run", cwd=tmp_path, settings=settings):
            result = await owner.result_of(status)
            await delivered_once(owner, api, status)
            assert await owner.download(result) == BIG
    assert api.asked == [None, f"bytes={kept}-"]

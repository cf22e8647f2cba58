"""What `reelbot sandbox` runs: the bot can be restarted from the page, and a data folder keeps everything."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import discord
import pytest

from bot.commands.sandboxed import SandboxedBot
from bot.sandbox.server import SandboxServer
from tests.actor import Actor


@pytest.fixture
async def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[aiohttp.ClientSession]:
    """Give an HTTP client; the library's addresses, which a bot changes, are put back afterwards."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    gateway = discord.gateway.DiscordWebSocket
    monkeypatch.setattr(gateway, "DEFAULT_GATEWAY", gateway.DEFAULT_GATEWAY)
    monkeypatch.chdir(tmp_path)
    async with aiohttp.ClientSession() as client:
        yield client


async def test_a_restart_in_the_middle_loses_nothing(session: aiohttp.ClientSession, tmp_path: Path) -> None:
    async with SandboxServer(data_dir=tmp_path) as server, SandboxedBot(server, tmp_path):
        person = Actor(session, server.describe())
        assert (await person.call("GET", "world"))["backstage"] is True
        status = await person.video(seconds=4)
        await person.until(status["id"], lambda message: "Rendering" in message["content"])
        [job] = (await person.call("GET", "provider"))["jobs"]
        assert (job["status"], job["prompt"]) == ("in_progress", "a red fox in snow")
        first, second = await asyncio.gather(
            person.call("POST", "bot", {"action": "restart"}),
            person.call("POST", "bot", {"action": "restart"}),
        )
        assert first == {"online": True}
        assert "already" in second["error"]
        assert (await person.result_of(status))["attachments"][0]["filename"].endswith(".mp4")
        assert len((await person.call("GET", "provider"))["jobs"]) == 1, "nothing was ordered again"


async def test_a_data_folder_keeps_channel_and_videos_and_what_is_being_made(
    session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    async with SandboxServer(data_dir=tmp_path, keep=True) as server, SandboxedBot(server, tmp_path):
        person = Actor(session, server.describe())
        done = await person.result_of(await person.video(seconds=4))
        video = await person.download(done)
        await person.react(done, "👍")
        pending = await person.video("a paper boat", seconds=4)
        await person.until(pending["id"], lambda message: "Rendering" in message["content"])
        before = server.describe()
    async with SandboxServer(data_dir=tmp_path, keep=True) as server, SandboxedBot(server, tmp_path):
        assert server.describe()["token"] == before["token"]
        person = Actor(session, server.describe())
        again = await person.message(done["id"])
        assert again is not None
        assert await person.download(again) == video
        assert again["reactions"][0]["count"] == 2, "the bot's own and Mara's"
        assert (await person.result_of(pending))["attachments"], "what was rendering is delivered"

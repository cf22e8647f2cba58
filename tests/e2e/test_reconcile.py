"""`reelbot reconcile`: what the API has beside what the bot knows, put together by the owner."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.actor import Actor, Message, short_id_of
from tests.e2e.lossy_api import LossyApi
from tests.processes import bot_settings, command, preview_process, sandbox_process


class Stage:
    """A sandbox and a video API as processes, and what `reelbot` is started with."""

    def __init__(
        self, folder: Path, world: dict[str, str], preview: str, api: LossyApi, owner: Actor
    ) -> None:
        self.folder = folder
        self.preview = preview
        self.api = api
        self.owner = owner
        settings = bot_settings(world, api.base_url, folder / "data")
        self.settings = settings | {"VIDEO_API_PROFILE": "openai"}

    async def reconcile(self, *arguments: str, code: int = 0) -> str:
        """Run the command and return what it prints; where it must fail, its one sentence."""
        log = self.folder / "reconcile.log"
        log.unlink(missing_ok=True)
        async with command("reconcile", *arguments, cwd=self.folder, settings=self.settings) as process:
            assert process.stdout is not None
            printed = (await process.stdout.read()).decode()
            assert await process.wait() == code, log.read_text()
        if code:
            said = log.read_text()
            assert "Traceback" not in said
            assert len(said.splitlines()) == 1
            return said
        return printed

    async def table(self) -> Any:
        return json.loads(await self.reconcile("--json"))

    async def unsure(self, prompt: str) -> Message:
        """Let an order's reply be lost while a bot runs."""
        self.api.lost = 1
        async with command("run", cwd=self.folder, settings=self.settings):
            await self.owner.bot_online()
            status = await self.owner.video(prompt, seconds=4)
            return await self.owner.until(status["id"], lambda message: "⚠️" in message["content"])

    async def creates(self) -> int:
        """Count what the API was paid for."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.preview}/videos", params={"limit": "100"}) as response,
        ):
            return len((await response.json())["data"])

    async def order(self, prompt: str) -> str:
        """Buy a video without any bot, and return its id."""
        order = {"prompt": prompt, "seconds": "4", "size": "1280x720"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.preview}/videos", json=order) as response,
        ):
            return str((await response.json())["id"])


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with (
        sandbox_process(tmp_path) as world,
        preview_process(tmp_path) as preview,
        LossyApi(preview) as api,
        aiohttp.ClientSession() as session,
    ):
        yield Stage(tmp_path, world, preview, api, Actor(session, world))


async def test_an_unsure_job_is_given_its_video_and_delivers_it(stage: Stage) -> None:
    status = await stage.unsure("a lost letter")
    short = short_id_of(status)
    found = await stage.table()
    [video] = found["videos"]
    assert video["job"] is None
    assert video["prompt"] == "a lost letter"
    assert [(job["id"], job["state"]) for job in found["jobs"]] == [(short, "unsure")]
    for_people = await stage.reconcile()
    assert video["id"] in for_people
    assert "no job" in for_people
    assert short in for_people

    assert "knows no video" in await stage.reconcile("--attach", short, "video_nonsense", code=1)
    assert "There is no job" in await stage.reconcile("--attach", "ZZZZZ", video["id"], code=1)
    assert short in await stage.reconcile("--attach", short.lower(), video["id"])
    assert "needs no video" in await stage.reconcile("--attach", short, video["id"], code=1)
    [video] = (await stage.table())["videos"]
    assert (video["job"]["id"], video["job"]["state"]) == (short, "rendering")
    posting = ("--post", video["id"], "--channel", stage.owner.world["channel_id"])
    assert f"belongs to job {short}" in await stage.reconcile(*posting, code=1)

    async with command("run", cwd=stage.folder, settings=stage.settings):
        await stage.owner.result_of(status)
        said = await stage.reconcile(code=2)
        assert "already uses" in said
        assert "stop it first" in said
    assert await stage.creates() == 1


async def test_a_video_that_nobody_knows_is_brought_to_a_channel(stage: Stage) -> None:
    bob = await stage.owner.another("bob")
    video_id = await stage.order("a message in a bottle")
    posting = ("--post", video_id, "--channel", stage.owner.world["channel_id"], "--member", bob.user_id)
    printed = json.loads(await stage.reconcile(*posting, "--json"))
    [status] = await stage.owner.messages()
    assert short_id_of(status) == printed["job"]["id"]
    assert "a message in a bottle" in status["content"]
    assert "belongs to job" in await stage.reconcile(*posting, code=1)
    async with command("run", cwd=stage.folder, settings=stage.settings):
        result = await stage.owner.result_of(status)
        assert f"<@{bob.user_id}>" in result["content"]
        await stage.owner.until(status["id"], lambda message: "✅" in message["content"])
    assert await stage.creates() == 1


async def test_what_cannot_be_posted_is_told_in_a_sentence(stage: Stage) -> None:
    assert "belong together" in await stage.reconcile("--post", "v", code=2)
    assert "knows no video" in await stage.reconcile("--post", "v", "--channel", "1", code=1)
    video_id = await stage.order("nowhere to go")
    said = await stage.reconcile("--post", video_id, "--channel", "1", code=1)
    assert "The bot sees no channel 1." in said
    assert [video["job"] for video in (await stage.table())["videos"]] == [None]

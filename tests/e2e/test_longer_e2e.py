"""`/video` with more seconds than the model makes at once, in the local Discord with real renders."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import av
import pytest
from PIL import Image

from tests.actor import Actor, Message, picture_option
from tests.e2e.conftest import Stage
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process


async def proposed(owner: Actor, **options: Any) -> Message:
    """Ask for a longer video and return its private proposal."""
    answer = await owner.invoke("video", prompt="a river from its spring to the sea", **options)
    assert answer.get("error") is None, answer
    shown = await owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
    assert shown["flags"] & 64
    return shown


async def started(owner: Actor, proposal: Message) -> Message:
    answer = await owner.click(proposal, "Start")
    return await owner.until(str(answer["message"]["id"]), lambda message: "🎞️" in message["content"])


async def whole(owner: Actor) -> Message:
    async def look() -> Message | None:
        for message in await owner.messages():
            if "in one piece" in message["content"] and message["attachments"]:
                return message
        return None

    return await owner.eventually(look, lambda: "the whole video")


def length_of(video: bytes) -> float:
    with av.open(io.BytesIO(video), "r") as container:
        assert container.duration is not None
        return container.duration / av.time_base


def picture(width: int, height: int, colour: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(target, "PNG")
    return target.getvalue()


async def test_twenty_seconds_are_twelve_and_eight(stage: Stage) -> None:
    proposal = await proposed(stage.owner, seconds=20)
    assert "in 2 parts of 12 + 8 s" in proposal["content"]
    assert "one video of 20 s." in proposal["content"]
    assert "2 clips, 20 s" in proposal["content"]
    assert await stage.bought() == 0
    board = await started(stage.owner, proposal)
    result = await whole(stage.owner)
    shown = await stage.owner.until(board["id"], lambda message: "✅ Done" in message["content"])
    assert "`1` ✅ 12 s ·" in shown["content"]
    assert "`2` ✅ 8 s ·" in shown["content"]
    assert await stage.bought() == 2
    assert abs(length_of(await stage.owner.download(result)) - 20) < 0.1


async def test_it_begins_with_the_picture_and_goes_on_from_there(stage: Stage) -> None:
    image = picture_option(picture(720, 1280, "darkgreen"))
    wide = await proposed(stage.owner, seconds=20, image=image, size="1280x720")
    assert "so it is cropped to the frame" in wide["content"]
    proposal = await proposed(stage.owner, seconds=14, image=image, seed=7)
    assert "cropped" not in proposal["content"]
    assert "(nearest to 14 s)" in proposal["content"]
    assert "720×1280" in proposal["content"], "the picture's shape decides"
    await started(stage.owner, proposal)
    result = await whole(stage.owner)
    video = await stage.owner.download(result)
    with av.open(io.BytesIO(video)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (720, 1280)
    assert stage.app is not None
    jobs = [m for m in await stage.owner.messages() if "-# Part" in m["content"]]
    assert len(jobs) == 2


async def test_what_cannot_be_made_of_parts_is_refused_before_anything_is_kept(stage: Stage) -> None:
    owner = stage.owner
    assert "up to 120 s can be joined" in await owner.refused("video", prompt="a river", seconds=121)
    assert "prompt is empty" in await owner.refused("video", prompt="\u200b", seconds=20)
    assert await stage.bought() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_bot_killed_in_its_second_part_orders_nothing_twice(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path, pace=1.0) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            image = picture_option(picture(1280, 720, "teal"))
            board = await started(owner, await proposed(owner, seconds=24, image=image))
            await owner.until(board["id"], lambda m: re.search("`2` ⏳.*%", m["content"]) is not None)
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings):
            result = await whole(owner)
            await owner.until(board["id"], lambda message: "✅ Done" in message["content"])
        async with session.get(f"{base_url}/videos", params={"limit": "100"}) as response:
            assert len((await response.json())["data"]) == 2
        assert abs(length_of(await owner.download(result)) - 24) < 0.1

"""Better words in the sandbox: what was proposed outlives a kill, and only what was accepted is ordered."""

import contextlib
import json
import socket
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.prompts.enhance import enhance
from bot.providers.prompt_writer import build_writer
from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage
from tests.e2e.test_processes import creates_of
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process
from tests.providers.sites import Site
from tests.providers.test_prompt_api import completion

FOX = "A red fox runs through the snow"
BETTER = "A red fox with a bushy tail runs through deep snow at dawn, tracking shot, soft light."


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def dialog_of(owner: Actor, answer: dict[str, Any]) -> Message:
    """Return the private dialog that follows a command or a form."""
    assert answer.get("error") is None, answer
    dialog = await owner.until(str(answer["message"]["id"]), lambda message: bool(message["embeds"]))
    assert dialog["flags"] & 64
    return dialog


def texts(dialog: Message) -> list[str]:
    return [embed["description"] for embed in dialog["embeds"] if not embed["title"].startswith("💡")]


async def pressed(owner: Actor, dialog: Message, label: str) -> Message:
    """Press a button that orders, and return the status message."""
    answer = await owner.click(dialog, label)
    assert answer.get("error") is None, answer
    return await owner.until(str(answer["message"]["id"]), lambda message: "🎬" in message["content"])


async def test_killed_between_dialog_and_press_and_while_rendering_it_is_one_order(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with (
        sandbox_process(tmp_path) as world,
        preview_process(tmp_path, pace=1.0) as base_url,
        Site(completion(json.dumps({"prompt": BETTER}))) as model,
    ):
        settings = bot_settings(world, base_url, tmp_path / "data")
        settings |= {"PROMPT_API_BASE_URL": f"{model.url}/v1", "PROMPT_API_MODEL": "m-1"}
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            answer = await owner.invoke("video", prompt=FOX, enhance=True, seconds=4, size="720x1280")
            dialog = await dialog_of(owner, answer)
            assert texts(dialog) == [FOX, BETTER]
            kill(bot)
            await bot.wait()
        assert await creates_of(session, base_url) == []
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            status = await pressed(owner, dialog, "Use it")
            await owner.until(status["id"], lambda message: "🎨" in message["content"])
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings):
            await owner.result_of(status)
            await owner.until(status["id"], lambda message: "✅" in message["content"])
            assert await owner.message(dialog["id"]) is None, "the question is answered"
        assert len(await creates_of(session, base_url)) == 1
        assert len(model.requests) == 1, "nobody is asked again for what is kept"
    [row] = rows(tmp_path / "data")
    assert row == (BETTER, FOX, 4)


def rows(data: Path) -> list[tuple[Any, ...]]:
    [path] = data.rglob("*.db")
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT prompt, typed_prompt, seconds FROM jobs").fetchall()


async def test_a_language_model_that_is_silent_is_replaced_by_the_rules(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.stop_bot()
    monkeypatch.setattr("bot.app.build_writer", partial(build_writer, time_limit=0.5))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("PROMPT_API_BASE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        await stage.start_bot()
        dialog = await dialog_of(stage.owner, await stage.owner.invoke("enhance", prompt=FOX))
    assert texts(dialog) == [FOX, enhance(FOX)]
    assert "did not answer in time" in dialog["content"]
    status = await pressed(stage.owner, dialog, "Use it")
    await stage.owner.result_of(status)
    assert await stage.bought() == 1


async def test_a_prompt_is_built_edited_and_ordered(stage: Stage) -> None:
    owner = stage.owner
    form = await owner.invoke("build")
    parts = ("一只红狐狸在雪地里奔跑", "", "", "清晨柔和的阳光", "")
    dialog = await dialog_of(owner, await submitted(owner, form, *parts))
    own, better = texts(dialog)
    assert own == "一只红狐狸在雪地里奔跑。清晨柔和的阳光。"
    assert better.startswith(own)
    words = "一只蓝狐狸在雪地里奔跑，低角度跟拍，清晨柔和的阳光。"
    await submitted(owner, await owner.click(dialog, "Edit"), words)
    dialog = await owner.until(dialog["id"], lambda message: texts(message)[-1] == words)
    status = await pressed(owner, dialog, "Use it")
    await owner.result_of(status)
    job = await stage.job(short_id_of(status))
    assert (job.request.prompt, job.request.typed) == (words, own)
    assert await stage.bought() == 1


async def submitted(owner: Actor, answer: dict[str, Any], *values: str) -> dict[str, Any]:
    """Send the form that an interaction opened, its fields in order."""
    names = [part["component"]["custom_id"] for part in answer["modal"]["components"]]
    body = {"interaction_id": answer["interaction_id"], "values": dict(zip(names, values, strict=True))}
    sent = await owner.call("POST", "submit", body)
    assert isinstance(sent, dict)
    return sent


async def test_hints_come_after_the_order_and_to_its_author_alone(stage: Stage) -> None:
    other = await stage.owner.another("bob")
    status = await stage.owner.video("an amazing fox, cut to a beach", seconds=4)

    async def look() -> Message | None:
        hints = [message for message in await stage.owner.messages() if "Next time" in message["content"]]
        return hints[0] if hints else None

    hints = await stage.owner.eventually(look)
    assert hints["flags"] & 64
    assert len(hints["content"].splitlines()) == 2
    assert "`/story`" in hints["content"]
    assert hints["message_reference"]["message_id"] == status["id"]
    assert (await other.invoke("check", prompt="a fox"))["message"]["flags"] & 64
    await stage.owner.result_of(status)
    assert await stage.bought() == 1

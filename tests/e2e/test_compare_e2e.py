"""`/compare` in the local Discord: two videos, votes, the end; kill -9 before either is shown."""

import asyncio
import contextlib
import signal
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.actor import Actor, Message, short_id_of
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process

EDIT = {"method": "PATCH", "path": r"/channels/\d+/messages/\d+$", "delay_s": 5}
"""Discord takes so long for the next edit by bot token: the bot is killed meanwhile."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def names(message: Message) -> list[str]:
    return [attachment["filename"] for attachment in message["attachments"]]


def labels(message: Message) -> list[str]:
    return [item.get("label") or "" for row in message["components"] for item in row["components"]]


async def an_edit_has_begun(owner: Actor) -> None:
    async def look() -> bool | None:
        return await owner.call("GET", "faults") == [] or None

    await owner.eventually(look, lambda: "the edit")


async def killed(bot: asyncio.subprocess.Process) -> None:
    kill(bot)
    assert await bot.wait() == -signal.SIGKILL


def rows(data: Path, sql: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(data / "reelbot.db")) as database:
        return database.execute(sql).fetchall()


async def test_kills_before_it_is_shown_and_before_its_end_leave_one_of_each(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path) as base_url:
        settings, data = bot_settings(world, base_url, tmp_path / "data"), tmp_path / "data"
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            bob, carol = await owner.another("bob"), await owner.another("carol")
            ids = []
            for prompt in ("a paper boat", "a lighthouse"):
                status = await owner.video(prompt, seconds=4)
                ids.append(short_id_of(await owner.result_of(status)))
                await owner.until(status["id"], lambda message: "✅" in message["content"])
            # Of one the original is not kept any more: it is taken from its message.
            next((data / "originals").glob(f"{ids[1]}-*.mp4")).unlink()
            await owner.call("POST", "faults", EDIT)
            answer = await owner.invoke("compare", first=ids[0], second=ids[1], votes=2)
            assert answer.get("error") is None, answer
            await an_edit_has_begun(owner)
            await killed(bot)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            shown = await owner.until(
                answer["message"]["id"], lambda message: len(message["attachments"]) == 2
            )
            assert names(shown) == ["A.mp4", "B.mp4"]
            for told in (*ids, "paper boat", "lighthouse", owner.user_id):
                assert told not in shown["content"]
            assert labels(shown) == ["👍 A is better", "👍 B is better", "🏁 End now"]
            assert "chose **B**" in await bob.press(shown, "B is better")
            assert "chose **A**" in await bob.press(shown, "A is better"), "the last one counts"
            assert "Only the person" in await bob.press(shown, "End now")
            await owner.call("POST", "faults", EDIT)
            assert "the last vote" in await carol.press(shown, "A is better")
            await an_edit_has_begun(owner)
            await killed(bot)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            ended = await owner.until(shown["id"], lambda message: "🏆" in message["content"])

            async def settled() -> bool | None:
                return rows(data, "SELECT shown FROM comparisons") == [(1,)] or None

            await owner.eventually(settled)
            bot.terminate()
            assert await bot.wait() == 0
        assert "**A** is better, says the vote: 2 to 0" in ended["content"]
        assert all(told in ended["content"] for told in (*ids, "paper boat", "lighthouse"))
        assert names(ended) == ["A.mp4", "B.mp4"]
        assert labels(ended) == ["📋 Details of A", "📋 Details of B"]
        assert len([m for m in await owner.messages() if names(m) == ["A.mp4", "B.mp4"]]) == 1
        left, _ = ended["content"].split("**B** was")
        [(job_id,)] = rows(data, "SELECT DISTINCT job_id FROM comparison_votes")
        [(short_id,)] = rows(data, f"SELECT short_id FROM jobs WHERE id = '{job_id}'")
        assert short_id in left, "the votes are of the video that was A"
        assert list((data / "fitted").iterdir()) == []

"""Reels: on demand, and by themselves with a bot that is killed between the decision and the post."""

import io
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import av
import pytest

from bot.domain.feedback import ReelEvery
from bot.domain.reel import ended
from tests.actor import Actor, Message
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def rows(data: Path, sql: str) -> list[Any]:
    """Read the bot's database beside it."""
    with closing(sqlite3.connect(f"file:{data / 'reelbot.db'}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


def move_to_last_week(data: Path, channel_id: str) -> None:
    """Let everything have happened in the week that ended, and wish for weekly reels since before it."""
    now = round(datetime.now(UTC).timestamp() * 1000)
    week = ended(ReelEvery.WEEK, now)
    day = round(timedelta(days=1).total_seconds() * 1000)
    with closing(sqlite3.connect(data / "reelbot.db")) as database, database:
        then = week.start + 2 * day
        database.execute("UPDATE jobs SET created_at = ?, finished_at = ?", (then, then + 9000))
        (guild_id,) = database.execute("SELECT DISTINCT guild_id FROM jobs").fetchone()
        database.execute(
            "INSERT INTO feedback_settings (guild_id, style, scale, author_votes, letter, favourite, removal,"
            " best_from, reel_every, reel_channel_id, reel_since)"
            " VALUES (?, 'thumbs', '{\"👍\": 100, \"👎\": 0}', 1, 1, 1, 1, 3, 'week', ?, ?)",
            (guild_id, int(channel_id), week.start),
        )


async def voted_video(owner: Actor, prompt: str, *voters: Actor) -> Message:
    """Have a video made, wait for its vote emoji, and vote for it."""
    result = await owner.result_of(await owner.video(prompt, seconds=4))
    await owner.until(result["id"], lambda message: len(message.get("reactions", ())) >= 2)
    for voter in voters:
        await voter.react(result, "👍")
    return result


async def test_a_weekly_reel_of_a_bot_that_is_killed_comes_once(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    data = tmp_path / "data"
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path) as base_url:
        settings = bot_settings(world, base_url, data)
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            bob = await owner.another("bob")
            first = await voted_video(owner, "a bridge in fog", owner, bob)
            second = await voted_video(owner, "a red fox in snow", owner)

            async def counted() -> bool | None:
                return rows(data, "SELECT count(*) FROM votes WHERE counts = 1") == [(3,)] or None

            await owner.eventually(counted, lambda: "the votes in the table")
            asked = await owner.invoke("best", period="week", count=3)
            on_demand = await owner.result_of(asked["message"])
            assert f"<@{owner.user_id}> Your reel is ready" in on_demand["content"]
            check_reel(on_demand, first, second)
            check_file(await owner.download(on_demand))
            bot.terminate()
            await bot.wait()
        move_to_last_week(data, world["channel_id"])
        before = {message["id"] for message in await owner.messages()}
        post = f"^/channels/{world['channel_id']}/messages$"

        # Killed when the decision is written and the message is on its way: nothing has been posted.
        await owner.call("POST", "faults", {"method": "POST", "path": post, "delay_s": 600})
        async with command("run", cwd=tmp_path, settings=settings) as bot:

            async def decided() -> bool | None:
                return rows(data, "SELECT id FROM postings WHERE intent_at IS NOT NULL") != [] or None

            await owner.eventually(decided, lambda: "the decision")
            kill(bot)
            await bot.wait()
        await owner.call("DELETE", "faults")
        assert {message["id"] for message in await owner.messages()} == before

        # Killed when the message stands there and its reply is lost: nobody has written it down.
        await owner.call("POST", "faults", {"method": "POST", "path": post, "drop": "after"})
        async with command("run", cwd=tmp_path, settings=settings) as bot:

            async def stands() -> bool | None:
                return any(message["id"] not in before for message in await owner.messages()) or None

            await owner.eventually(stands, lambda: "the opening message")
            kill(bot)
            await bot.wait()

        async with command("run", cwd=tmp_path, settings=settings) as bot:

            async def came() -> list[Message] | None:
                new = [message for message in await owner.messages() if message["id"] not in before]
                done = [message for message in new if message["attachments"]]
                closed = [message for message in new if "✅" in message["content"]]
                return new if done and closed else None

            new = await owner.eventually(came, lambda: "the reel")
            kill(bot)
            await bot.wait()
        assert len(new) == 2, [message["content"] for message in new]
        opening, reel = new
        assert opening["content"].startswith("🎬 Best of the week")
        assert reel["message_reference"]["message_id"] == opening["id"]
        assert reel["content"].startswith("Here it is: 🏆 **Best of the week")
        check_reel(reel, first, second)
        assert len(rows(data, "SELECT id FROM jobs WHERE id LIKE 'best-%'")) == 1


def check_reel(reel: Message, first: Message, second: Message) -> None:
    """The credits name both videos in their order and call nobody but who asked; the sheet stands below."""
    lines = reel["content"].splitlines()
    assert lines[1].startswith("🥇")
    assert first["id"] in lines[1]
    assert "100 % · 2 votes" in lines[1]
    assert lines[2].startswith("🥈")
    assert second["id"] in lines[2]
    assert reel["embeds"][0]["image"]["url"]


def check_file(data: bytes) -> None:
    """Title, two clips of four seconds, one fade."""
    with av.open(io.BytesIO(data), "r") as container:
        assert container.duration is not None
        assert container.duration / av.time_base == pytest.approx(2 + 4 + 4 - 0.5, abs=0.2)

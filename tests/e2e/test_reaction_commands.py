"""✉️ ⭐ ❌ under videos, and the best-of copy that is posted once, also when the bot is killed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process

MANAGE_GUILD, MANAGE_MESSAGES = str(1 << 5), str(1 << 13)


async def open_hall(owner: Actor, *, stars: int) -> str:
    """Make the best-of channel of the server and return it."""
    channel = await owner.call("POST", "channels", {"name": "best-of"})
    manager = await owner.another("manager", permissions=MANAGE_GUILD)
    answer = await manager.invoke("settings best", **{"channel": channel["id"], "from": stars})
    assert answer.get("error") is None, answer
    await manager.until(answer["message"]["id"], lambda message: channel["id"] in message["content"])
    return str(channel["id"])


async def delivered(who: Actor, prompt: str) -> tuple[Message, Message]:
    status = await who.video(prompt, seconds=4, seed=7)
    result = await who.result_of(status)
    await who.until(status["id"], lambda message: "✅" in message["content"])
    return status, result


async def in_channel(who: Actor, channel_id: str, count: int) -> list[Message]:
    """Wait until so many messages stand there."""

    async def look() -> list[Message] | None:
        found = await who.messages(channel_id)
        return found if len(found) == count else None

    return await who.eventually(look, lambda: f"{count} messages in {channel_id}")


async def gone(who: Actor, message: Message, channel_id: str | None = None) -> None:
    async def look() -> bool | None:
        return await who.message(message["id"], channel_id) is None or None

    await who.eventually(look, lambda: f"the end of {message['content']}")


async def test_letters_favourites_and_removal(stage: Stage) -> None:
    hall = await open_hall(stage.owner, stars=2)
    alice, bob, carol = [await stage.owner.another(name) for name in ("alice", "bob", "carol")]
    closed = await stage.owner.another("closed", dms=False)
    machine = await stage.owner.another("machine", bot=True)
    status, result = await delivered(alice, "a paper boat @everyone")
    short_id = short_id_of(result)

    # ✉️: the video and its settings, once a press; who takes no messages gets none, and nobody is told.
    await closed.react(result, "✉️")
    private = await bob.in_private()
    for _ in range(2):
        await bob.react(result, "✉️")
        await bob.unreact(result, "✉️")
    [letter] = await in_channel(bob, private.world["channel_id"], 1)
    assert len(letter["attachments"]) == 1
    for said in (short_id, "a paper boat", "1280×720", "4 s", "Seed** 7", result["id"]):
        assert said in letter["content"]
    assert await private.download(letter) == await bob.download(result)

    # ⭐: from two others than the author on there is a copy; once, also if a star goes and comes again.
    for person in (alice, machine, bob):
        await person.react(result, "⭐")
    await bob.unreact(result, "⭐")
    await bob.react(result, "⭐")
    await carol.react(result, "⭐")
    [copy] = await in_channel(carol, hall, 1)
    assert copy["content"].startswith(f"⭐ **{short_id}**")
    assert f"<@{alice.user_id}>" in copy["content"]
    assert "2 stars" in copy["content"]
    assert f"{result['channel_id']}/{result['id']}" in copy["content"]
    assert copy["mentions"] == []
    assert copy["mention_everyone"] is False
    assert await carol.download(copy) == await carol.download(result)
    await carol.unreact(result, "⭐")
    await stage.stop_bot()
    await stage.start_bot()
    await carol.react(result, "⭐")

    # Neither 👎 nor the ❌ of somebody else deletes anything.
    await alice.react(result, "👎")
    await bob.react(result, "❌")
    _, other = await delivered(bob, "a tin boat")
    await alice.react(other, "⭐")
    await carol.react(other, "⭐")
    copies = await in_channel(carol, hall, 2)
    assert copies[0]["id"] == copy["id"], "every star before these was heard, and the first copy is one"
    assert await alice.message(result["id"]) is not None

    # ❌: the author deletes one, a moderator the other, each with its copy.
    moderator = await stage.owner.another("moderator", permissions=MANAGE_MESSAGES)
    await alice.react(result, "❌")
    await moderator.react(other, "❌")
    for message in (status, result, other):
        await gone(alice, message)
    for message in copies:
        await gone(alice, message, hall)
    assert "deleted since" in await alice.refused("show", id=short_id)


@pytest.mark.pace(30.0)
async def test_a_cross_under_the_progress_cancels(stage: Stage) -> None:
    alice, bob = await stage.owner.another("alice"), await stage.owner.another("bob")
    status = await alice.video("a slow boat", seconds=4)
    await bob.react(status, "❌")
    await alice.until(status["id"], lambda message: "🎨" in message["content"])
    await alice.react(status, "❌")
    await alice.until(status["id"], lambda message: "🚫" in message["content"])


async def test_a_copy_in_doubt_when_the_bot_is_killed_is_posted_once(tmp_path: Path) -> None:
    async with (
        aiohttp.ClientSession() as session,
        sandbox_process(tmp_path) as world,
        preview_process(tmp_path) as base_url,
    ):
        owner, settings = Actor(session, world), bot_settings(world, base_url, tmp_path / "data")
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            hall = await open_hall(owner, stars=1)
            fan = await owner.another("fan")
            results = [(await delivered(owner, prompt))[1] for prompt in ("one boat", "two boats")]
            post = {"method": "POST", "path": f"channels/{hall}/messages"}
            # The first copy arrives, but the bot is not told and cannot look; the second is still on its way.
            await owner.call("POST", "faults", {**post, "drop": "after"})
            await owner.call("POST", "faults", {**post, "method": "GET", "delay_s": 600})
            await owner.call("POST", "faults", {**post, "delay_s": 600})
            await fan.react(results[0], "⭐")
            await in_channel(owner, hall, 1)
            await fan.react(results[1], "⭐")
            await all_taken(owner)
            kill(bot)
            await bot.wait()
        await owner.call("POST", "clock", {"advance_s": 3600})  # by now no nonce is known any more
        async with command("run", cwd=tmp_path, settings=settings):
            copies = await in_channel(owner, hall, 2)
            ids = {message["id"] for message in copies}

            async def noted() -> bool | None:
                return posted(tmp_path / "data" / "reelbot.db") == ids or None

            await owner.eventually(noted, lambda: f"{ids} in the table")
            assert {message["id"] for message in await owner.messages(hall)} == ids
        names = {message["attachments"][0]["filename"] for message in copies}
        assert names == {f"{short_id_of(result)}-best.mp4" for result in results}


async def all_taken(owner: Actor) -> None:
    """Wait until no fault waits for its call."""

    async def look() -> bool | None:
        return await owner.call("GET", "faults") == [] or None

    await owner.eventually(look, lambda: "every fault")


def posted(path: Path) -> set[str]:
    """Read the messages that the table knows, while the bot runs."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        rows = file.execute("SELECT message_id FROM postings WHERE state = 'posted'").fetchall()
    return {str(message_id) for (message_id,) in rows}

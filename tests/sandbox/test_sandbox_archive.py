"""A sandbox that is started again, after an orderly end or a killed process, goes on where it was."""

import asyncio
import json
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from bot.sandbox.server import SandboxServer
from tests.processes import environment, first_line, kill
from tests.sandbox.rawbot import GUILD_MESSAGES, GUILD_REACTIONS, GUILDS, Person, RawBot, RawGateway

PATIENCE_S = 60.0
CHILD = """
import asyncio, json, sys
from pathlib import Path
from bot.sandbox.server import SandboxServer

async def main():
    async with SandboxServer(data_dir=Path(sys.argv[1]), keep=True) as server:
        print(json.dumps(server.describe()), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
VIDEO = {
    "name": "video",
    "name_localizations": {"de": "film"},
    "options": [
        {"type": 3, "name": "prompt", "description": "d", "required": True},
        {"type": 11, "name": "picture", "description": "d"},
    ],
}
PICTURE = {"filename": "a.png", "content_type": "image/png", "base64": "iVBORw0K"}
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
# What is made anew for every answer or every start: the port and the signature of a link.
PASSING = re.compile(r"127\.0\.0\.1:\d+|\?ex=\w+&is=\w+&hm=\w+&")


class Visit:
    """A sandbox that keeps its world, and those who use it."""

    def __init__(self, server: Any, session: aiohttp.ClientSession) -> None:
        self.server, self.session = server, session
        self.bot, self.person = RawBot(server, session), Person(server, session)

    async def send(self, **body: Any) -> dict[str, Any]:
        """Post as the bot; return the message."""
        answer = await self.bot.send(**body)
        assert answer.status == 200, answer.body
        message: dict[str, Any] = answer.body
        return message

    async def seen(self) -> dict[str, Any]:
        """Return all that the control API shows of the world, without what passes."""
        world = await self.person.do("GET", "world")
        del world["now"]
        places = [channel["id"] for channel in world["channels"]]
        shown = {
            "world": world,
            "commands": await self.person.do("GET", "commands"),
            "messages": {place: await self.person.messages(channel_id=place) for place in places},
        }
        same: dict[str, Any] = json.loads(PASSING.sub("", json.dumps(shown)))
        return same

    async def file(self, url: str) -> bytes:
        """Fetch a file."""
        async with self.session.get(url) as response:
            assert response.status == 200, await response.text()
            return await response.read()


@asynccontextmanager
async def visit(folder: Path) -> AsyncIterator[Visit]:
    """Run a sandbox on a folder."""
    kept = SandboxServer(data_dir=folder, keep=True, rate_limits=False)
    async with kept as server, aiohttp.ClientSession() as session:
        yield Visit(server, session)


async def archived(folder: Path, kind: str, id_: str, holding: str = "") -> None:
    """Wait until a record stands in the file, as another process would see it."""
    async with asyncio.timeout(PATIENCE_S):
        with closing(sqlite3.connect(f"file:{folder / 'discord.db'}?mode=ro", uri=True)) as file:
            query = "SELECT count(*) FROM kept WHERE kind = ? AND id = ? AND instr(json, ?)"
            while file.execute(query, (kind, id_, holding)).fetchone() == (0,):
                await asyncio.sleep(0.005)


async def live(sandbox: Visit) -> None:
    """Let everything happen that has to last."""
    bot, person, server = sandbox.bot, sandbox.person, sandbox.server
    await bot.register(VIDEO, {"name": "Remix", "type": 3})
    in_guild = f"/applications/{server.application_id}/guilds/{server.guild_id}/commands"
    await bot.call("PUT", in_guild, [{"name": "ours", "description": "d"}])
    wish = {"name": "Ann", "roles": ["Editors"], "permissions": ["manage_guild"], "dms": False}
    ann = await person.do("POST", "users", wish)
    await person.do("POST", "users", {"name": "Zoe", "locale": "de", "stranger": True})
    await person.do("POST", "guild", {"premium_tier": 2})
    await person.do("POST", "channels", {"name": "quiet", "nsfw": True, "deny": ["send_messages"]})
    overwrite = {"channel_id": server.channel_id, "role_or_user_id": ann["id"], "deny": ["add_reactions"]}
    await person.do("POST", "permissions", overwrite)
    await bot.call("POST", "/users/@me/channels", {"recipient_id": server.user_id})
    await person.do("POST", "clock", {"advance_s": 5000})
    asked = await person.do("POST", "messages", {"content": f"<@{server.application_id}> hello"})
    reply = await sandbox.send(
        content="one",
        message_reference={"message_id": asked["id"]},
        embeds=[{"title": "t", "fields": [{"name": "n", "value": "v"}]}],
        components=[{"type": 1, "components": [BUTTON]}],
        nonce="n1",
    )
    path = f"/channels/{server.channel_id}/messages/{reply['id']}"
    for content in ("two", "three"):
        await bot.call("PATCH", path, {"content": content})
    await bot.call("PUT", f"{path}/reactions/👍/@me")
    await person.do("POST", "react", {"message_id": reply["id"], "emoji": "👍"})
    await person.do("POST", "react", {"message_id": reply["id"], "emoji": "🎬", "burst": True})
    await bot.send_file(1000, content="clip", attachments=[{"id": 0, "description": "a film"}])
    await use_command(sandbox)
    gone = await sandbox.send(content="gone")
    await bot.call("DELETE", f"/channels/{server.channel_id}/messages/{gone['id']}")
    closed = await person.do("POST", "channels", {"name": "closed"})
    await bot.send(closed["id"], content="lost")
    await person.do("DELETE", f"channels/{closed['id']}")


async def use_command(sandbox: Visit) -> None:
    """Use a command with a picture; the bot answers for one person's eyes and then for all."""
    gateway = await RawGateway.connect(sandbox.session, sandbox.server.discord_gateway_url)
    await gateway.identify(sandbox.server.token, GUILDS)
    await gateway.event("GUILD_CREATE")
    wish = {"command": "video", "options": {"prompt": "fox", "picture": PICTURE}}
    waiting = asyncio.create_task(sandbox.person.do("POST", "invoke", wish))
    event = await gateway.event("INTERACTION_CREATE")
    await sandbox.bot.answer(event, 4, {"content": "only you", "flags": 64})
    await waiting
    await sandbox.bot.webhook(event, "POST", body={"content": "for all"})
    await gateway.socket.close()


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    async with visit(tmp_path) as first:
        await live(first)
        before = await first.seen()
        described = first.server.describe()
    async with visit(tmp_path) as second:
        assert await second.seen() == before
        again = second.server.describe()
    # The comparison is worth as much as what it compares.
    messages = [m for found in before["messages"].values() for m in found]
    assert [m["content"] for m in messages if m["visible_to"]] == ["only you"]
    three = next(m for m in messages if m["content"] == "three")
    assert [v["content"] for v in three["history"]] == ["one", "two"]
    assert [(r["emoji"]["name"], r["count"], r["me"]) for r in three["reactions"]] == [
        ("👍", 2, True),
        ("🎬", 1, False),
    ]
    assert three["referenced_message"]["content"].endswith("hello")
    assert three["components"][0]["components"][0]["custom_id"] == "go"
    assert {m["content"] for m in messages}.isdisjoint({"gone", "lost"})
    assert "closed" not in [channel.get("name") for channel in before["world"]["channels"]]
    assert [c["name"] for c in before["commands"]] == ["ours", "video", "Remix"]
    port = re.compile(r"127\.0\.0\.1:\d+")
    assert {k: port.sub("", v) for k, v in again.items()} == {
        k: port.sub("", v) for k, v in described.items()
    }


async def test_a_third_start_finds_what_two_lives_left(tmp_path: Path) -> None:
    before: dict[str, Any] = {}
    for number in range(3):
        async with visit(tmp_path) as sandbox:
            assert not before or await sandbox.seen() == before
            await sandbox.send(content=f"life {number}")
            before = await sandbox.seen()
    (messages,) = before["messages"].values()
    assert [message["content"] for message in messages] == ["life 0", "life 1", "life 2"]


async def test_what_was_written_and_then_deleted_does_not_come_back(tmp_path: Path) -> None:
    async with visit(tmp_path) as first:
        general = await first.send(content="x")
        closed = await first.person.do("POST", "channels", {"name": "closed"})
        wish = {"channel_id": closed["id"], "attachments": [PICTURE]}
        lost = await first.person.do("POST", "messages", wish)
        await archived(tmp_path, "message", lost["id"])
        await first.bot.call("DELETE", f"/channels/{first.server.channel_id}/messages/{general['id']}")
        await first.person.do("DELETE", f"channels/{closed['id']}")
        before = await first.seen()
    async with visit(tmp_path) as second:
        assert await second.seen() == before
        assert "no message" in await second.person.refused("DELETE", f"messages/{general['id']}")
        assert "no message" in await second.person.refused("DELETE", f"messages/{lost['id']}")
        assert list((tmp_path / "attachments").iterdir()) == []


async def test_files_are_served_again_also_under_an_old_address(tmp_path: Path) -> None:
    async with visit(tmp_path) as first:
        sent = (await first.bot.send_file(5000)).body["attachments"][0]
        await first.bot.register(VIDEO)
        await use_command(first)
        picture = max(path.name for path in (tmp_path / "attachments").iterdir())
    async with visit(tmp_path) as second:
        found = (await second.person.messages())[0]["attachments"][0]
        assert await second.file(found["url"]) == bytes(5000)
        old = PASSING.sub(found["url"].split("/")[2], sent["url"], count=1)
        assert await second.file(old) == bytes(5000)
        assert await second.file(f"{second.server.control_url}/files/{picture}") == b"\x89PNG\r\n"


async def test_what_nobody_names_is_swept_and_strange_names_stay(tmp_path: Path) -> None:
    async with visit(tmp_path) as first:
        kept = (await first.bot.send_file(10)).body["attachments"][0]["id"]
        closed = await first.person.do("POST", "channels", {"name": "closed"})
        wish = {"channel_id": closed["id"], "attachments": [PICTURE]}
        await first.person.do("POST", "messages", wish)
        await first.person.do("DELETE", f"channels/{closed['id']}")
    attachments = tmp_path / "attachments"
    assert len(list(attachments.iterdir())) == 2
    for name in ("upload-x1", "123", "notes.txt"):
        (attachments / name).write_text("x")
    async with visit(tmp_path):
        assert {path.name for path in attachments.iterdir()} == {kept, "notes.txt"}


async def test_ids_and_clock_go_on_although_the_machine_went_back(tmp_path: Path) -> None:
    now = 1_800_000_000.0
    ids: list[int] = []
    times: list[float] = []
    for step in (0.0, 1.0, -500.0):
        now += step
        here = SandboxServer(data_dir=tmp_path, keep=True, clock=lambda: now)  # noqa: B023 (used at once)
        async with here as server, aiohttp.ClientSession() as session:
            sandbox = Visit(server, session)
            ids.append(int((await sandbox.send(content="x"))["id"]))
            if not times:
                await sandbox.person.do("POST", "clock", {"advance_s": 86_400})
                ids.append(int((await sandbox.send(content="y"))["id"]))
            times.append((await sandbox.person.do("GET", "world"))["now"])
    assert ids == sorted(set(ids))
    assert times == [1_800_086_400, 1_800_086_401, 1_800_085_901]


@pytest.mark.parametrize("seconds", [4e9, float("inf"), float("nan"), 10**400])
async def test_a_time_that_no_id_can_hold_is_refused_for_it_would_stay(
    tmp_path: Path, seconds: float
) -> None:
    async with visit(tmp_path) as first:
        assert "the clock" in await first.person.refused("POST", "clock", {"advance_s": seconds})
    async with visit(tmp_path) as second:
        await second.send(content="x")


async def test_a_nonce_still_finds_its_message(tmp_path: Path) -> None:
    body = {"content": "once", "nonce": "n1", "enforce_nonce": True}
    async with visit(tmp_path) as first:
        sent = await first.send(**body)
    async with visit(tmp_path) as second:
        assert (await second.send(**body))["id"] == sent["id"]
        assert (await second.send(**body | {"nonce": "n2"}))["id"] != sent["id"]


async def test_registering_the_same_commands_again_keeps_their_ids(tmp_path: Path) -> None:
    async with visit(tmp_path) as first:
        registered = (await first.bot.register(VIDEO)).body
    async with visit(tmp_path) as second:
        assert (await second.bot.register(VIDEO)).body == registered


async def test_reactions_go_on_where_they_were(tmp_path: Path) -> None:
    async with visit(tmp_path) as first:
        message = await first.send(content="x")
        path = f"/channels/{message['channel_id']}/messages/{message['id']}/reactions/👍/@me"
        await first.bot.call("PUT", path)
        await first.person.do("POST", "react", {"message_id": message["id"], "emoji": "🎬"})
    async with visit(tmp_path) as second:
        await second.bot.call("DELETE", path)
        await second.person.do(
            "POST", "react", {"message_id": message["id"], "emoji": "🎬"}
        )  # has it already
    async with visit(tmp_path) as third:
        left = (await third.person.messages())[0]["reactions"]
        assert [(r["emoji"]["name"], r["count"]) for r in left] == [("🎬", 1)]


async def test_a_deleted_general_is_not_made_again(tmp_path: Path) -> None:
    async with visit(tmp_path) as first:
        await first.person.do("DELETE", f"channels/{first.server.channel_id}")
        before = await first.person.do("GET", "world")
    async with visit(tmp_path) as second:
        assert (await second.person.do("GET", "world"))["channels"] == before["channels"] == []
        assert second.server.channel_id == first.server.channel_id


async def test_a_killed_sandbox_loses_nothing_that_it_had_time_to_write(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(tmp_path), env=environment(), stdout=asyncio.subprocess.PIPE
    )
    try:
        described = json.loads(await first_line(process))
        async with aiohttp.ClientSession() as session:
            sandbox = Visit(SimpleNamespace(**described), session)
            await sandbox.person.do("POST", "limits", {"enabled": False})
            await live(sandbox)
            sent = (await sandbox.bot.send_file(100, content="last")).body
            before = await sandbox.seen()
            await archived(tmp_path, "message", sent["id"])
            kill(process)
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    async with visit(tmp_path) as second:
        assert await second.seen() == before
        assert second.server.token == described["token"]
        assert await second.file((await second.person.messages())[-1]["attachments"][0]["url"]) == bytes(100)
        assert int((await second.send(content="x"))["id"]) > int(sent["id"])


EVENTS = [
    pytest.param("users", {"name": "Ann", "locale": "de"}, "user", '"de"', id="a user"),
    pytest.param("channels", {"name": "films"}, "channel", "films", id="a channel"),
    pytest.param("guild", {"premium_tier": 3}, "sandbox", '"premium_tier": 3', id="boosts"),
    pytest.param("clock", {"advance_s": 77}, "sandbox", '"offset": 77', id="the clock"),
    pytest.param("channels", {"user_id": "mara"}, "channel", "recipients", id="a direct message channel"),
]


@pytest.mark.parametrize(("call", "wish", "kind", "words"), EVENTS)
async def test_each_change_is_written_while_the_sandbox_runs(
    tmp_path: Path, call: str, wish: dict[str, Any], kind: str, words: str
) -> None:
    async with visit(tmp_path) as sandbox:
        if "user_id" in wish:
            wish = {"user_id": sandbox.server.user_id}
        answer = await sandbox.person.do("POST", call, wish)
        id_ = answer["id"] if kind != "sandbox" else {"guild": "guild", "clock": "time"}[call]
        await archived(tmp_path, kind, id_, words)


async def test_the_page_hears_of_users_and_of_the_clock_but_the_bot_does_not(tmp_path: Path) -> None:
    async with visit(tmp_path) as sandbox:
        gateway = await RawGateway.connect(sandbox.session, sandbox.server.discord_gateway_url)
        await gateway.identify(sandbox.server.token, GUILDS | GUILD_MESSAGES | GUILD_REACTIONS)
        await gateway.event("GUILD_CREATE")
        async with sandbox.session.ws_connect(f"{sandbox.server.control_url}/socket") as feed:
            ann = await sandbox.person.do("POST", "users", {"name": "Ann"})
            told = await sandbox.person.do("POST", "clock", {"advance_s": 5})
            heard: dict[str, dict[str, Any]] = {}
            while len(heard) < 2:
                event = await feed.receive_json(timeout=PATIENCE_S)
                if event["event"] in ("SANDBOX_USER", "SANDBOX_CLOCK"):
                    heard[event["event"]] = event
        assert heard["SANDBOX_USER"]["data"] == ann
        assert abs(heard["SANDBOX_CLOCK"]["data"]["now"] - told["now"]) < 5
        assert all(event["hidden"] for event in heard.values())
        await gateway.silence()
        await gateway.socket.close()

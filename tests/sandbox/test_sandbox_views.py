"""The world, commands, messages and the feed through one person's eyes."""

import asyncio
import base64
from typing import Any

import aiohttp
import pytest

from tests.sandbox.rawbot import Person, RawBot, RawGateway

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
USE_COMMANDS, SEND, MANAGE = 1 << 31, 1 << 11, 1 << 13


async def people(person: Person) -> dict[str, str]:
    """Return the ids of the people by kind."""
    world = await person.do("GET", "world")
    return {member["kind"]: member["user"]["id"] for member in world["members"]}


async def test_the_world_names_who_may_do_what(person: Person) -> None:
    await person.do("POST", "users", {"name": "Mo", "permissions": ["manage_messages"]})
    kinds = await people(person)
    assert set(kinds) == {"owner", "bot", "member", "stranger", "moderator"}

    async def permissions(user_id: str) -> int:
        world = await person.do("GET", "world", user_id=user_id)
        return int(world["channels"][0]["permissions"])

    assert await permissions(kinds["member"]) & (USE_COMMANDS | SEND) == USE_COMMANDS | SEND
    assert not await permissions(kinds["stranger"]) & (USE_COMMANDS | SEND)
    assert await permissions(kinds["moderator"]) & MANAGE
    # New channels and new strangers follow the same rule.
    sid = (await person.do("POST", "users", {"name": "Kim", "stranger": True}))["id"]
    await person.do("POST", "channels", {"name": "later"})
    world = await person.do("GET", "world", user_id=sid)
    assert all(not int(channel["permissions"]) & SEND for channel in world["channels"])


async def test_a_world_without_a_known_person_is_the_whole_one(person: Person) -> None:
    await person.do("POST", "channels", {"user_id": person.server.user_id})
    whole = await person.do("GET", "world", user_id="1")
    assert [channel["type"] for channel in whole["channels"]] == [0, 1]
    assert whole["default_user_id"] == person.server.user_id
    assert whole["bot"] == {"id": person.server.application_id, "name": "Reelbot", "online": False}
    assert whole["upload_limit"] == 10 * 1024 * 1024
    assert whole["backstage"] is False
    owner = (await people(person))["owner"]
    seen = await person.do("GET", "world", user_id=owner)
    assert [channel["type"] for channel in seen["channels"]] == [0], "another's direct messages are private"
    own = await person.do("GET", "world", user_id=person.server.user_id)
    assert own["channels"][1]["recipients"][0]["username"] == "reelbot"


async def test_only_usable_commands_are_listed(bot: RawBot, person: Person) -> None:
    await bot.register(
        {"name": "video"},
        {"name": "settings", "default_member_permissions": 1 << 5},
        {"name": "adult", "nsfw": True},
        {"name": "servers", "contexts": [0]},
        {"name": "Animate", "type": 3},
    )
    kinds = await people(person)

    async def names(**query: str) -> set[str]:
        return {command["name"] for command in await person.do("GET", "commands", **query)}

    assert await names() == {"video", "settings", "adult", "servers", "Animate"}
    assert await names(user_id=kinds["member"]) == {"video", "servers", "Animate"}
    assert await names(user_id=kinds["owner"]) == {"video", "settings", "servers", "Animate"}
    assert await names(user_id=kinds["stranger"]) == set()
    dm = await person.do("POST", "channels", {"user_id": kinds["member"]})
    assert "servers" not in await names(user_id=kinds["member"], channel_id=dm["id"])
    assert await names(user_id=kinds["owner"], channel_id=dm["id"]) == set()


async def test_messages_come_in_pages_without_their_history(bot: RawBot, person: Person) -> None:
    sent = [(await bot.send(content=str(number))).body["id"] for number in range(5)]
    newest = await person.messages(limit="2")
    assert [message["id"] for message in newest] == sent[3:]
    older = await person.messages(limit="2", before=sent[3], history="0")
    assert [message["id"] for message in older] == sent[1:3]
    assert "history" not in older[0]
    assert "history" in newest[0]
    assert [m["id"] for m in await person.messages(after=sent[0], before=sent[2])] == [sent[1]]
    for wrong in ({"limit": "0"}, {"limit": "x"}, {"before": "x"}, {"after": "-"}, {"channel_id": "7"}):
        status, _ = await person.call("GET", "messages", **wrong)
        assert status in (400, 404), wrong


async def test_a_person_writes_with_files_and_replies(bot: RawBot, person: Person) -> None:
    original = (await bot.send(content="look")).body
    file = {"filename": "a b.png", "content_type": "image/png", "base64": base64.b64encode(PNG).decode()}
    wish = {"content": "nice", "attachments": [file], "reply_to": original["id"]}
    told = await person.do("POST", "messages", wish)
    assert told["type"] == 19
    assert told["referenced_message"]["content"] == "look"
    assert told["attachments"][0]["filename"] == "a_b.png"
    assert told["attachments"][0]["width"] == 1
    assert told["pinged"] == [person.server.application_id]


@pytest.mark.parametrize(
    "attachments", ["x", [1], [{"filename": "a"}], [{"base64": "!"}], [{"base64": ""}] * 11], ids=str
)
async def test_wrong_attachments_are_refused(person: Person, attachments: Any) -> None:
    assert await person.refused("POST", "messages", {"content": "x", "attachments": attachments})
    assert await person.messages() == []


async def test_a_stranger_is_refused_everywhere(bot: RawBot, person: Person) -> None:
    await bot.register({"name": "video"})
    message = (await bot.send(content="hello")).body
    sam = (await people(person))["stranger"]
    as_sam = {"user_id": sam}
    assert "may not write" in await person.refused("POST", "messages", {"content": "hi", **as_sam})
    assert "may not use commands" in await person.refused("POST", "invoke", {"command": "video", **as_sam})
    react = {"message_id": message["id"], "emoji": "👍", **as_sam}
    assert await person.refused("POST", "react", react) == "Missing Permissions"


async def test_an_answer_names_its_command(bot: RawBot, person: Person, gateway: RawGateway) -> None:
    option = {"type": 1, "name": "add", "description": "d"}
    await bot.register({"name": "story", "options": [option]})
    asked = asyncio.create_task(person.do("POST", "invoke", {"command": "story add"}))
    event = await gateway.event("INTERACTION_CREATE")
    await bot.answer(event, 4, {"content": "done"})
    message = (await asked)["message"]
    assert message["interaction"]["name"] == "story add"
    assert message["interaction"]["user"]["id"] == person.server.user_id


async def test_the_feed_of_a_person_holds_what_that_person_sees(
    bot: RawBot, person: Person, gateway: RawGateway, session: aiohttp.ClientSession
) -> None:
    kinds = await people(person)
    base = f"{person.server.control_url}/socket?user_id="
    secret = await person.do("POST", "channels", {"name": "secret"})
    hidden = {"channel_id": secret["id"], "role_or_user_id": kinds["stranger"], "deny": ["view_channel"]}
    await person.do("POST", "permissions", hidden)
    async with (
        session.ws_connect(base + kinds["member"]) as mara,
        session.ws_connect(base + kinds["stranger"]) as sam,
    ):
        await bot.send(secret["id"], content="for some")
        message = (await bot.send(content="for all")).body
        seen = await mara.receive_json(timeout=60)
        assert (seen["event"], seen["data"]["content"]) == ("message", "for some")
        assert (await mara.receive_json(timeout=60))["data"]["content"] == "for all"
        assert (await sam.receive_json(timeout=60))["data"]["content"] == "for all"

        react = {"message_id": message["id"], "emoji": "👍", "user_id": kinds["member"]}
        await person.do("POST", "react", react)
        mine = (await mara.receive_json(timeout=60))["data"]["reactions"][0]
        theirs = (await sam.receive_json(timeout=60))["data"]["reactions"][0]
        assert (mine["me"], theirs["me"]) == (True, False)
        assert mine["count"] == theirs["count"] == 1

        await bot.call("DELETE", f"/channels/{message['channel_id']}/messages/{message['id']}")
        place = {"id": message["id"], "channel_id": message["channel_id"]}
        assert await sam.receive_json(timeout=60) == {"event": "message_deleted", "data": place}
        assert await mara.receive_json(timeout=60) == {"event": "message_deleted", "data": place}

        await bot.register({"name": "whisper"})
        for feed in (mara, sam):
            assert (await feed.receive_json(timeout=60))["event"] == "commands"
            asked = asyncio.create_task(person.do("POST", "invoke", {"command": "whisper"}))
        while (frame := await gateway.frame()).get("t") != "INTERACTION_CREATE":
            pass
        await bot.answer(frame["d"], 4, {"content": "only you", "flags": 64})
        await asked
        assert (await mara.receive_json(timeout=60))["data"]["content"] == "only you"

        await person.do("POST", "clock", {"advance_s": 900})
        assert (await mara.receive_json(timeout=60))["event"] == "clock"
        assert (await sam.receive_json(timeout=60))["event"] == "clock", "the private answer was not for Sam"
        await person.do("POST", "channels", {"name": "new"})
        assert await sam.receive_json(timeout=60) == {"event": "world", "data": {}}


async def test_under_the_hood_calls_and_frames_are_told(
    bot: RawBot, person: Person, session: aiohttp.ClientSession
) -> None:
    user = person.server.user_id
    async with session.ws_connect(f"{person.server.control_url}/socket?user_id={user}&hood=1") as feed:
        await bot.call("GET", "/users/@me")
        call = await feed.receive_json(timeout=60)
        assert call["event"] == "request"
        assert (call["data"]["method"], call["data"]["path"], call["data"]["status"]) == (
            "GET",
            "/users/@me",
            200,
        )
        connection = await RawGateway.connect(session, person.server.discord_gateway_url)
        assert (await feed.receive_json(timeout=60))["data"]["op"] == 10
        await connection.identify(person.server.token, 1)
        heard = [await feed.receive_json(timeout=60) for _ in range(4)]
        assert [(h["event"], h["data"].get("direction"), h["data"].get("event")) for h in heard[:3]] == [
            ("gateway", "in", None),
            ("gateway", "out", "READY"),
            ("gateway", "out", "GUILD_CREATE"),
        ]
        assert heard[3] == {"event": "bot", "data": {"online": True}}
        await connection.socket.close()
        assert await feed.receive_json(timeout=60) == {"event": "bot", "data": {"online": False}}
    frames = await person.do("GET", "traffic", limit="2")
    assert [frame["event"] for frame in frames] == ["READY", "GUILD_CREATE"]
    assert len(await person.do("GET", "requests", limit="1")) == 1


async def test_a_feed_for_nobody_is_refused(person: Person, session: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await session.ws_connect(f"{person.server.control_url}/socket?user_id=1")
    assert refused.value.status == 404


async def test_a_sandbox_alone_has_no_backstage(person: Person) -> None:
    assert "runs neither" in str((await person.call("GET", "provider"))[1]["error"])
    assert "runs neither" in await person.refused("POST", "bot", {"action": "restart"})
    assert await person.refused("POST", "bot", {"action": "dance"}) == "action is restart"

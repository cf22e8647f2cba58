"""The gateway by hand: intents, close codes, resuming."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.server import SandboxServer
from tests.sandbox.rawbot import GUILD_MESSAGES, GUILD_REACTIONS, GUILDS, Person, RawBot, RawGateway


async def connect(server: SandboxServer, session: aiohttp.ClientSession) -> RawGateway:
    return await RawGateway.connect(session, server.discord_gateway_url)


async def test_a_heartbeat_is_answered(gateway: RawGateway) -> None:
    await gateway.send(1, gateway.sequence)
    assert (await gateway.frame())["op"] == 11


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        pytest.param(2, {"token": "wrong", "intents": 1}, 4004, id="wrong token"),
        pytest.param(2, {"token": "TOKEN", "intents": 1 << 1}, 4014, id="members intent"),
        pytest.param(2, {"token": "TOKEN", "intents": 1 << 15}, 4014, id="message content intent"),
        pytest.param(2, {"token": "TOKEN", "intents": 1 << 40}, 4013, id="unknown intent"),
        pytest.param(2, {"token": "TOKEN", "intents": "1"}, 4013, id="intents as text"),
        pytest.param(2, {"token": "TOKEN", "intents": 1, "shard": [1, 1]}, 4010, id="impossible shard"),
        pytest.param(2, None, 4004, id="identify with nothing"),
        pytest.param(8, {}, 4003, id="before identifying"),
        pytest.param(6, {"token": "wrong", "session_id": "x", "seq": 1}, 4004, id="resume, wrong token"),
    ],
)
async def test_a_bad_start_is_closed_with_its_code(
    server: SandboxServer, session: aiohttp.ClientSession, op: int, data: Any, code: int
) -> None:
    connection = await connect(server, session)
    if data and data.get("token") == "TOKEN":
        data = {**data, "token": server.token}
    await connection.send(op, data)
    assert await connection.close_code() == code


@pytest.mark.parametrize("text", ["{", "[]", "5", '{"d": 1}'])
async def test_what_is_no_frame_is_closed_with_4002(
    server: SandboxServer, session: aiohttp.ClientSession, text: str
) -> None:
    connection = await connect(server, session)
    await connection.socket.send_str(text)
    assert await connection.close_code() == 4002


async def test_identifying_twice_is_closed_with_4005(server: SandboxServer, gateway: RawGateway) -> None:
    await gateway.send(2, {"token": server.token, "intents": 1})
    assert await gateway.close_code() == 4005


async def test_an_unknown_opcode_is_closed_with_4001(gateway: RawGateway) -> None:
    await gateway.send(99, None)
    assert await gateway.close_code() == 4001


async def test_ready_holds_what_a_client_needs(server: SandboxServer, session: aiohttp.ClientSession) -> None:
    connection = await connect(server, session)
    ready = await connection.identify(server.token, GUILDS, shard=[0, 1])
    assert ready["user"]["id"] == server.application_id
    assert ready["application"]["id"] == server.application_id
    assert ready["guilds"] == [{"id": server.guild_id, "unavailable": True}]
    assert ready["resume_gateway_url"] == server.discord_gateway_url
    assert ready["shard"] == [0, 1]
    guild = await connection.event("GUILD_CREATE")
    assert [c["name"] for c in guild["channels"]] == ["general"]
    assert [m["user"]["id"] for m in guild["members"]] == [server.application_id]


@pytest.mark.parametrize(
    ("intents", "expected"),
    [
        pytest.param(0, [], id="none"),
        pytest.param(GUILDS, ["GUILD_CREATE", "CHANNEL_CREATE"], id="guilds"),
        pytest.param(GUILD_MESSAGES, ["MESSAGE_CREATE"], id="messages"),
        pytest.param(GUILD_REACTIONS, ["MESSAGE_REACTION_ADD"], id="reactions"),
    ],
)
async def test_events_come_by_intent(
    server: SandboxServer,
    session: aiohttp.ClientSession,
    bot: RawBot,
    person: Person,
    intents: int,
    expected: list[str],
) -> None:
    connection = await connect(server, session)
    await connection.identify(server.token, intents)
    message = (await bot.send(content="a")).body
    await person.do("POST", "react", {"message_id": message["id"], "emoji": "👍"})
    await person.do("POST", "channels", {"name": "more"})
    for name in expected:
        await connection.event(name)
    await connection.silence()


async def test_a_shard_without_the_guild_hears_nothing_of_it(
    server: SandboxServer, session: aiohttp.ClientSession, bot: RawBot
) -> None:
    mine = (int(server.guild_id) >> 22) % 2
    other = await connect(server, session)
    assert (await other.identify(server.token, GUILDS | GUILD_MESSAGES, shard=[1 - mine, 2]))["guilds"] == []
    own = await connect(server, session)
    await own.identify(server.token, GUILD_MESSAGES, shard=[mine, 2])
    await bot.send(content="a")
    await own.event("MESSAGE_CREATE")
    await other.silence()


async def test_what_others_write_comes_without_its_content(
    bot: RawBot, person: Person, gateway: RawGateway
) -> None:
    await person.do("POST", "messages", {"content": "secret"})
    assert (await gateway.event("MESSAGE_CREATE"))["content"] == ""
    await person.do("POST", "messages", {"content": f"hey <@{bot.server.application_id}>"})
    assert (await gateway.event("MESSAGE_CREATE"))["content"].startswith("hey")
    await bot.send(content="own")
    assert (await gateway.event("MESSAGE_CREATE"))["content"] == "own"


async def test_two_sessions_hear_the_same(
    server: SandboxServer, session: aiohttp.ClientSession, bot: RawBot, gateway: RawGateway
) -> None:
    second = await connect(server, session)
    await second.identify(server.token, GUILD_MESSAGES)
    sent = (await bot.send(content="a")).body
    assert (await gateway.event("MESSAGE_CREATE"))["id"] == sent["id"]
    assert (await second.event("MESSAGE_CREATE"))["id"] == sent["id"]


async def resume(
    server: SandboxServer, session: aiohttp.ClientSession, session_id: str, sequence: int
) -> RawGateway:
    connection = await connect(server, session)
    await connection.send(6, {"token": server.token, "session_id": session_id, "seq": sequence})
    return connection


async def test_a_resume_replays_what_was_missed_in_order(
    server: SandboxServer, session: aiohttp.ClientSession, bot: RawBot, person: Person, gateway: RawGateway
) -> None:
    await person.do("POST", "gateway", {"action": "drop"})
    ids = [(await bot.send(content=str(n))).body["id"] for n in range(3)]
    back = await resume(server, session, gateway.session_id, gateway.sequence)
    assert [(await back.event("MESSAGE_CREATE"))["id"] for _ in ids] == ids
    assert (await back.frame())["t"] == "RESUMED"
    live = (await bot.send(content="live")).body
    assert (await back.event("MESSAGE_CREATE"))["id"] == live["id"]


async def test_events_before_a_new_identify_are_lost(
    server: SandboxServer, session: aiohttp.ClientSession, bot: RawBot, person: Person, gateway: RawGateway
) -> None:
    await person.do("POST", "gateway", {"action": "drop"})
    await bot.send(content="lost")
    fresh = await connect(server, session)
    await fresh.identify(server.token, GUILD_MESSAGES)
    await fresh.silence()


@pytest.mark.parametrize("sequence", [999, -1, None])
async def test_a_resume_that_cannot_be_served_is_an_invalid_session(
    server: SandboxServer, session: aiohttp.ClientSession, gateway: RawGateway, sequence: Any
) -> None:
    back = await resume(server, session, gateway.session_id, sequence)
    assert await back.frame() == {"op": 9, "d": False}
    await back.identify(server.token, GUILD_MESSAGES)


async def test_a_client_that_says_goodbye_cannot_resume(
    server: SandboxServer, session: aiohttp.ClientSession, gateway: RawGateway
) -> None:
    await gateway.socket.close(code=1000)
    back = await resume(server, session, gateway.session_id, gateway.sequence)
    assert (await back.frame())["op"] == 9


async def test_a_client_that_leaves_with_4000_can_resume(
    server: SandboxServer, session: aiohttp.ClientSession, gateway: RawGateway
) -> None:
    await gateway.socket.close(code=4000)
    back = await resume(server, session, gateway.session_id, gateway.sequence)
    assert (await back.frame())["t"] == "RESUMED"


async def test_a_taken_over_session_speaks_on_the_new_socket_only(
    server: SandboxServer, session: aiohttp.ClientSession, bot: RawBot, gateway: RawGateway
) -> None:
    back = await resume(server, session, gateway.session_id, gateway.sequence)
    assert (await back.frame())["t"] == "RESUMED"
    await bot.send(content="a")
    await back.event("MESSAGE_CREATE")
    await gateway.silence()


async def test_the_sessions_can_be_asked_to_reconnect_and_be_declared_invalid(
    server: SandboxServer, person: Person, gateway: RawGateway
) -> None:
    [described] = await person.do("GET", "gateway")
    assert described["connected"]
    assert described["intents"] == GUILDS | GUILD_MESSAGES | GUILD_REACTIONS
    assert await person.do("POST", "gateway", {"reconnect": True}) == {"sessions": 1}
    assert (await gateway.frame())["op"] == 7
    assert await person.do("POST", "gateway", {"action": "invalid_session"}) == {"sessions": 1}
    assert await gateway.frame() == {"op": 9, "d": False}
    assert await person.do("GET", "gateway") == []
    await gateway.identify(server.token, GUILDS)
    assert "action is one of" in await person.refused("POST", "gateway", {"action": "explode"})


async def test_the_world_changes_are_announced(person: Person, gateway: RawGateway) -> None:
    channel = await person.do("POST", "channels", {"name": "more", "nsfw": True, "deny": ["send_messages"]})
    created = await gateway.event("CHANNEL_CREATE")
    assert (created["name"], created["nsfw"]) == ("more", True)
    denied = {overwrite["id"]: overwrite["deny"] for overwrite in created["permission_overwrites"]}
    assert denied[person.server.application_id] == str(1 << 11)
    allow = {"channel_id": channel["id"], "role_or_user_id": person.server.guild_id, "allow": "8"}
    await person.do("POST", "permissions", allow)
    changed = (await gateway.event("CHANNEL_UPDATE"))["permission_overwrites"]
    assert {"id": person.server.guild_id, "type": 0, "allow": "8", "deny": "0"} in changed
    await person.do("DELETE", f"channels/{channel['id']}")
    assert (await gateway.event("CHANNEL_DELETE"))["id"] == channel["id"]
    await person.do("POST", "guild", {"premium_tier": 3})
    assert (await gateway.event("GUILD_UPDATE"))["premium_tier"] == 3
    await person.do("POST", "users", {"name": "Fan", "roles": ["fans"]})
    assert (await gateway.event("GUILD_ROLE_CREATE"))["role"]["name"] == "fans"

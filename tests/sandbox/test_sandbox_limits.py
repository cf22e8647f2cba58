"""Permissions, rate limits and sizes over plain HTTP."""

import asyncio
from typing import Any

import pytest

from tests.sandbox.rawbot import Person, RawBot, RawGateway

EMBED = {"title": "t"}
MIB = 1024 * 1024


async def deny(person: Person, *names: str, whose: str | None = None) -> None:
    body = {
        "channel_id": person.server.channel_id,
        "role_or_user_id": whose or person.server.application_id,
        "deny": list(names),
    }
    await person.do("POST", "permissions", body)


def messages_of(bot: RawBot) -> str:
    return f"/channels/{bot.server.channel_id}/messages"


async def test_without_view_channel_everything_is_50001(bot: RawBot, person: Person) -> None:
    message = (await bot.send(content="a")).body
    await deny(person, "view_channel")
    path = f"{messages_of(bot)}/{message['id']}"
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"/channels/{bot.server.channel_id}", None),
        ("POST", messages_of(bot), {"content": "b"}),
        ("GET", messages_of(bot), None),
        ("GET", path, None),
        ("PATCH", path, {"content": "b"}),
        ("DELETE", path, None),
        ("PUT", f"{path}/reactions/👍/@me", None),
        ("POST", f"/channels/{bot.server.channel_id}/typing", None),
    ]
    answers = [await bot.call(*call) for call in calls]
    assert {(a.status, a.code) for a in answers} == {(403, 50001)}


async def test_each_act_needs_its_permission(bot: RawBot, person: Person) -> None:
    message = (await bot.send(content="a")).body
    path = f"{messages_of(bot)}/{message['id']}"
    await deny(person, "send_messages")
    assert (await bot.send(content="b")).code == 50013
    assert (await bot.call("PATCH", path, {"content": "b"})).status == 200
    await deny(person, "embed_links")
    assert (await bot.send(embeds=[EMBED])).code == 50013
    assert (await bot.send(content="b")).status == 200
    await deny(person, "attach_files")
    assert (await bot.send_file(10)).code == 50013
    await deny(person, "add_reactions")
    assert (await bot.call("PUT", f"{path}/reactions/👍/@me")).code == 50013
    await person.do("POST", "react", {"message_id": message["id"], "emoji": "👍"})
    await person.do("POST", "limits", {"enabled": False})
    assert (await bot.call("PUT", f"{path}/reactions/👍/@me")).status == 204


async def test_without_history_lists_are_empty_and_replies_refused(bot: RawBot, person: Person) -> None:
    message = (await bot.send(content="a")).body
    await deny(person, "read_message_history")
    listed = await bot.call("GET", messages_of(bot))
    assert (listed.status, listed.body) == (200, [])
    assert (await bot.call("GET", f"{messages_of(bot)}/{message['id']}")).code == 50013
    assert (await bot.send(content="b", message_reference={"message_id": message["id"]})).code == 160002
    assert (await bot.call("PUT", f"{messages_of(bot)}/{message['id']}/reactions/👍/@me")).code == 50013


async def test_an_everyone_overwrite_yields_to_a_role_and_that_to_the_member(
    bot: RawBot, person: Person
) -> None:
    everyone = bot.server.guild_id
    role = next(r["id"] for r in (await person.do("GET", "world"))["roles"] if r["name"] == "Reelbot")
    channel = bot.server.channel_id
    await deny(person, "send_messages", whose=everyone)
    assert (await bot.send(content="a")).code == 50013
    allow = {"channel_id": channel, "role_or_user_id": role, "allow": ["send_messages"]}
    await person.do("POST", "permissions", allow)
    assert (await bot.send(content="a")).status == 200
    await deny(person, "send_messages")
    assert (await bot.send(content="a")).code == 50013


async def test_a_hidden_channel_sends_no_events(bot: RawBot, person: Person, gateway: RawGateway) -> None:
    await deny(person, "view_channel")
    await gateway.event("CHANNEL_UPDATE")
    await person.do("POST", "messages", {"content": "hidden"})
    await gateway.silence()


async def test_an_answer_by_token_needs_no_permission_in_the_channel(
    bot: RawBot, person: Person, gateway: RawGateway
) -> None:
    await bot.register({"name": "video"})
    await deny(person, "view_channel", "send_messages")
    await gateway.event("CHANNEL_UPDATE")
    waiting = asyncio.create_task(person.do("POST", "invoke", {"command": "video"}))
    event = await gateway.event("INTERACTION_CREATE")
    assert event["app_permissions"] == "0"
    assert (await bot.answer(event, 4, {"content": "ok"})).status == 200
    assert (await waiting)["message"]["content"] == "ok"


async def test_a_sixth_message_in_5_seconds_is_limited_with_headers(bot: RawBot, person: Person) -> None:
    answers = [await bot.send(content=str(n)) for n in range(6)]
    assert [a.status for a in answers] == [200] * 5 + [429]
    assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["4", "3", "2", "1", "0", "0"]
    assert {a.headers["X-RateLimit-Limit"] for a in answers} == {"5"}
    assert len({a.headers["X-RateLimit-Bucket"] for a in answers}) == 1
    limited = answers[-1]
    assert 0 < limited.body["retry_after"] <= 5.01
    assert limited.body["global"] is False
    assert limited.headers["Via"]
    assert limited.headers["X-RateLimit-Scope"] == "user"
    assert float(limited.headers["Retry-After"]) >= limited.body["retry_after"] - 1
    other = await person.do("POST", "channels", {"name": "other"})
    assert (await bot.send(other["id"], content="a")).status == 200
    await person.do("POST", "clock", {"advance_s": 5.1})
    assert (await bot.send(content="a")).status == 200


async def test_edits_reactions_and_tokens_have_buckets_of_their_own(bot: RawBot) -> None:
    message = (await bot.send(content="a")).body
    path = f"{messages_of(bot)}/{message['id']}"
    edit = await bot.call("PATCH", path, {"content": "b"})
    first = await bot.call("PUT", f"{path}/reactions/👍/@me")
    second = await bot.call("PUT", f"{path}/reactions/🔥/@me")
    assert edit.headers["X-RateLimit-Remaining"] == "4"
    assert (first.status, first.headers["X-RateLimit-Limit"]) == (204, "1")
    assert second.status == 429
    assert second.body["retry_after"] <= 0.26
    assert edit.headers["X-RateLimit-Bucket"] != first.headers["X-RateLimit-Bucket"]


async def test_messages_over_an_hour_old_take_3_edits_in_6_seconds(bot: RawBot, person: Person) -> None:
    message = (await bot.send(content="a")).body
    await person.do("POST", "clock", {"advance_s": 3601})
    path = f"{messages_of(bot)}/{message['id']}"
    answers = [await bot.call("PATCH", path, {"content": str(n)}) for n in range(4)]
    assert [a.status for a in answers] == [200, 200, 200, 429]
    assert answers[-1].code == 30046
    assert answers[-1].body["retry_after"] > 5


async def test_more_than_50_calls_a_second_are_limited_globally(bot: RawBot) -> None:
    frozen = bot.server.sandbox.limits
    answers = [await bot.call("GET", "/users/@me") for _ in range(120)]
    limited = [a for a in answers if a.status == 429]
    assert frozen.enabled
    assert limited
    assert all(a.body["global"] and a.headers["X-RateLimit-Scope"] == "global" for a in limited)


async def test_limits_can_be_switched_off(bot: RawBot, person: Person) -> None:
    await person.do("POST", "limits", {"enabled": False})
    answers = [await bot.send(content=str(n)) for n in range(60)]
    assert {a.status for a in answers} == {200}
    assert "X-RateLimit-Limit" not in answers[0].headers
    assert "true or false" in await person.refused("POST", "limits", {"enabled": "no"})


@pytest.mark.parametrize(
    ("guild", "size", "status"),
    [
        pytest.param({"premium_tier": 0}, 10 * MIB, 200, id="tier 0, at the limit"),
        pytest.param({"premium_tier": 0}, 10 * MIB + 1, 413, id="tier 0, one byte over"),
        pytest.param({"premium_tier": 1}, 10 * MIB + 1, 413, id="tier 1"),
        pytest.param({"premium_tier": 2}, 10 * MIB + 1, 200, id="tier 2"),
        pytest.param({"upload_limit": 1000}, 1000, 200, id="a limit of its own"),
        pytest.param({"upload_limit": 1000}, 1001, 413, id="over a limit of its own"),
    ],
)
async def test_a_file_has_the_limit_of_its_place(
    bot: RawBot, person: Person, guild: Any, size: int, status: int
) -> None:
    await person.do("POST", "guild", guild)
    answer = await bot.send_file(size)
    assert answer.status == status
    assert status == 200 or answer.code == 40005
    assert list(bot.server.sandbox.files.directory.glob("upload-*")) == []


async def test_a_request_over_200_mib_is_refused_at_its_head(bot: RawBot) -> None:
    host, port = bot.server.discord_api_url.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    path = bot.server.discord_api_url.split(f":{port}")[1]
    head = (
        f"POST {path}{messages_of(bot)} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Authorization: Bot {bot.server.token}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {201 * MIB}\r\n\r\n"
    )
    writer.write(head.encode())
    assert b"413" in await asyncio.wait_for(reader.readline(), 60)
    writer.close()


@pytest.mark.parametrize(
    ("call", "body", "words"),
    [
        ("guild", {"premium_tier": 4}, "0, 1, 2 or 3"),
        ("guild", {"upload_limit": 0}, "number of bytes"),
        ("users", {}, "name is a text"),
        ("users", {"name": "A", "permissions": ["fly"]}, "unknown permission 'fly'"),
        ("channels", {"name": ""}, "name is a text"),
        ("permissions", {"channel_id": "1"}, "no channel 1"),
        ("clock", {"advance_s": -1}, "only goes forward"),
        ("clock", {"advance_s": "x"}, "number of seconds"),
        ("click", {"message_id": "1"}, "no message 1"),
        ("react", {"message_id": "1"}, "no message 1"),
        ("submit", {"interaction_id": "1"}, "no modal"),
        ("faults", {"drop": "later"}, "before"),
        ("faults", {"status": 1000}, "100 to 599"),
        ("faults", {"times": 0}, "from 1"),
        ("faults", {"path": "("}, "regular expression"),
        ("invoke", [], "JSON object"),
    ],
)
async def test_a_bad_wish_is_refused_in_a_sentence(person: Person, call: str, body: Any, words: str) -> None:
    assert words in await person.refused("POST", call, body)

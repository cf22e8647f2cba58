"""Messages over plain HTTP: what is kept, who is pinged, what a bot may see."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.sandbox.rawbot import Person, RawBot, RawGateway


def path_of(message: dict[str, Any]) -> str:
    return f"/channels/{message['channel_id']}/messages/{message['id']}"


async def test_a_page_of_messages_is_newest_first(bot: RawBot, person: Person) -> None:
    await person.do("POST", "limits", {"enabled": False})
    ids = [(await bot.send(content=str(n))).body["id"] for n in range(7)]
    base = f"/channels/{bot.server.channel_id}/messages"

    async def page(query: str) -> list[str]:
        return [m["content"] for m in (await bot.call("GET", f"{base}?{query}")).body]

    assert await page("limit=3") == ["6", "5", "4"]
    assert await page(f"limit=2&before={ids[3]}") == ["2", "1"]
    assert await page(f"limit=2&after={ids[3]}") == ["5", "4"]
    assert await page(f"limit=3&around={ids[3]}") == ["4", "3", "2"]
    assert (await bot.call("GET", f"{base}?limit=101")).code == 50035
    assert (await bot.call("GET", f"{base}?before=x")).code == 50035


async def test_a_nonce_posts_once_for_some_minutes_and_only_when_enforced(
    bot: RawBot, person: Person
) -> None:
    first = await bot.send(content="a", nonce="n1", enforce_nonce=True)
    again = await bot.send(content="b", nonce="n1", enforce_nonce=True)
    assert again.body["id"] == first.body["id"]
    assert again.body["content"] == "a"
    loose = await bot.send(content="c", nonce="n1")
    assert loose.body["id"] != first.body["id"]
    await person.do("POST", "clock", {"advance_s": 301})
    later = await bot.send(content="d", nonce="n1", enforce_nonce=True)
    assert later.body["content"] == "d"


MENTIONS = [
    pytest.param(None, True, True, id="nothing said: everyone named"),
    pytest.param({"parse": []}, False, False, id="nobody"),
    pytest.param({"parse": ["users"]}, True, False, id="users"),
    pytest.param({"parse": ["roles"]}, False, True, id="roles"),
    pytest.param({"parse": [], "users": ["USER"]}, True, False, id="one user"),
    pytest.param({"parse": [], "users": ["1"]}, False, False, id="another user"),
]


@pytest.mark.parametrize(("allowed", "user_pinged", "role_pinged"), MENTIONS)
async def test_allowed_mentions_decide_who_is_pinged(
    bot: RawBot, person: Person, allowed: Any, user_pinged: bool, role_pinged: bool
) -> None:
    fan = await person.do("POST", "users", {"name": "Fan", "roles": ["fans"]})
    world = await person.do("GET", "world")
    role = next(r for r in world["roles"] if r["name"] == "fans")
    bot.server.sandbox.world.guild.roles[role["id"]].mentionable = True
    if allowed and "users" in allowed:
        allowed = {**allowed, "users": [u.replace("USER", bot.server.user_id) for u in allowed["users"]]}
    body = {"content": f"<@{bot.server.user_id}> <@&{role['id']}> @everyone"}
    message = (await bot.send(**body, **({} if allowed is None else {"allowed_mentions": allowed}))).body
    assert [u["id"] for u in message["mentions"]] == [bot.server.user_id] * user_pinged
    assert message["mention_roles"] == [role["id"]] * role_pinged
    assert message["mention_everyone"] is False  # the bot has no MENTION_EVERYONE
    [shown] = await person.messages()
    assert shown["pinged"] == [bot.server.user_id] * user_pinged + [fan["id"]] * role_pinged


async def test_a_silent_message_pings_nobody_and_a_reply_pings_on_request(
    bot: RawBot, person: Person
) -> None:
    written = await person.do("POST", "messages", {"content": "hello"})
    reference = {"message_id": written["id"]}
    silent = await bot.send(content=f"<@{bot.server.user_id}>", flags=1 << 12)
    quiet = await bot.send(
        content="a", message_reference=reference, allowed_mentions={"parse": [], "replied_user": False}
    )
    loud = await bot.send(
        content="b", message_reference=reference, allowed_mentions={"parse": [], "replied_user": True}
    )
    shown = {m["id"]: m for m in await person.messages()}
    assert shown[silent.body["id"]]["pinged"] == []
    assert shown[quiet.body["id"]]["pinged"] == []
    assert shown[loud.body["id"]]["pinged"] == [bot.server.user_id]
    assert loud.body["type"] == 19
    assert loud.body["referenced_message"]["content"] == "hello"


async def test_a_reply_to_a_deleted_message_can_be_a_plain_one(bot: RawBot) -> None:
    reference = {"message_id": "1", "fail_if_not_exists": False}
    message = (await bot.send(content="a", message_reference=reference)).body
    assert message["type"] == 0
    assert "message_reference" not in message


async def test_an_edit_keeps_what_it_does_not_name(bot: RawBot, person: Person) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "a"}]}
    message = (await bot.send_file(10, content="a", components=[row])).body
    edited = (await bot.call("PATCH", path_of(message), {"content": "b"})).body
    assert [a["id"] for a in edited["attachments"]] == [a["id"] for a in message["attachments"]]
    assert edited["components"] == message["components"]
    assert edited["edited_timestamp"] is not None
    bare = (await bot.call("PATCH", path_of(message), {"attachments": [], "components": []})).body
    assert (bare["content"], bare["attachments"], bare["components"]) == ("b", [], [])
    emptied = await bot.call("PATCH", path_of(message), {"content": ""})
    assert (emptied.status, emptied.code) == (400, 50006)
    [shown] = await person.messages()
    assert (shown["content"], shown["edits"]) == ("b", 2)
    assert [v["content"] for v in shown["history"]] == ["a", "b"]
    assert [v["attachments"] for v in shown["history"]] == [["clip.mp4"], ["clip.mp4"]]


async def test_a_file_in_an_embed_leaves_the_list_of_attachments(bot: RawBot) -> None:
    embed = {"title": "t", "image": {"url": "attachment://poster.png"}}
    message = (await bot.send_file(10, "poster.png", embeds=[embed])).body
    assert message["attachments"] == []
    assert "/poster.png?ex=" in message["embeds"][0]["image"]["url"]


async def test_a_layout_resolves_its_files(bot: RawBot) -> None:
    parts = [
        {"type": 12, "items": [{"media": {"url": "attachment://clip.mp4"}}]},
        {"type": 13, "file": {"url": "attachment://clip.mp4"}},
    ]
    message = (await bot.send_file(10, flags=1 << 15, components=parts)).body
    gallery, file = message["components"]
    [attachment] = message["attachments"]
    assert gallery["items"][0]["media"]["attachment_id"] == attachment["id"]
    assert (file["name"], file["size"]) == ("clip.mp4", 10)


async def test_only_own_messages_are_edited_and_others_need_manage_messages_to_go(
    bot: RawBot, person: Person
) -> None:
    written = await person.do("POST", "messages", {"content": "mine"})
    assert (await bot.call("PATCH", path_of(written), {"content": "b"})).code == 50005
    assert (await bot.call("DELETE", path_of(written))).code == 50013
    allow = {"role_or_user_id": bot.server.application_id, "allow": ["manage_messages"]}
    await person.do("POST", "permissions", {"channel_id": bot.server.channel_id, **allow})
    assert (await bot.call("DELETE", path_of(written))).status == 204
    assert (await bot.call("DELETE", path_of(written))).code == 10008


UNKNOWN = [
    pytest.param("GET", "/channels/1", 404, 10003, id="channel"),
    pytest.param("POST", "/channels/1/messages", 404, 10003, id="message in an unknown channel"),
    pytest.param("GET", "/channels/HERE/messages/1", 404, 10008, id="message"),
    pytest.param("PATCH", "/channels/HERE/messages/1", 404, 10008, id="edit"),
    pytest.param("DELETE", "/channels/HERE/messages/1", 404, 10008, id="delete"),
    pytest.param("PUT", "/channels/HERE/messages/1/reactions/%F0%9F%91%8D/@me", 404, 10008, id="reaction"),
    pytest.param("GET", "/guilds/1", 404, 10004, id="guild"),
    pytest.param("GET", "/guilds/GUILD/members/1", 404, 10007, id="member"),
    pytest.param("GET", "/users/1", 404, 10013, id="user"),
    pytest.param("GET", "/nowhere", 404, 0, id="route"),
    pytest.param("PUT", "/users/@me", 405, 0, id="method"),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), UNKNOWN)
async def test_what_does_not_exist_is_named(
    bot: RawBot, method: str, path: str, status: int, code: int
) -> None:
    path = path.replace("HERE", bot.server.channel_id).replace("GUILD", bot.server.guild_id)
    answer = await bot.call(method, path, {"content": "x"} if method in ("POST", "PATCH") else None)
    assert (answer.status, answer.code) == (status, code)


READABLE = [
    "/users/@me",
    "/users/USER",
    "/oauth2/applications/@me",
    "/applications/@me",
    "/gateway",
    "/gateway/bot",
    "/guilds/GUILD",
    "/guilds/GUILD?with_counts=true",
    "/guilds/GUILD/channels",
    "/guilds/GUILD/roles",
    "/guilds/GUILD/members/USER",
    "/channels/CHANNEL",
    "/applications/APP/commands",
    "/applications/APP/guilds/GUILD/commands",
]


@pytest.mark.parametrize("path", READABLE)
async def test_the_world_can_be_read(bot: RawBot, path: str) -> None:
    names = {
        "GUILD": bot.server.guild_id,
        "USER": bot.server.user_id,
        "CHANNEL": bot.server.channel_id,
        "APP": bot.server.application_id,
    }
    for name, value in names.items():
        path = path.replace(name, value)
    answer = await bot.call("GET", path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["/users/@me", "/channels/1", "/guilds/1"])
async def test_a_wrong_token_is_refused_with_401(bot: RawBot, path: str) -> None:
    assert (await bot.call("GET", path, token="wrong")).status == 401


async def test_a_21st_reaction_is_refused_with_30010(bot: RawBot, person: Person) -> None:
    await person.do("POST", "limits", {"enabled": False})
    message = (await bot.send(content="rate")).body
    emojis = [chr(0x1F600 + n) for n in range(21)]
    answers = [await bot.call("PUT", f"{path_of(message)}/reactions/{emoji}/@me") for emoji in emojis]
    assert [a.status for a in answers] == [204] * 20 + [403]
    assert answers[-1].code == 30010


@pytest.mark.parametrize("emoji", ["x", "1", ":5", "name:x"])
async def test_what_is_no_emoji_is_refused_with_10014(bot: RawBot, emoji: str) -> None:
    message = (await bot.send(content="rate")).body
    assert (await bot.call("PUT", f"{path_of(message)}/reactions/{emoji}/@me")).code == 10014


async def test_reactions_are_listed_by_kind_and_cleared(
    bot: RawBot, person: Person, gateway: RawGateway
) -> None:
    await person.do("POST", "limits", {"enabled": False})
    message = (await bot.send(content="rate")).body
    await gateway.event("MESSAGE_CREATE")
    reactions = f"{path_of(message)}/reactions"
    await person.do("POST", "react", {"message_id": message["id"], "emoji": "👍"})
    await person.do("POST", "react", {"message_id": message["id"], "emoji": "👍", "burst": True})
    await bot.call("PUT", f"{reactions}/👍/@me")
    kinds = [(await gateway.event("MESSAGE_REACTION_ADD"))["type"] for _ in range(3)]
    assert kinds == [0, 1, 0]
    normal = (await bot.call("GET", f"{reactions}/👍?type=0&limit=1")).body
    assert [u["id"] for u in normal] == [bot.server.application_id]
    rest = (await bot.call("GET", f"{reactions}/👍?after={normal[0]['id']}")).body
    assert [u["id"] for u in rest] == [bot.server.user_id]
    burst = (await bot.call("GET", f"{reactions}/👍?type=1")).body
    assert [u["id"] for u in burst] == [bot.server.user_id]
    shown = (await bot.call("GET", path_of(message))).body["reactions"][0]
    assert shown["count_details"] == {"normal": 2, "burst": 1}
    assert (await bot.call("DELETE", f"{reactions}/👍")).code == 50013
    await person.do("DELETE", f"messages/{message['id']}/reactions", emoji="👍")
    assert (await gateway.event("MESSAGE_REACTION_REMOVE_EMOJI"))["emoji"]["name"] == "👍"
    await person.do("POST", "react", {"message_id": message["id"], "emoji": "🔥"})
    await gateway.event("MESSAGE_REACTION_ADD")
    await person.do("DELETE", f"messages/{message['id']}/reactions")
    await gateway.event("MESSAGE_REACTION_REMOVE_ALL")
    assert "reactions" not in (await bot.call("GET", path_of(message))).body


async def test_a_deleted_message_is_announced_and_gone(
    bot: RawBot, person: Person, gateway: RawGateway
) -> None:
    message = (await bot.send(content="a")).body
    await gateway.event("MESSAGE_CREATE")
    await person.do("DELETE", f"messages/{message['id']}")
    assert (await gateway.event("MESSAGE_DELETE"))["id"] == message["id"]
    assert (await bot.call("PATCH", path_of(message), {"content": "b"})).code == 10008


async def test_typing_is_accepted(bot: RawBot) -> None:
    assert (await bot.call("POST", f"/channels/{bot.server.channel_id}/typing")).status == 204


async def test_ten_files_pass_and_an_eleventh_does_not(bot: RawBot) -> None:
    async def send(count: int) -> int:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", "{}", content_type="application/json")
        for n in range(count):
            form.add_field(f"files[{n}]", b"x", filename=f"{n}.txt")
        path = f"/channels/{bot.server.channel_id}/messages"
        return (await bot.call("POST", path, data=form)).status

    assert list(await asyncio.gather(send(10), send(11))) == [200, 400]
    assert list(bot.server.sandbox.files.directory.glob("upload-*")) == []


async def test_a_moderating_bot_takes_reactions_away(
    bot: RawBot, person: Person, gateway: RawGateway
) -> None:
    await person.do("POST", "limits", {"enabled": False})
    allow = {"role_or_user_id": bot.server.application_id, "allow": ["manage_messages"]}
    await person.do("POST", "permissions", {"channel_id": bot.server.channel_id, **allow})
    message = (await bot.send(content="rate")).body
    reactions = f"{path_of(message)}/reactions"
    for emoji in ("👍", "🔥", "❤️"):
        await person.do("POST", "react", {"message_id": message["id"], "emoji": emoji})
    calls = [
        ("DELETE", f"{reactions}/👍/{bot.server.user_id}", 204),
        ("DELETE", f"{reactions}/👍/{bot.server.user_id}", 404),
        ("DELETE", f"{reactions}/👍/@me", 404),
        ("GET", f"{reactions}/👍", 404),
        ("DELETE", f"{reactions}/🔥", 204),
        ("DELETE", reactions, 204),
    ]
    assert [(await bot.call(method, path)).status for method, path, _ in calls] == [c[2] for c in calls]
    await gateway.event("CHANNEL_UPDATE")
    await gateway.event("MESSAGE_CREATE")
    names = [(await gateway.frame())["t"] for _ in range(6)]
    assert names[3:] == [
        "MESSAGE_REACTION_REMOVE",
        "MESSAGE_REACTION_REMOVE_EMOJI",
        "MESSAGE_REACTION_REMOVE_ALL",
    ]


async def test_people_write_and_delete_by_their_own_permissions(bot: RawBot, person: Person) -> None:
    written = await person.do("POST", "messages", {"content": "mine"})
    other = await person.do("POST", "users", {"name": "Other"})
    status, answer = await person.call("DELETE", f"messages/{written['id']}", user_id=other["id"])
    assert (status, answer["error"]) == (403, "the user may not delete this message")
    own = await person.call("DELETE", f"messages/{written['id']}", user_id=bot.server.user_id)
    assert own == (200, {})
    deny = {"channel_id": bot.server.channel_id, "role_or_user_id": other["id"]}
    await person.do("POST", "permissions", {**deny, "deny": ["send_messages"]})
    assert "may not write" in await person.refused(
        "POST", "messages", {"content": "x", "user_id": other["id"]}
    )
    await person.do("POST", "permissions", {**deny, "deny": ["view_channel"]})
    assert (await person.call("GET", "messages", user_id=other["id"]))[0] == 403
    assert (await person.call("GET", "messages", channel_id="1"))[0] == 404
    assert (await person.call("GET", "messages", after="x"))[0] == 400

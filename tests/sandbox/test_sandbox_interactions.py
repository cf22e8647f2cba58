"""Interactions by hand: 3 seconds, 15 minutes, one answer, and what a person may do."""

import asyncio
import base64
from typing import Any

import pytest

from tests.sandbox.rawbot import Person, RawBot, RawGateway

BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
VIDEO = {
    "name": "video",
    "options": [
        {"type": 3, "name": "prompt", "description": "d", "required": True, "min_length": 2, "max_length": 5},
        {"type": 4, "name": "seconds", "description": "d", "min_value": 4, "max_value": 12},
        {"type": 10, "name": "speed", "description": "d", "max_value": 2.5},
        {"type": 3, "name": "size", "description": "d", "choices": [{"name": "Wide", "value": "16:9"}]},
        {"type": 5, "name": "sound", "description": "d"},
        {"type": 6, "name": "who", "description": "d"},
        {"type": 7, "name": "where", "description": "d"},
        {"type": 8, "name": "role", "description": "d"},
        {"type": 9, "name": "any", "description": "d"},
        {"type": 11, "name": "picture", "description": "d"},
    ],
}


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


class Stage:
    """A bot with one command, and a person who uses it."""

    def __init__(self, bot: RawBot, person: Person, gateway: RawGateway) -> None:
        self.bot, self.person, self.gateway = bot, person, gateway

    async def invoke(self, **wish: Any) -> tuple[dict[str, Any], "asyncio.Task[Any]"]:
        """Start using the command; return the event and the task that waits for the answer."""
        body = {"command": "video", "options": {"prompt": "fox"}, **wish}
        waiting = asyncio.create_task(self.person.do("POST", "invoke", body))
        return await self.gateway.event("INTERACTION_CREATE"), waiting

    async def answered(self, kind: int, data: Any = None, **wish: Any) -> tuple[dict[str, Any], Any]:
        """Use the command and answer it; return the event and what the person saw."""
        event, waiting = await self.invoke(**wish)
        reply = await self.bot.answer(event, kind, data)
        assert reply.status == 200, reply.body
        if kind in (4, 5) and not (data or {}).get("flags"):
            await self.gateway.event("MESSAGE_CREATE")
        return event, await waiting


@pytest.fixture
async def stage(bot: RawBot, person: Person, gateway: RawGateway) -> Stage:
    await bot.register(VIDEO)
    return Stage(bot, person, gateway)


async def test_the_event_tells_who_where_and_what(stage: Stage) -> None:
    options = {
        "prompt": "fox",
        "seconds": 8,
        "speed": 1.5,
        "size": "16:9",
        "sound": True,
        "who": stage.bot.server.user_id,
        "where": stage.bot.server.channel_id,
        "role": stage.bot.server.guild_id,
        "any": stage.bot.server.user_id,
        "picture": {"filename": "a.png", "content_type": "image/png", "base64": "AAAA"},
    }
    event, waiting = await stage.invoke(options=options)
    await stage.bot.answer(event, 4, {"content": "ok"})
    await waiting
    sent = {o["name"]: o["value"] for o in event["data"]["options"]}
    picture = sent.pop("picture")
    assert sent == {name: value for name, value in options.items() if name != "picture"}
    resolved = event["data"]["resolved"]
    assert resolved["attachments"][picture]["size"] == 3
    assert resolved["members"][stage.bot.server.user_id]["roles"] == []
    assert resolved["channels"][stage.bot.server.channel_id]["name"] == "general"
    assert event["member"]["user"]["id"] == stage.bot.server.user_id
    assert int(event["app_permissions"]) & 274878024768 == 274878024768
    assert event["attachment_size_limit"] == 10 * 1024 * 1024
    assert event["context"] == 0


BAD_OPTIONS = [
    pytest.param({}, "'prompt' is required", id="a missing required one"),
    pytest.param({"prompt": "x"}, "2 to 5 characters", id="too short"),
    pytest.param({"prompt": "xxxxxx"}, "2 to 5 characters", id="too long"),
    pytest.param({"prompt": 5}, "must be a text", id="a number for a text"),
    pytest.param({"prompt": "fox", "seconds": 3}, "at least 4", id="too small"),
    pytest.param({"prompt": "fox", "seconds": 13}, "at most 12", id="too large"),
    pytest.param({"prompt": "fox", "seconds": 4.5}, "whole number", id="a fraction"),
    pytest.param({"prompt": "fox", "seconds": True}, "whole number", id="a boolean for a number"),
    pytest.param({"prompt": "fox", "speed": "x"}, "must be a number", id="a text for a number"),
    pytest.param({"prompt": "fox", "size": "4:3"}, "one of 16:9", id="no choice"),
    pytest.param({"prompt": "fox", "sound": 1}, "true or false", id="no boolean"),
    pytest.param({"prompt": "fox", "who": "1"}, "no user 1", id="nobody"),
    pytest.param({"prompt": "fox", "where": "1"}, "no channel 1", id="nowhere"),
    pytest.param({"prompt": "fox", "role": "1"}, "no role 1", id="no role"),
    pytest.param({"prompt": "fox", "picture": "a.png"}, "base64", id="no file"),
    pytest.param({"prompt": "fox", "picture": {"base64": "%"}}, "valid base64", id="broken base64"),
    pytest.param({"prompt": "fox", "colour": "red"}, "no option 'colour'", id="an unknown one"),
]


@pytest.mark.parametrize(("options", "words"), BAD_OPTIONS)
async def test_the_client_refuses_a_bad_option_before_sending(stage: Stage, options: Any, words: str) -> None:
    assert words in await stage.person.refused("POST", "invoke", {"command": "video", "options": options})
    await stage.gateway.silence()


async def test_a_picture_over_the_limit_is_refused_with_413(stage: Stage) -> None:
    await stage.person.do("POST", "guild", {"upload_limit": 100})
    picture = {
        "filename": "a.png",
        "content_type": "image/png",
        "base64": base64.b64encode(bytes(101)).decode(),
    }
    body = {"command": "video", "options": {"prompt": "fox", "picture": picture}}
    status, answer = await stage.person.call("POST", "invoke", body)
    assert (status, "too powerful" in answer["error"]) == (413, True)


async def test_no_answer_within_3_seconds_shows_as_discord_shows_it(stage: Stage) -> None:
    event, waiting = await stage.invoke()
    seen = await waiting
    assert seen["error"] == "The application did not respond"
    assert seen["ack_type"] is None
    late = await stage.bot.answer(event, 4, {"content": "late"})
    assert (late.status, late.code) == (404, 10062)


async def test_an_answer_after_the_sandbox_clocks_3_seconds_is_too_late(stage: Stage) -> None:
    event, waiting = await stage.invoke()
    await stage.person.do("POST", "clock", {"advance_s": 3.1})
    assert (await stage.bot.answer(event, 5)).code == 10062
    waiting.cancel()


async def test_a_second_ack_is_refused_with_40060(stage: Stage) -> None:
    event, _ = await stage.answered(5)
    again = await stage.bot.answer(event, 4, {"content": "again"})
    assert (again.status, again.code) == (400, 40060)


async def test_a_wrong_token_or_kind_does_not_answer(stage: Stage) -> None:
    event, waiting = await stage.invoke()
    assert (await stage.bot.answer({**event, "token": "x"}, 5)).code == 10062
    for kind in (1, 6, 7, 8, "x"):
        answer = await stage.bot.answer(event, kind)  # type: ignore[arg-type]
        assert (answer.status, answer.code) == (400, 50035)
    assert (await stage.bot.answer(event, 4, {"content": "ok"})).status == 200
    assert (await waiting)["ack_type"] == 4


async def test_a_callback_without_with_response_answers_204(stage: Stage) -> None:
    event, waiting = await stage.invoke()
    path = f"/interactions/{event['id']}/{event['token']}/callback"
    assert (await stage.bot.call("POST", path, {"type": 5})).status == 204
    assert (await waiting)["ack_type"] == 5


async def test_a_callback_tells_the_message_and_a_reply_its_content(stage: Stage) -> None:
    event, waiting = await stage.invoke()
    answer = await stage.bot.answer(event, 4, {"content": "ok"})
    told = answer.body["interaction"]
    assert told["response_message_id"] == answer.body["resource"]["message"]["id"]
    assert (told["response_message_loading"], told["response_message_ephemeral"]) == (False, False)
    assert answer.body["resource"]["message"]["interaction_metadata"]["type"] == 2
    assert (await waiting)["message"]["content"] == "ok"


async def test_an_empty_answer_is_refused_and_the_interaction_still_waits(stage: Stage) -> None:
    event, waiting = await stage.invoke()
    assert (await stage.bot.answer(event, 4, {})).code == 50006
    assert (await stage.bot.answer(event, 4, {"content": "x" * 2001})).code == 50035
    assert (await stage.bot.answer(event, 4, {"content": "ok"})).status == 200
    assert (await waiting)["message"]["content"] == "ok"


async def test_the_first_follow_up_fills_a_deferred_answer_and_the_second_replies_to_it(stage: Stage) -> None:
    await stage.person.do("POST", "limits", {"enabled": False})
    event, seen = await stage.answered(5)
    first = await stage.bot.webhook(event, "POST", body={"content": "one"})
    assert first.body["id"] == seen["message"]["id"]
    assert (first.body["flags"], first.body["edited_timestamp"]) == (0, None)
    second = await stage.bot.webhook(event, "POST", body={"content": "two"})
    assert second.body["message_reference"]["message_id"] == seen["message"]["id"]
    by_id = await stage.bot.webhook(event, "PATCH", f"/messages/{second.body['id']}", {"content": "2"})
    assert by_id.body["content"] == "2"
    assert (await stage.bot.webhook(event, "GET", "/messages/@original")).body["content"] == "one"
    assert (await stage.bot.webhook(event, "DELETE", f"/messages/{second.body['id']}")).status == 204
    assert (await stage.bot.webhook(event, "GET", f"/messages/{second.body['id']}")).code == 10008
    assert [m["content"] for m in await stage.person.messages()] == ["one"]


async def test_a_token_does_not_reach_other_messages(stage: Stage) -> None:
    event, _ = await stage.answered(5)
    other = (await stage.bot.send(content="a")).body
    assert (
        await stage.bot.webhook(event, "PATCH", f"/messages/{other['id']}", {"content": "b"})
    ).code == 10008


async def test_a_token_lives_15_minutes(stage: Stage) -> None:
    event, _ = await stage.answered(5)
    await stage.person.do("POST", "clock", {"advance_s": 890})
    assert (await stage.bot.webhook(event, "PATCH", "/messages/@original", {"content": "a"})).status == 200
    await stage.person.do("POST", "clock", {"advance_s": 15})
    late = await stage.bot.webhook(event, "PATCH", "/messages/@original", {"content": "b"})
    assert (late.status, late.code) == (401, 50027)


async def test_a_token_works_only_after_the_first_answer(stage: Stage) -> None:
    event, waiting = await stage.invoke()
    early = await stage.bot.webhook(event, "POST", body={"content": "a"})
    assert (early.status, early.code) == (404, 10015)
    await stage.bot.answer(event, 5)
    await waiting


async def test_an_ephemeral_answer_is_seen_by_one_person_and_no_bot_token(stage: Stage) -> None:
    event, seen = await stage.answered(4, {"content": "psst", "flags": 64})
    await stage.gateway.silence()
    message = seen["message"]
    path = f"/channels/{message['channel_id']}/messages/{message['id']}"
    assert (await stage.bot.call("GET", path)).code == 10008
    assert (await stage.bot.call("PATCH", path, {"content": "x"})).code == 10008
    assert (await stage.bot.call("PUT", f"{path}/reactions/👍/@me")).code == 10008
    assert (await stage.bot.call("GET", path.rpartition("/")[0])).body == []
    assert "no reactions" in await stage.person.refused(
        "POST", "react", {"message_id": message["id"], "emoji": "👍"}
    )
    edited = await stage.bot.webhook(event, "PATCH", "/messages/@original", {"content": "psst!"})
    assert edited.body["content"] == "psst!"
    other = await stage.person.do("POST", "users", {"name": "Other"})
    assert [m["content"] for m in await stage.person.messages(user_id=stage.bot.server.user_id)] == ["psst!"]
    assert await stage.person.messages(user_id=other["id"]) == []


async def test_a_follow_up_cannot_change_how_the_deferred_answer_is_seen(stage: Stage) -> None:
    event, seen = await stage.answered(5, {"flags": 64})
    await stage.bot.webhook(event, "POST", body={"content": "one"})
    [shown] = await stage.person.messages()
    assert (shown["id"], shown["flags"], shown["content"]) == (seen["message"]["id"], 64, "one")


async def test_a_click_checks_the_component_and_who_sees_it(stage: Stage) -> None:
    sizes = {
        "type": 3,
        "custom_id": "size",
        "max_values": 2,
        "options": [{"label": c, "value": c} for c in "abc"],
    }
    parts = [row(BUTTON, {**BUTTON, "custom_id": "off", "disabled": True}), row(sizes)]
    _, seen = await stage.answered(4, {"content": "p", "flags": 64, "components": parts})
    message_id = seen["message"]["id"]

    async def refusal(custom_id: str, **more: Any) -> str:
        return await stage.person.refused(
            "POST", "click", {"message_id": message_id, "custom_id": custom_id, **more}
        )

    assert "no component 'nope'" in await refusal("nope")
    assert "disabled" in await refusal("off")
    assert "1 to 2 values" in await refusal("size")
    assert "1 to 2 values" in await refusal("size", values=["a", "b", "c"])
    assert "no option 'd'" in await refusal("size", values=["d"])
    other = await stage.person.do("POST", "users", {"name": "Other"})
    assert "cannot see this message" in await refusal("go", user_id=other["id"])
    await stage.gateway.silence()


async def test_a_click_is_answered_by_an_update_of_its_message(stage: Stage) -> None:
    _, seen = await stage.answered(4, {"content": "p", "components": [row(BUTTON)]})
    wish = {"message_id": seen["message"]["id"], "custom_id": "go"}
    waiting = asyncio.create_task(stage.person.do("POST", "click", wish))
    event = await stage.gateway.event("INTERACTION_CREATE")
    assert (event["type"], event["data"]["custom_id"], event["data"]["component_type"]) == (3, "go", 2)
    assert event["message"]["content"] == "p"
    answer = await stage.bot.answer(event, 7, {"content": "q", "components": []})
    assert answer.body["resource"]["message"]["content"] == "q"
    pressed = await waiting
    assert (pressed["ack_type"], pressed["message"]["content"]) == (7, "q")
    edited = await stage.bot.webhook(event, "PATCH", "/messages/@original", {"content": "r"})
    assert edited.body["id"] == seen["message"]["id"]


async def test_a_deferred_update_changes_nothing_yet(stage: Stage) -> None:
    _, seen = await stage.answered(4, {"content": "p", "components": [row(BUTTON)]})
    wish = {"message_id": seen["message"]["id"], "custom_id": "go"}
    waiting = asyncio.create_task(stage.person.do("POST", "click", wish))
    event = await stage.gateway.event("INTERACTION_CREATE")
    assert (await stage.bot.answer(event, 6)).status == 200
    assert (await waiting)["message"]["edits"] == 0
    follow_up = await stage.bot.webhook(event, "POST", body={"content": "new"})
    assert follow_up.body["id"] != seen["message"]["id"]


FIELDS = [
    {
        "type": 18,
        "label": "Prompt",
        "component": {"type": 4, "custom_id": "prompt", "style": 2, "max_length": 9},
    },
    {
        "type": 18,
        "label": "Size",
        "component": {"type": 21, "custom_id": "size", "options": [{"label": c, "value": c} for c in "ab"]},
    },
    {"type": 18, "label": "Files", "component": {"type": 19, "custom_id": "files", "required": False}},
    {"type": 10, "content": "A note"},
    row({"type": 4, "custom_id": "old", "label": "Old", "style": 1, "required": False}),
]


async def test_a_modal_is_checked_and_its_answers_arrive(stage: Stage) -> None:
    modal = {"custom_id": "m", "title": "T", "components": FIELDS}
    event, seen = await stage.answered(9, modal)
    assert seen["modal"] == modal

    async def refusal(**values: Any) -> str:
        return await stage.person.refused("POST", "submit", {"interaction_id": event["id"], "values": values})

    assert "prompt must have 1 to 9" in await refusal(size="a")
    assert "prompt must have 1 to 9" in await refusal(size="a", prompt="x" * 10)
    assert "size must be one of a, b" in await refusal(prompt="fox", size="c")
    assert "no field 'nope'" in await refusal(nope="x")
    file = {"filename": "a.txt", "content_type": "text/plain", "base64": "AAAA"}
    wish = {"interaction_id": event["id"], "values": {"prompt": "fox", "size": "b", "files": [file]}}
    waiting = asyncio.create_task(stage.person.do("POST", "submit", wish))
    submitted = await stage.gateway.event("INTERACTION_CREATE")
    assert submitted["type"] == 5
    parts = submitted["data"]["components"]
    assert parts[0]["component"]["value"] == "fox"
    assert parts[1]["component"]["value"] == "b"
    [file_id] = parts[2]["component"]["values"]
    assert submitted["data"]["resolved"]["attachments"][file_id]["filename"] == "a.txt"
    assert parts[4]["components"][0]["value"] == ""
    assert (await stage.bot.answer(submitted, 9, modal)).code == 50035
    answer = await stage.bot.answer(submitted, 4, {"content": "done"})
    metadata = answer.body["resource"]["message"]["interaction_metadata"]
    assert metadata["triggering_interaction_metadata"]["id"] == event["id"]
    assert (await waiting)["message"]["content"] == "done"
    assert "already" in await refusal(prompt="fox", size="a")


BAD_MODALS = [
    pytest.param({"title": "T" * 46, "custom_id": "m", "components": FIELDS}, id="title of 46"),
    pytest.param({"title": "T", "custom_id": "", "components": FIELDS}, id="no custom_id"),
    pytest.param({"title": "T", "custom_id": "m", "components": []}, id="no parts"),
    pytest.param({"title": "T", "custom_id": "m", "components": FIELDS + FIELDS[3:4]}, id="6 parts"),
    pytest.param({"title": "T", "custom_id": "m", "components": [BUTTON]}, id="a button"),
    pytest.param({"title": "T", "custom_id": "m", "components": [FIELDS[0], FIELDS[0]]}, id="a field twice"),
]


@pytest.mark.parametrize("modal", BAD_MODALS)
async def test_a_bad_modal_is_refused(stage: Stage, modal: Any) -> None:
    event, waiting = await stage.invoke()
    assert (await stage.bot.answer(event, 9, modal)).code == 50035
    waiting.cancel()


async def test_an_autocomplete_answers_with_choices(bot: RawBot, person: Person, gateway: RawGateway) -> None:
    await bot.register(
        {"name": "video", "options": [{"type": 3, "name": "style", "description": "d", "autocomplete": True}]}
    )
    wish = {"command": "video", "option": "style", "value": "ne"}
    waiting = asyncio.create_task(person.do("POST", "autocomplete", wish))
    event = await gateway.event("INTERACTION_CREATE")
    assert event["type"] == 4
    assert event["data"]["options"] == [{"name": "style", "type": 3, "value": "ne", "focused": True}]
    too_many = [{"name": "n", "value": str(i)} for i in range(26)]
    assert (await bot.answer(event, 8, {"choices": too_many})).code == 50035
    assert (await bot.answer(event, 5)).code == 50035
    assert (await bot.answer(event, 8, {"choices": too_many[:25]})).status == 200
    assert len(await waiting) == 25


async def test_a_stranger_to_the_channel_or_the_command_is_refused(bot: RawBot, person: Person) -> None:
    await bot.register(
        {"name": "settings", "default_member_permissions": 1 << 5},
        {"name": "adult", "nsfw": True},
        {"name": "dm", "contexts": [1]},
        {"name": "group", "options": [{"type": 1, "name": "one", "description": "d"}]},
    )
    refused = person.refused
    assert "lacks the permissions" in await refused("POST", "invoke", {"command": "settings"})
    assert "age-restricted" in await refused("POST", "invoke", {"command": "adult"})
    assert "not for servers" in await refused("POST", "invoke", {"command": "dm"})
    assert "no command 'nope'" in await refused("POST", "invoke", {"command": "nope"})
    assert "needs a sub-command: one" in await refused("POST", "invoke", {"command": "group"})
    assert "no sub-command 'two'" in await refused("POST", "invoke", {"command": "group two"})
    assert "no user" in await refused("POST", "invoke", {"command": "adult", "user_id": "1"})
    hidden = {"channel_id": bot.server.channel_id, "role_or_user_id": bot.server.user_id}
    await person.do("POST", "permissions", {**hidden, "deny": ["use_application_commands"]})
    assert "may not use commands" in await refused("POST", "invoke", {"command": "adult"})
    await person.do("POST", "permissions", {**hidden, "deny": ["view_channel"]})
    assert "cannot see this channel" in await refused("POST", "invoke", {"command": "adult"})


async def test_a_manager_may_use_a_managers_command(bot: RawBot, person: Person, gateway: RawGateway) -> None:
    await bot.register({"name": "settings", "default_member_permissions": 1 << 5})
    boss = await person.do("POST", "users", {"name": "Boss", "permissions": ["manage_guild"]})
    await gateway.event("GUILD_ROLE_CREATE")
    wish = {"command": "settings", "user_id": boss["id"]}
    waiting = asyncio.create_task(person.do("POST", "invoke", wish))
    event = await gateway.event("INTERACTION_CREATE")
    assert int(event["member"]["permissions"]) & 1 << 5
    await bot.answer(event, 4, {"content": "ok"})
    assert (await waiting)["message"]["content"] == "ok"


async def test_a_command_in_a_direct_message_has_a_user_and_no_guild(
    bot: RawBot, person: Person, gateway: RawGateway
) -> None:
    await bot.register({"name": "video"})
    dm = await person.do("POST", "channels", {"user_id": bot.server.user_id})
    wish = {"command": "video", "channel_id": dm["id"]}
    waiting = asyncio.create_task(person.do("POST", "invoke", wish))
    event = await gateway.event("INTERACTION_CREATE")
    assert event["user"]["id"] == bot.server.user_id
    assert "guild_id" not in event
    assert event["context"] == 1
    await bot.answer(event, 4, {"content": "ok"})
    assert (await waiting)["message"]["channel_id"] == dm["id"]

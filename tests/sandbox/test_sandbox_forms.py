"""What Discord refuses in a payload, and how it says so."""

from typing import Any

import pytest

from tests.sandbox.rawbot import Person, RawBot

ROW = {"type": 1, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "a"}]}


def button(**over: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "a", "custom_id": "a", **over}


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def select(**over: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}], **over}


def option(**over: Any) -> dict[str, Any]:
    return {"type": 3, "name": "prompt", "description": "d", **over}


BAD_MESSAGES = [
    pytest.param({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH", id="content of 2001"),
    pytest.param({"content": 5}, "content", "STRING_TYPE_CONVERT", id="content is a number"),
    pytest.param({"embeds": {}}, "embeds", "LIST_TYPE_CONVERT", id="embeds is an object"),
    pytest.param({"embeds": [{"title": "t"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH", id="11 embeds"),
    pytest.param(
        {"embeds": [{"title": "t" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH", id="title of 257"
    ),
    pytest.param(
        {"embeds": [{"description": "d" * 4097}]},
        "embeds.0.description",
        "BASE_TYPE_MAX_LENGTH",
        id="description",
    ),
    pytest.param(
        {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
        "embeds.0.fields",
        "BASE_TYPE_MAX_LENGTH",
        id="26 fields",
    ),
    pytest.param(
        {"embeds": [{"fields": [{"name": "n"}]}]},
        "embeds.0.fields.0.value",
        "BASE_TYPE_REQUIRED",
        id="a field without value",
    ),
    pytest.param(
        {"embeds": [{"footer": {"text": "f" * 2049}}]},
        "embeds.0.footer.text",
        "BASE_TYPE_MAX_LENGTH",
        id="footer of 2049",
    ),
    pytest.param(
        {"embeds": [{"description": "d" * 3000}, {"description": "d" * 3001}]},
        "embeds",
        "MAX_EMBED_SIZE_EXCEEDED",
        id="6001 characters over two embeds",
    ),
    pytest.param({"components": [ROW] * 6}, "components", "BASE_TYPE_BAD_LENGTH", id="6 rows"),
    pytest.param(
        {"components": [row(*[button(custom_id=str(i)) for i in range(6)])]},
        "components.0.components",
        "BASE_TYPE_BAD_LENGTH",
        id="6 buttons in a row",
    ),
    pytest.param(
        {"components": [row()]}, "components.0.components", "BASE_TYPE_BAD_LENGTH", id="an empty row"
    ),
    pytest.param(
        {"components": [row(button(custom_id="c" * 101))]},
        "components.0.components.0.custom_id",
        "BASE_TYPE_BAD_LENGTH",
        id="custom_id of 101",
    ),
    pytest.param(
        {"components": [row(button(custom_id=None))]},
        "components.0.components.0.custom_id",
        "BASE_TYPE_REQUIRED",
        id="a button without custom_id",
    ),
    pytest.param(
        {"components": [row(button(label="l" * 81))]},
        "components.0.components.0.label",
        "BASE_TYPE_MAX_LENGTH",
        id="label of 81",
    ),
    pytest.param(
        {"components": [row(button(), button())]},
        "components",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
        id="a custom_id twice",
    ),
    pytest.param(
        {"components": [row(select(options=[{"label": "a", "value": str(i)} for i in range(26)]))]},
        "components.0.components.0.options",
        "BASE_TYPE_BAD_LENGTH",
        id="26 select options",
    ),
    pytest.param(
        {"components": [row(select(), button())]},
        "components.0.components",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        id="a select beside a button",
    ),
    pytest.param(
        {"components": [button()]}, "components.0.type", "BASE_TYPE_CHOICES", id="a button without a row"
    ),
    pytest.param(
        {"components": [{"type": 10, "content": "t"}]},
        "components.0.type",
        "BASE_TYPE_CHOICES",
        id="a layout without its flag",
    ),
    pytest.param(
        {"flags": 1 << 15, "content": "c", "components": [{"type": 10, "content": "t"}]},
        "content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        id="content in a layout",
    ),
    pytest.param(
        {"flags": 1 << 15, "components": [{"type": 10, "content": "t"}] * 41},
        "components",
        "BASE_TYPE_MAX_LENGTH",
        id="41 layout components",
    ),
    pytest.param(
        {"flags": 1 << 15, "components": [{"type": 10, "content": "t" * 2001}] * 2},
        "components",
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        id="4002 layout characters",
    ),
    pytest.param(
        {
            "flags": 1 << 15,
            "components": [{"type": 17, "components": [{"type": 10, "content": "t"}] * 20}] * 2,
        },
        "components",
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        id="42 nested layout components",
    ),
    pytest.param({"content": "c", "nonce": "n" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH", id="nonce of 26"),
    pytest.param(
        {"content": "c", "allowed_mentions": {"parse": ["people"]}},
        "allowed_mentions.parse.0",
        "BASE_TYPE_CHOICES",
        id="an unknown kind of mention",
    ),
    pytest.param(
        {"content": "c", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        id="users parsed and listed",
    ),
    pytest.param(
        {"content": "c", "message_reference": {"message_id": "1"}},
        "message_reference",
        "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
        id="a reply to nothing",
    ),
    pytest.param(
        {"content": "c", "attachments": [{"id": "x"}]},
        "attachments.0.id",
        "NUMBER_TYPE_COERCE",
        id="an attachment without a number",
    ),
    pytest.param({"content": "c", "flags": "4"}, "flags", "NUMBER_TYPE_COERCE", id="flags as text"),
]


def fault_at(body: Any, path: str) -> str:
    """Return the code at a dotted path of the error tree."""
    node = body["errors"]
    for key in path.split("."):
        node = node[key]
    return str(node["_errors"][0]["code"])


@pytest.mark.parametrize(("body", "path", "code"), BAD_MESSAGES)
async def test_a_bad_message_is_refused_at_its_field(bot: RawBot, body: Any, path: str, code: str) -> None:
    answer = await bot.send(**body)
    assert (answer.status, answer.code) == (400, 50035)
    assert answer.body["message"] == "Invalid Form Body"
    assert fault_at(answer.body, path) == code


GOOD_MESSAGES = [
    pytest.param({"content": "x" * 2000}, id="content of 2000"),
    pytest.param({"embeds": [{"title": "t" * 256, "description": "d" * 4096}]}, id="full embed"),
    pytest.param({"embeds": [{"description": "d" * 3000}] * 2}, id="6000 characters over two embeds"),
    pytest.param(
        {"components": [row(*[button(custom_id=f"{r}{b}") for b in range(5)]) for r in range(5)]},
        id="5 rows of 5 buttons",
    ),
    pytest.param(
        {"components": [row(select(options=[{"label": "a", "value": str(i)} for i in range(25)]))]},
        id="25 select options",
    ),
    pytest.param(
        {
            "components": [
                row(
                    button(emoji={"id": None, "name": "🎬"}),
                    {"type": 2, "style": 5, "label": "l", "url": "https://a.b"},
                )
            ]
        },
        id="an emoji and a link",
    ),
    pytest.param({"content": "c", "nonce": "n" * 25, "enforce_nonce": True}, id="nonce of 25"),
    pytest.param(
        {
            "flags": 1 << 15,
            "components": [
                {
                    "type": 17,
                    "accent_color": 5,
                    "components": [
                        {"type": 10, "content": "# t"},
                        {"type": 14},
                        {"type": 12, "items": [{"media": {"url": "https://a.b/c.mp4"}}]},
                        {
                            "type": 9,
                            "components": [{"type": 10, "content": "s"}],
                            "accessory": {"type": 11, "media": {"url": "https://a.b/c.png"}},
                        },
                        ROW,
                    ],
                }
            ],
        },
        id="a layout with everything",
    ),
]


@pytest.mark.parametrize("body", GOOD_MESSAGES)
async def test_a_message_at_the_limit_is_taken(bot: RawBot, body: Any) -> None:
    answer = await bot.send(**body)
    assert answer.status == 200, answer.body
    assert answer.body["content"] == body.get("content", "")
    assert len(answer.body["components"]) == len(body.get("components", []))


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": " \n "}, {"embeds": [], "content": None}])
async def test_an_empty_message_is_refused_with_50006(bot: RawBot, body: Any) -> None:
    answer = await bot.send(**body)
    assert (answer.status, answer.code) == (400, 50006)


async def test_broken_json_is_refused_with_50109(bot: RawBot) -> None:
    url = f"{bot.server.discord_api_url}/channels/{bot.server.channel_id}/messages"
    headers = {"Authorization": f"Bot {bot.server.token}", "Content-Type": "application/json"}
    async with bot.session.post(url, data=b"{", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50109)


BAD_COMMANDS = [
    pytest.param({"name": "Video"}, "0.name", id="capitals"),
    pytest.param({"name": "make video"}, "0.name", id="a space"),
    pytest.param({"name": "v" * 33}, "0.name", id="33 characters"),
    pytest.param({"name": "v", "description": ""}, "0.description", id="no description"),
    pytest.param({"name": "v", "description": "d" * 101}, "0.description", id="description of 101"),
    pytest.param(
        {"name": "v", "options": [option(name=f"o{i}") for i in range(26)]}, "0.options", id="26 options"
    ),
    pytest.param({"name": "v", "options": [option(), option()]}, "0.options.1", id="an option twice"),
    pytest.param(
        {"name": "v", "options": [option(name="a"), option(name="b", required=True)]},
        "0.options.1",
        id="required after optional",
    ),
    pytest.param(
        {"name": "v", "options": [option(choices=[{"name": str(i), "value": str(i)} for i in range(26)])]},
        "0.options.0.choices",
        id="26 choices",
    ),
    pytest.param(
        {"name": "v", "options": [option(choices=[{"name": "a", "value": "a"}], autocomplete=True)]},
        "0.options.0",
        id="choices and autocomplete",
    ),
    pytest.param(
        {"name": "v", "options": [option(type=4, choices=[{"name": "a", "value": "a"}])]},
        "0.options.0.choices.0.value",
        id="a text among numbers",
    ),
    pytest.param(
        {"name": "v", "options": [option(), option(name="add", type=1)]},
        "0.options",
        id="sub-command beside option",
    ),
    pytest.param(
        {
            "name": "v",
            "options": [
                option(
                    name=f"o{i}",
                    description="d" * 100,
                    choices=[{"name": "n" * 100, "value": f"{c}" + "v" * 99} for c in range(4)],
                )
                for i in range(10)
            ],
        },
        "0",
        id="over 8000 characters",
    ),
    pytest.param({"name": "Remix it", "type": 3, "description": "d"}, "0.description", id="described menu"),
    pytest.param(
        {"name": "v", "name_localizations": {"de": "Film"}}, "0.name_localizations.de", id="localized name"
    ),
]


@pytest.mark.parametrize(("command", "path"), BAD_COMMANDS)
async def test_a_bad_command_is_refused_at_its_field(bot: RawBot, command: Any, path: str) -> None:
    answer = await bot.register({"type": 1, **command})
    assert (answer.status, answer.code) == (400, 50035), answer.body
    assert fault_at(answer.body, path)


async def test_commands_keep_their_ids_and_get_a_new_version_when_they_change(bot: RawBot) -> None:
    first = (await bot.register({"name": "video"}, {"name": "Remix", "type": 3})).body
    same = (await bot.register({"name": "Remix", "type": 3}, {"name": "video"})).body
    assert {c["id"] for c in same} == {c["id"] for c in first}
    assert {c["version"] for c in same} == {c["version"] for c in first}
    changed = (await bot.register({"name": "video", "description": "other"})).body
    assert changed[0]["id"] == first[0]["id"]
    assert changed[0]["version"] != first[0]["version"]
    path = f"/applications/{bot.server.application_id}/commands"
    assert (await bot.call("GET", path)).body == changed


async def test_a_guild_command_hides_the_global_one_of_its_name(bot: RawBot, person: Person) -> None:
    await bot.register({"name": "video", "description": "global"}, {"name": "help"})
    path = f"/applications/{bot.server.application_id}/guilds/{bot.server.guild_id}/commands"
    body = [{"name": "video", "description": "guild", "type": 1}]
    assert (await bot.call("PUT", path, body)).body[0]["guild_id"] == bot.server.guild_id
    shown = await person.do("GET", "commands")
    assert [(c["name"], c["description"]) for c in shown] == [("video", "guild"), ("help", "does it")]


async def test_one_command_can_be_added_read_and_deleted(bot: RawBot) -> None:
    path = f"/applications/{bot.server.application_id}/commands"
    body = {"name": "video", "description": "d", "type": 1}
    created = await bot.call("POST", path, body)
    assert created.status == 201
    assert (await bot.call("POST", path, body)).status == 200
    one = f"{path}/{created.body['id']}"
    assert (await bot.call("GET", one)).body["name"] == "video"
    assert (await bot.call("DELETE", one)).status == 204
    assert (await bot.call("GET", one)).code == 10063

"""Whatever a client sends, the sandbox answers as Discord would and never breaks."""

import contextlib
import copy
import io
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.command_form import check_commands
from bot.sandbox.component_payloads import ComponentPayloads
from bot.sandbox.draft import check_draft
from bot.sandbox.embeds import embedded_names, render_embed
from bot.sandbox.errors import ApiError
from bot.sandbox.form import Form
from bot.sandbox.modal import check_answer, check_modal, fields, submission
from tests.sandbox.rawbot import Person, RawBot

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
MESSAGE = {
    "content": "c",
    "flags": 0,
    "nonce": "n",
    "embeds": [
        {
            "title": "t",
            "url": "u",
            "color": 1,
            "image": {"url": "attachment://a"},
            "footer": {"text": "f"},
            "author": {"name": "a"},
            "fields": [{"name": "n", "value": "v", "inline": True}],
        }
    ],
    "components": [
        {"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a", "emoji": {"name": "🎬"}}]},
        {
            "type": 1,
            "components": [
                {"type": 3, "custom_id": "s", "options": [{"label": "l", "value": "v", "emoji": {}}]}
            ],
        },
    ],
    "attachments": [{"id": 0, "filename": "a", "description": "d"}],
    "allowed_mentions": {"parse": ["users"], "roles": ["1"]},
    "message_reference": {"message_id": "1"},
}
LAYOUT = {
    "flags": 1 << 15,
    "components": [
        {
            "type": 17,
            "components": [
                {"type": 10, "content": "t"},
                {"type": 14, "spacing": 1},
                {"type": 12, "items": [{"media": {"url": "attachment://a"}, "description": "d"}]},
                {"type": 13, "file": {"url": "attachment://a"}},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "s"}],
                    "accessory": {"type": 11, "media": {"url": "u"}},
                },
            ],
        }
    ],
}
COMMANDS = [
    {
        "name": "video",
        "description": "d",
        "type": 1,
        "name_localizations": {"de": "film"},
        "default_member_permissions": "8",
        "options": [
            {
                "type": 1,
                "name": "a",
                "description": "d",
                "options": [
                    {"type": 3, "name": "p", "description": "d", "choices": [{"name": "n", "value": "v"}]}
                ],
            }
        ],
    },
    {"name": "Remix", "type": 3},
]
MODAL = {
    "custom_id": "m",
    "title": "t",
    "components": [
        {"type": 18, "label": "l", "component": {"type": 4, "custom_id": "a", "style": 1}},
        {
            "type": 18,
            "label": "l",
            "component": {"type": 21, "custom_id": "b", "options": [{"label": "l", "value": "v"}]},
        },
    ],
}


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths to every value inside a payload."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [path] if path else []
    return found + [place for key, child in children for place in places(child, (*path, key))]


def spoiled(payload: Any) -> st.SearchStrategy[Any]:
    """Return copies of a payload with junk in one or two places."""

    def spoil(choice: list[tuple[tuple[Any, ...], Any]]) -> Any:
        changed = copy.deepcopy(payload)
        for path, junk in choice:
            node = changed
            try:
                for key in path[:-1]:
                    node = node[key]
                node[path[-1]] = junk
            except (TypeError, KeyError, IndexError):
                continue  # the first change took this place away
        return changed

    return st.lists(st.tuples(st.sampled_from(places(payload)), JUNK), min_size=1, max_size=2).map(spoil)


class NoFiles:
    """Stands in for the store where no file is attached."""


def taken(check: Callable[[], Any]) -> bool:
    """Tell whether a payload was taken; a refusal has to be error 50035."""
    try:
        check()
    except ApiError as refusal:
        if (refusal.status, refusal.body["code"]) != (400, 50035):
            raise
        return False
    return True


@settings(max_examples=300)
@given(body=spoiled(MESSAGE) | spoiled(LAYOUT) | JUNK)
def test_a_draft_is_taken_and_can_be_shown_or_is_refused(body: Any) -> None:
    if not taken(lambda: check_draft(body)) or body is None:
        return
    for embed in body.get("embeds") or ():
        assert render_embed(embed, {"a": "url"})["type"] == "rich"
    embedded_names(body.get("embeds") or [])
    components = body.get("components") or []
    shown = ComponentPayloads(NoFiles(), []).render(components)  # type: ignore[arg-type]
    assert [c["type"] for c in shown] == [c["type"] for c in components]


@settings(max_examples=300)
@given(commands=spoiled(COMMANDS).filter(lambda cs: all(isinstance(c, dict) for c in cs)))
def test_commands_are_taken_or_refused(commands: Any) -> None:
    if taken(lambda: check_commands(commands)):
        assert all(1 <= len(command["name"]) <= 32 for command in commands)


@settings(max_examples=300)
@given(modal=spoiled(MODAL), value=JUNK)
def test_a_modal_is_taken_and_can_be_answered_or_is_refused(modal: Any, value: Any) -> None:
    def check() -> None:
        form = Form()
        check_modal(form, modal, ("data",))
        form.close()

    if not taken(check):
        return
    for field in fields(modal).values():
        with contextlib.suppress(ValueError):
            assert check_answer(field, value).keys() <= {"value", "values"}
    answers = {name: {"value": "x"} for name in fields(modal)}
    assert len(submission(modal, answers)) == len(modal["components"])


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n{\r\n--x--\r\n',
        b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n",
        b"--x--\r\n",
    ],
)
async def test_a_broken_multipart_body_is_refused(bot: RawBot, body: bytes) -> None:
    url = f"{bot.server.discord_api_url}/channels/{bot.server.channel_id}/messages"
    headers = {"Authorization": f"Bot {bot.server.token}", "Content-Type": "multipart/form-data; boundary=x"}
    async with bot.session.post(url, data=body, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["code"] in (50006, 50035, 50109)


async def test_json_that_is_too_long_or_too_deep_is_refused(bot: RawBot) -> None:
    url = f"{bot.server.discord_api_url}/channels/{bot.server.channel_id}/messages"
    headers = {"Authorization": f"Bot {bot.server.token}", "Content-Type": "application/json"}
    async with bot.session.post(url, data=b"[" * 100_000, headers=headers) as response:
        assert response.status == 400
    form = aiohttp.FormData(quote_fields=False)
    long = io.BytesIO(b'{"content": "' + b"x" * 3_000_000 + b'"}')
    form.add_field("payload_json", long, content_type="application/json")
    answer = await bot.call("POST", f"/channels/{bot.server.channel_id}/messages", data=form)
    assert answer.status == 413


@pytest.mark.parametrize(
    "call", ["users", "channels", "invoke", "click", "submit", "react", "faults", "permissions"]
)
async def test_a_wish_of_wrong_types_is_refused(person: Person, call: str) -> None:
    keys = (
        "name command options message_id emoji interaction_id values user_id channel_id headers times delay_s"
    )
    wish = {key: [1] for key in keys.split()}
    status, answer = await person.call("POST", call, wish)
    assert 400 <= status < 500, answer
    assert answer["error"]

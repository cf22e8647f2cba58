"""Discord's own description judges what is known to be good and bad."""

from typing import Any

import pytest

from tests.discord_spec import VARIABLE, DiscordSpec

GOOD = [
    pytest.param(
        "POST",
        "/channels/1/messages",
        {
            "content": "hi",
            "nonce": "n",
            "enforce_nonce": True,
            "attachments": [{"id": 0, "filename": "a.mp4"}],
        },
        id="a message with a file",
    ),
    pytest.param(
        "POST",
        "/channels/1/messages",
        {"flags": 32768, "components": [{"type": 17, "components": [{"type": 10, "content": "# done"}]}]},
        id="a layout",
    ),
    pytest.param("POST", "/interactions/1/token/callback", {"type": 5, "data": {"flags": 64}}, id="a defer"),
    pytest.param(
        "POST",
        "/interactions/1/t/callback",
        {"type": 7, "data": {"content": "x", "tts": False}},
        id="an update",
    ),
    pytest.param(
        "PUT",
        "/applications/9/commands",
        [
            {
                "name": "video",
                "type": 1,
                "description": "Make",
                "nsfw": False,
                "options": [{"type": 3, "name": "prompt", "description": "p", "max_length": 1500}],
            }
        ],
        id="commands",
    ),
    pytest.param("PUT", "/channels/1/messages/2/reactions/%F0%9F%91%8D/@me", None, id="a reaction"),
    pytest.param("PATCH", "/webhooks/9/token/messages/@original", {"content": "50%"}, id="@original"),
    pytest.param("PATCH", "/channels/1/messages/2", {"content": "x", "tts": False}, id="an edit with tts"),
]

BAD = [
    pytest.param("POST", "/channels/1/messages", {"content": "x" * 2001}, id="2001 characters"),
    pytest.param("PATCH", "/channels/1/messages/2", {"content": "x" * 2001}, id="2001 characters in an edit"),
    pytest.param("POST", "/channels/1/messages", {"contnt": "typo"}, id="a typo"),
    pytest.param("POST", "/channels/1/messages", {"embeds": [{"title": "t" * 257}]}, id="title of 257"),
    pytest.param("POST", "/channels/1/messages", {"embeds": [{"titel": "t"}]}, id="a typo in an embed"),
    pytest.param("POST", "/channels/1/messages", None, id="no body"),
    pytest.param("POST", "/interactions/1/t/callback", {"type": 4, "data": {"content": 5}}, id="content 5"),
    pytest.param(
        "PUT",
        "/applications/9/commands",
        [{"name": "v" * 33, "type": 1, "description": "d"}],
        id="name of 33",
    ),
    pytest.param("POST", "/channels/1/nope", {}, id="no such route"),
    pytest.param("PUT", "/channels/1/messages/2/reactions/x/@me", {}, id="a body where none belongs"),
]

MESSAGE_PATH = "/channels/1/messages/2"
REPLIES = [
    pytest.param(
        "GET", "/channels/1", 404, {"message": "Unknown Channel", "code": 10003}, True, id="an error"
    ),
    pytest.param(
        "GET", "/channels/1", 404, {"message": "Unknown Channel"}, False, id="an error without code"
    ),
    pytest.param("DELETE", MESSAGE_PATH, 204, None, True, id="nothing"),
    pytest.param("DELETE", MESSAGE_PATH, 204, {}, False, id="a body with 204"),
    pytest.param("DELETE", MESSAGE_PATH, 200, {}, False, id="an unknown status"),
    pytest.param("GET", MESSAGE_PATH, 200, {"id": "2"}, False, id="half a message"),
    pytest.param("GET", MESSAGE_PATH, 503, "<html>", True, id="a proxy's page"),
    pytest.param("GET", "/gateway", 200, {"url": "wss://gateway.discord.gg"}, True, id="the gateway"),
    pytest.param(
        "POST",
        "/channels/1/messages",
        429,
        {"message": "slow", "code": 0, "retry_after": 1.5, "global": False},
        True,
        id="a rate limit",
    ),
    pytest.param("GET", "/nowhere", 404, {"message": "404: Not Found", "code": 0}, True, id="no route"),
    pytest.param("GET", "/nowhere", 200, {}, False, id="no route, yet an answer"),
]


@pytest.fixture
def known(spec: DiscordSpec | None) -> DiscordSpec:
    if spec is None:
        pytest.skip(f"{VARIABLE} names no copy of Discord's OpenAPI description")
    return spec


@pytest.mark.parametrize(("method", "path", "body"), GOOD)
def test_a_good_request_passes(known: DiscordSpec, method: str, path: str, body: Any) -> None:
    assert known.check_request(method, path, body) == []


@pytest.mark.parametrize(("method", "path", "body"), BAD)
def test_a_bad_request_is_caught(known: DiscordSpec, method: str, path: str, body: Any) -> None:
    assert known.check_request(method, path, body)


@pytest.mark.parametrize(("method", "path", "status", "body", "good"), REPLIES)
def test_a_reply_is_judged(
    known: DiscordSpec, method: str, path: str, status: int, body: Any, good: bool
) -> None:
    assert (known.check_response(method, path, status, body) == []) is good


def test_the_fault_of_the_meant_branch_is_told(known: DiscordSpec) -> None:
    button = {"type": 2, "style": 1, "label": "l" * 81, "custom_id": "a"}
    body = {"components": [{"type": 1, "components": [button]}]}
    [fault] = known.check_request("POST", "/channels/1/messages", body)
    assert "label" in fault
    assert "too long" in fault

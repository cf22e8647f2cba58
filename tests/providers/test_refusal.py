"""What an HTTP status means: one table for GETs, one for money, one for results."""

import json

import pytest

from bot.domain.codes import Code
from bot.domain.errors import (
    AuthFailed,
    BadResponse,
    ContentRejected,
    NotReady,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    RemoteNotFound,
    Unavailable,
    UnsupportedRequest,
)
from bot.providers.refusal import refused_get, refused_order, refused_result
from bot.providers.reply import Reply

SAYS_NO = {"error": {"code": "nope", "message": "not today"}}
MODERATED = {"error": {"code": "content_policy_violation", "message": "no"}}
HTML = "<html><body>Bad gateway</body></html>"


def reply(status: int, body: object = None, *, retry_after: float | None = None) -> Reply:
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    return Reply(status=status, headers={}, body=text.encode(), retry_after=retry_after)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, SAYS_NO, UnsupportedRequest),
        (401, SAYS_NO, AuthFailed),
        (402, None, AuthFailed),
        (403, HTML, AuthFailed),
        (404, SAYS_NO, RemoteNotFound),
        (404, None, RemoteNotFound),
        (404, HTML, BadResponse),
        (410, SAYS_NO, RemoteNotFound),
        (400, {"code": "task_not_exist", "message": "no task", "data": None}, RemoteNotFound),
        (200, {"code": "task_not_exist", "message": "no task"}, RemoteNotFound),
        (408, None, Unavailable),
        (409, SAYS_NO, UnsupportedRequest),
        (425, None, Unavailable),
        (429, SAYS_NO, RateLimited),
        (429, {"error": {"code": "insufficient_quota"}}, AuthFailed),
        (500, SAYS_NO, Unavailable),
        (502, HTML, Unavailable),
        (503, None, Unavailable),
        (200, HTML, BadResponse),
        (200, [], BadResponse),
        (302, None, BadResponse),
    ],
)
def test_a_get_that_brings_no_render(status: int, body: object, kind: type[ProviderError]) -> None:
    error = refused_get(reply(status, body), provider="test")
    assert type(error) is kind
    assert error.provider == "test"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        *[(status, SAYS_NO, UnsupportedRequest) for status in (400, 404, 405, 409, 410, 413, 415, 422, 431)],
        *[(status, SAYS_NO, AuthFailed) for status in (401, 402, 403)],
        *[(status, MODERATED, ContentRejected) for status in (400, 403, 422)],
        *[(status, SAYS_NO, OutcomeUnknown) for status in (408, 425, 499, 500, 502, 503, 504, 520)],
        (429, SAYS_NO, RateLimited),
        (429, MODERATED, RateLimited),
        (429, {"error": {"type": "insufficient_quota", "message": "pay first"}}, AuthFailed),
        *[(status, None, UnsupportedRequest) for status in (301, 307, 308)],
        *[(status, None, OutcomeUnknown) for status in (302, 303)],
        (500, MODERATED, OutcomeUnknown),
        (200, None, OutcomeUnknown),
        (200, HTML, OutcomeUnknown),
        (200, SAYS_NO, OutcomeUnknown),
        (204, None, OutcomeUnknown),
        (404, HTML, UnsupportedRequest),
    ],
)
def test_an_order_that_brings_no_render(status: int, body: object, kind: type[ProviderError]) -> None:
    error = refused_order(reply(status, body), provider="test")
    assert type(error) is kind
    assert error.provider == "test"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        *[(status, SAYS_NO, NotReady) for status in (400, 404, 405, 408, 409, 422, 425)],
        *[(status, None, NotReady) for status in (202, 204)],
        (410, SAYS_NO, RemoteNotFound),
        (401, SAYS_NO, AuthFailed),
        (403, SAYS_NO, AuthFailed),
        (429, SAYS_NO, RateLimited),
        (500, SAYS_NO, Unavailable),
        (502, HTML, Unavailable),
        (206, None, BadResponse),
        (304, None, BadResponse),
    ],
)
def test_a_result_that_does_not_come(status: int, body: object, kind: type[ProviderError]) -> None:
    error = refused_result(reply(status, body), provider="test")
    assert type(error) is kind
    assert error.provider == "test"


@pytest.mark.parametrize("judge", [refused_get, refused_order, refused_result])
def test_a_429_says_how_long_to_wait(judge: object) -> None:
    assert callable(judge)
    error = judge(reply(429, SAYS_NO, retry_after=7.0), provider="test")
    assert isinstance(error, RateLimited)
    assert error.retry_after == 7.0


def test_a_result_that_is_gone_has_its_own_sentence() -> None:
    assert refused_result(reply(410), provider="test").code is Code.RESULT_EXPIRED


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (SAYS_NO, "test answered 400: not today"),
        (HTML, "test answered 400: a web page"),
        (None, "test answered 400: nothing"),
        ([1], "test answered 400"),
        ({"error": {"message": "key sk-secret-123 at https://x.example"}}, "test answered 400: key at"),
    ],
)
def test_the_text_says_who_answered_what_and_no_secret(body: object, text: str) -> None:
    assert str(refused_get(reply(400, body), provider="test", secrets=("sk-secret-123",))) == text


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("the prompt is not allowed", "prompt"),
        ("your image is not allowed", "picture"),
        ("not allowed", "request"),
        ("the generated video is not allowed", "request"),
    ],
)
def test_a_refused_order_tells_what_was_refused_and_that_it_cost_nothing(message: str, what: str) -> None:
    body = {"error": {"code": "content_policy_violation", "message": message}}
    error = refused_order(reply(400, body), provider="test")
    assert error.facts == {"what": what, "cost": "none"}

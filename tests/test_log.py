import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.log import Redaction, set_up_logging


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level


def said(style: str, capsys: pytest.CaptureFixture[str], message: str, *arguments: object) -> str:
    set_up_logging(style=style, level="INFO", secrets=["s3cret-token-value"])
    logging.getLogger("bot.test").info(message, *arguments)
    return capsys.readouterr().err


@pytest.mark.parametrize("style", ["text", "json"])
def test_known_secrets_never_reach_the_log(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = said(style, capsys, "logging in with %s now", "s3cret-token-value")
    assert "s3cret" not in line
    assert "logging in with *** now" in line


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    event = json.loads(said("json", capsys, "hello %s", "world"))
    assert event["event"] == "hello world"
    assert event["level"] == "info"
    assert event["logger"] == "bot.test"


def test_secrets_in_a_traceback_are_blacked_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(style="json", level="INFO", secrets=["s3cret-token-value"])
    try:
        raise ValueError("token s3cret-token-value")
    except ValueError:
        logging.getLogger("bot.test").exception("failed")
    line = capsys.readouterr().err
    assert "ValueError" in line
    assert "s3cret" not in line


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (
            "POST /webhooks/123/aW50ZXJhY3Rpb246MTIzOmFiYw/messages/@original",
            "POST /webhooks/123/***/messages/@original",
        ),
        (
            "/interactions/9/aW50ZXJhY3Rpb246MTIzOmFiYw/callback",
            "/interactions/9/***/callback",
        ),
        ("Authorization: Bearer sk-abcdefghijklmnopqrst", "Authorization: Bearer ***"),
        ("a bot walks into a bar", "a bot walks into a bar"),
    ],
)
def test_what_looks_like_a_secret_is_blacked_out(text: str, cleaned: str) -> None:
    assert Redaction(()).clean(text) == cleaned


def test_a_closed_stream_does_not_break_the_program() -> None:
    set_up_logging(style="text", level="INFO")
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    logging.getLogger("bot.test").warning("still here")
    assert "still here" in stream.getvalue()

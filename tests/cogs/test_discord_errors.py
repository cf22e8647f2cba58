"""What Discord's library raises becomes one of our delivery errors, whatever it is."""

from typing import Any

import aiohttp
import discord
import pytest

from bot.domain.errors import DeliveryError, Forbidden, Gone, TextRefused, TooLarge, TryLater
from cogs.discord_errors import EmojiGone, Malformed, ReplyRefused, mapped


class Answer:
    """The part of an HTTP answer that discord.py's exceptions read."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.reason = "reason"


def raised(status: int, body: Any) -> discord.HTTPException:
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    if status >= 500:
        kind = discord.DiscordServerError
    return kind(Answer(status), body)  # only these two fields are read


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {"code": 10003, "message": "Unknown Channel"}, Gone),
        (404, {"code": 10004, "message": "Unknown Guild"}, Gone),
        (404, {"code": 10008, "message": "Unknown Message"}, Gone),
        (404, {"code": 0, "message": "404: Not Found"}, Gone),
        (403, {"code": 50001, "message": "Missing Access"}, Forbidden),
        (403, {"code": 50013, "message": "Missing Permissions"}, Forbidden),
        (403, {"code": 50007, "message": "Cannot send messages to this user"}, Forbidden),
        (400, {"code": 50083, "message": "Thread is archived"}, Forbidden),
        (400, {"code": 160002, "message": "Cannot reply without history"}, ReplyRefused),
        (400, {"code": 50008, "message": "Cannot send messages in a non-text channel"}, Forbidden),
        (403, {"code": 50278, "message": "no mutual guilds"}, Forbidden),
        (404, {"code": 10013, "message": "Unknown User"}, Gone),
        (400, {"code": 10014, "message": "Unknown Emoji"}, EmojiGone),
        (403, "<html>Cloudflare</html>", TryLater),
        (401, {"code": 0, "message": "401: Unauthorized"}, TryLater),
        (400, {"code": 0, "message": "Message was blocked by automatic moderation"}, TextRefused),
        (400, {"code": 130000, "message": "API resource is currently overloaded"}, TryLater),
        (413, {"code": 40005, "message": "Request entity too large"}, TooLarge),
        (413, "<html>too large</html>", TooLarge),
        (400, {"code": 50045, "message": "File uploaded exceeds the maximum size"}, TooLarge),
        (400, {"code": 200000, "message": "Message was blocked by automatic moderation"}, TextRefused),
        (400, {"code": 240000, "message": "Message contains a harmful link"}, TextRefused),
        (429, {"code": 30046, "message": "Maximum number of edits"}, TryLater),
        (429, "<html>You are being rate limited</html>", TryLater),
        (500, {"code": 0, "message": "oops"}, TryLater),
        (503, "upstream", TryLater),
        (400, {"code": 50035, "message": "Invalid Form Body"}, Malformed),
        (400, {"code": 50109, "message": "The request body contains invalid JSON"}, DeliveryError),
    ],
    ids=lambda value: str(value.get("code")) if isinstance(value, dict) else None,
)
def test_an_answer_is_classified(status: int, body: Any, kind: type[DeliveryError]) -> None:
    with pytest.raises(DeliveryError) as caught, mapped():
        raise raised(status, body)
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        TimeoutError(),
        ConnectionResetError(),
        RuntimeError("Session is closed"),
        discord.RateLimited(12.5),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_network_only_means_later(error: Exception) -> None:
    with pytest.raises(TryLater) as caught, mapped():
        raise error
    assert caught.value.retry_after == (12.5 if isinstance(error, discord.RateLimited) else None)


def test_a_ban_of_the_whole_address_is_waited_out() -> None:
    with pytest.raises(TryLater) as caught, mapped():
        raise raised(429, "<html>blocked</html>")
    assert caught.value.retry_after == 600


def test_a_refused_token_is_waited_out() -> None:
    with pytest.raises(TryLater) as caught, mapped():
        raise raised(401, {"code": 0, "message": "401: Unauthorized"})
    assert caught.value.retry_after == 600


@pytest.mark.parametrize("error", [KeyError("ours"), RuntimeError("ours")], ids=str)
def test_what_is_ours_passes_through(error: Exception) -> None:
    with pytest.raises(type(error)), mapped():
        raise error

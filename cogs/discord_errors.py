"""Foreign errors of Discord's library become ours, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.domain.errors import DeliveryError, Forbidden, Gone, TextRefused, TooLarge, TryLater

_GONE = frozenset({10003, 10004, 10008, 10013})
_REFUSED_TEXT = frozenset({200000, 200001, 240000})
_FORBIDDEN = frozenset({20009, 40058, 50001, 50007, 50008, 50013, 50024, 50083, 50278})
_REPLY_REFUSED = 160002
_EMOJI_GONE = 10014
_MALFORMED = 50035
_OVERLOADED = 130000
_LONG = 600.0
"""Seconds to stay away when Discord turns the whole bot away: its token or its address."""


class ReplyRefused(Forbidden):
    """A reply needs the right to read the history; a message of its own does not."""


class EmojiGone(DeliveryError):
    """Discord does not know the emoji, or not on this server; others may pass."""


class Malformed(DeliveryError):
    """Discord does not understand the message: a bug of ours, and a plainer one may pass."""


@contextmanager
def mapped() -> Iterator[None]:
    """Turn what discord.py and its transport raise inside into `DeliveryError`s.

    The library retries 429, 500, 502 and 504 itself; what arrives here it has given up on
    (reference: discord, error table).
    """
    try:
        yield
    except discord.HTTPException as error:
        raise of_http(error) from error
    except discord.RateLimited as error:
        raise TryLater("rate limited", retry_after=error.retry_after) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise TryLater(f"{type(error).__name__}: {error}") from error
    except RuntimeError as error:
        if "session is closed" not in str(error).lower():
            raise
        raise TryLater(str(error)) from error  # the client is being stopped or built anew


def of_http(error: discord.HTTPException) -> DeliveryError:
    """Classify an answer of Discord by its code, then by its status."""
    text = f"{error.status}/{error.code}"
    by_code = _of_code(error.code, text)
    if by_code is not None:
        return by_code
    return _of_status(error, text)


def _of_code(code: int, text: str) -> DeliveryError | None:
    if code in _GONE:
        return Gone(text)
    if code in {40005, 50045}:
        return TooLarge(text)
    if code in _REFUSED_TEXT:
        return TextRefused(text)
    if code == _REPLY_REFUSED:
        return ReplyRefused(text)
    if code == _EMOJI_GONE:
        return EmojiGone(text)
    if code in _FORBIDDEN:
        return Forbidden(text)
    return TryLater(text) if code == _OVERLOADED else None


def _of_status(error: discord.HTTPException, text: str) -> DeliveryError:
    web_page = "<html" in error.text.lower()
    match error.status:
        case 413:
            return TooLarge(text)
        case 401:
            return TryLater(f"{text}: the bot's token is refused", retry_after=_LONG)
        case 429 | 403 if web_page:  # not Discord's API but what stands before it
            return TryLater(f"{text}: a web page", retry_after=_LONG)
        case 429:
            return TryLater(text)
        case 403:
            return Forbidden(text)
        case 404:
            return Gone(text)
        case 400 if "automod" in error.text.lower() or "automatic moderation" in error.text.lower():
            return TextRefused(text)
        case status if status >= 500 or status == 408:
            return TryLater(text)
    kind = Malformed if error.code == _MALFORMED else DeliveryError
    return kind(f"{text}: {error.text[:200]}")

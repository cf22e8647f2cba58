"""Foreign errors of Discord's library become ours, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.domain.errors import DeliveryError, Forbidden, Gone, TextRefused, TooLarge, TryLater

_GONE = frozenset({10003, 10004, 10008})
_REFUSED_TEXT = frozenset({200000, 200001, 240000})
_FORBIDDEN = frozenset({50001, 50007, 50013, 50083, 160002})


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


def of_http(error: discord.HTTPException) -> DeliveryError:
    """Classify an answer of Discord by its code, then by its status."""
    text = f"{error.status}/{error.code}"
    if error.code in _GONE:
        return Gone(text)
    if error.status == 413 or error.code in {40005, 50045}:
        return TooLarge(text)
    if error.code in _REFUSED_TEXT or (error.status == 400 and "automod" in error.text.lower()):
        return TextRefused(text)
    if error.code in _FORBIDDEN or error.status == 403:
        return Forbidden(text)
    if error.status == 429:
        return TryLater(text, retry_after=600.0 if "<html" in error.text.lower() else None)
    if error.status >= 500:
        return TryLater(text)
    if error.status == 404:
        return Gone(text)
    return DeliveryError(f"{text}: {error.text[:200]}")

"""How long a server asks us to stay away."""

import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from bot.providers.reply import Reply

LONGEST = 86_400.0
"""No wait longer than a day is believed, seconds."""


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Read seconds to wait from `retry-after-ms` or `Retry-After`; None where nothing usable stands.

    `headers` has lower-case names, `now` is seconds since 1970 (an HTTP date is relative to it). A moment in
    the past is 0. Forms: RFC 9110 section 10.2.3; the milliseconds are OpenAI's and Azure's.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return _clamp(milliseconds / 1000)
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None:
        return _clamp(seconds)
    moment = _date(value)
    return None if moment is None else _clamp(moment - now)


def _number(text: str | None) -> float | None:
    if text is None or len(text) > 30:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _date(text: str | None) -> float | None:
    if text is None or len(text) > 60:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _clamp(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST)


def poll_hint(reply: Reply) -> float | None:
    """Return in how many seconds the API wants to be asked again; None where it does not say."""
    milliseconds = _number(reply.headers.get("openai-poll-after-ms"))
    return reply.retry_after if milliseconds is None else _clamp(milliseconds / 1000)

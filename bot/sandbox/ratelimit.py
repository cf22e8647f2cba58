"""Rate limits: buckets with Discord's headers.

https://discord.com/developers/docs/topics/rate-limits; the numbers are observed (reference: discord, limits).
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.errors import ApiError

FORGET_AT = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many requests in so many seconds, for each major parameter (a channel, a webhook token)."""

    name: str
    requests: int
    per_s: float

    @property
    def bucket(self) -> str:
        """Return the opaque name that the header shows."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:32]


CREATE_MESSAGE = Limit(name="create message", requests=5, per_s=5.0)
EDIT_MESSAGE = Limit(name="edit message", requests=5, per_s=5.0)
EDIT_OLD_MESSAGE = Limit(name="edit old message", requests=3, per_s=6.0)
DELETE_MESSAGE = Limit(name="delete message", requests=5, per_s=1.0)
REACTION = Limit(name="reaction", requests=1, per_s=0.25)
TYPING = Limit(name="typing", requests=5, per_s=5.0)
WEBHOOK = Limit(name="webhook", requests=5, per_s=2.0)
GLOBAL = Limit(name="global", requests=50, per_s=1.0)


@dataclass(slots=True)
class Window:
    """A bucket's present window: when it ends and what was used of it."""

    ends: float
    used: int = 0


class RateLimits:
    """Count requests in buckets; switched off, nothing is counted and no header is sent."""

    def __init__(self, clock: Clock, *, enabled: bool) -> None:
        self._clock = clock
        self.enabled = enabled
        self._windows: dict[tuple[str, str], Window] = {}

    def take(self, limit: Limit, key: str) -> dict[str, str]:
        """Count one request and return its rate limit headers; raise ApiError 429 when none is left."""
        if not self.enabled:
            return {}
        now = self._clock.now()
        window = self._windows.get((limit.name, key))
        if window is None or window.ends <= now:
            self._forget(now)
            window = self._windows[limit.name, key] = Window(ends=now + limit.per_s)
        if window.used >= limit.requests:
            raise limited(limit, window.ends - now, self._headers(limit, window, now))
        window.used += 1
        return self._headers(limit, window, now)

    def _headers(self, limit: Limit, window: Window, now: float) -> dict[str, str]:
        if limit is GLOBAL:
            return {}
        return {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(limit.requests - window.used),
            "X-RateLimit-Reset": f"{window.ends:.3f}",
            "X-RateLimit-Reset-After": f"{window.ends - now:.3f}",
            "X-RateLimit-Bucket": limit.bucket,
        }

    def _forget(self, now: float) -> None:
        if len(self._windows) > FORGET_AT:
            self._windows = {key: w for key, w in self._windows.items() if w.ends > now}


def limited(limit: Limit, retry_after: float, headers: dict[str, str]) -> ApiError:
    """Return the 429 of a bucket; editing old messages has a code of its own."""
    everywhere = limit is GLOBAL
    extra: dict[str, Any] = {"retry_after": round(retry_after + 0.001, 3), "global": everywhere}
    code, message = 0, "You are being rate limited."
    if limit is EDIT_OLD_MESSAGE:
        code = 30046
        message = "Maximum number of edits to messages older than 1 hour reached. Try again later."
    error = ApiError(429, code, message, extra=extra)
    error.headers = {
        **headers,
        "Retry-After": str(int(retry_after) + 1),
        "X-RateLimit-Scope": "global" if everywhere else "user",
        "Via": "1.1 sandbox",
    }
    if everywhere:
        error.headers["X-RateLimit-Global"] = "true"
    return error

"""What the bot asked: the last calls, and on request every call in full."""

import re
from collections import deque
from dataclasses import dataclass
from typing import Any

from bot.sandbox.events import Event, Events

KEPT = 10_000
REQUEST_NEWS = "SANDBOX_REQUEST"
TOKEN = re.compile(r"(/(?:interactions|webhooks)/\d+/)([^/]{8})[^/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One call and its answer, for holding against Discord's own description; `path` follows /api/v10."""

    method: str
    path: str
    request: Any
    status: int
    response: Any


class RequestLog:
    """Remember the last 10,000 calls and tell the live feed of each; with `record`, keep all exchanges."""

    def __init__(self, events: Events, *, record: bool) -> None:
        self._events = events
        self._record = record
        self._calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.exchanges: list[Exchange] = []

    def note(self, exchange: Exchange, *, at: float, ms: float, ours: bool) -> None:
        """Add a call that came `at` seconds since 1970; status 0 means a connection that was cut.

        A reply that is not `ours`, from a fault or to nobody, stays out of the exchanges.
        """
        path = TOKEN.sub(r"\1\2…", exchange.path)
        call = {
            "at": at,
            "method": exchange.method,
            "path": path,
            "status": exchange.status,
            "ms": round(ms, 3),
        }
        self._calls.append(call)
        self._events.publish(Event(name=REQUEST_NEWS, data=call, hidden=True))
        if self._record and ours:
            self.exchanges.append(exchange)

    def calls(self) -> list[dict[str, Any]]:
        """Return the remembered calls, oldest first; tokens in paths are shortened."""
        return list(self._calls)

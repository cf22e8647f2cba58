"""What happens in the sandbox, told to everyone who listens: the gateway and the live feed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.world import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One dispatch in Discord's shape.

    `channel` is where it happened, if anywhere; `hidden` events (ephemeral messages, the sandbox's own
    news) reach the feed but no gateway session.
    """

    name: str
    data: dict[str, Any]
    channel: Channel | None = None
    hidden: bool = False


Listener = Callable[[Event], None]


class Events:
    """Pass each event to every listener, in order, at once."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener, which must not block; return what removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Event) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(event)

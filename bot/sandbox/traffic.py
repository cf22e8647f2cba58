"""What goes over the gateway: the last frames in both directions, without their content."""

from collections import deque
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.events import Event, Events

KEPT = 2000
GATEWAY_NEWS = "SANDBOX_GATEWAY"


class Traffic:
    """Remember frames and tell the live feed of each."""

    def __init__(self, clock: Clock, events: Events) -> None:
        self._clock = clock
        self._events = events
        self._frames: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def note(
        self, direction: str, op: int | None, event: str | None, size: int, session_id: str = ""
    ) -> None:
        """Add a frame; `direction` is "in" from the bot and "out" to it, `size` counts characters."""
        frame = {
            "at": self._clock.now(),
            "direction": direction,
            "op": op,
            "event": event,
            "session": session_id[:8],
            "bytes": size,
        }
        self._frames.append(frame)
        self._events.publish(Event(name=GATEWAY_NEWS, data=frame, hidden=True))

    def frames(self) -> list[dict[str, Any]]:
        """Return the remembered frames, oldest first."""
        return list(self._frames)

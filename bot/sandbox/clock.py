"""The sandbox's clock, which a test can put forward."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Tell the time of the sandbox: that of the machine plus an offset.

    Token age, nonces, message age, signed links and snowflakes all follow it.
    """

    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read = read
        self._offset = 0.0

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._read() + self._offset

    def iso(self) -> str:
        """Return the present time as Discord writes it, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat()

    def advance(self, seconds: float) -> None:
        """Let time pass; raise ValueError for a step back, which snowflakes could not survive."""
        if seconds < 0:
            raise ValueError("the clock only goes forward")
        self._offset += seconds

"""The sandbox's clock, which a test can put forward."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

END_S = datetime(2080, 1, 1, tzinfo=UTC).timestamp()  # a few years on, ids outgrow a signed 64-bit number


class Clock:
    """Tell the time of the sandbox: that of the machine plus an offset.

    Token age, nonces, message age, signed links and snowflakes all follow it.
    """

    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read = read
        self.offset = 0.0
        self.on_advance: Callable[[], None] | None = None

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._read() + self.offset

    def iso(self) -> str:
        """Return the present time as Discord writes it, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat()

    def advance(self, seconds: float) -> None:
        """Let time pass; raise ValueError for a step that ids could not survive: back, or past 2080."""
        if not seconds >= 0:  # nor does NaN pass
            raise ValueError("the clock only goes forward")
        if seconds >= END_S - self.now():
            raise ValueError("the clock ends in the year 2080")
        self.offset += seconds
        if self.on_advance is not None:
            self.on_advance()

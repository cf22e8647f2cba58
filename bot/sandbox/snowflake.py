"""Discord's ids: numbers that hold the time of their making.

https://discord.com/developers/docs/reference#snowflakes
"""

from bot.sandbox.clock import Clock

DISCORD_EPOCH_MS = 1_420_070_400_000
TIME_SHIFT = 22


class Snowflakes:
    """Make ids that are unique, grow, and encode the sandbox's time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """Return a new id as Discord sends it: a decimal string."""
        fresh = (int(self._clock.now() * 1000) - DISCORD_EPOCH_MS) << TIME_SHIFT
        self._last = max(fresh, self._last + 1)
        return str(self._last)

    @property
    def last(self) -> int:
        """Return the newest id, 0 before the first."""
        return self._last

    def go_on_after(self, last: int) -> None:
        """Make only ids that are larger, also where the machine's clock was put back meanwhile."""
        self._last = max(self._last, last)


def created_at(snowflake: str) -> float:
    """Return when an id was made, in seconds since 1970."""
    return ((int(snowflake) >> TIME_SHIFT) + DISCORD_EPOCH_MS) / 1000

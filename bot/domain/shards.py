"""Which part of Discord's servers one process hears: `FIRST-LAST/COUNT` on the command line."""

import re
from dataclasses import dataclass

from bot.domain.errors import ConfigError

_FORM = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?/(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """The shards of one process, out of `count` over all processes (reference: discord, gateway)."""

    ids: tuple[int, ...]
    count: int

    @classmethod
    def parse(cls, text: str) -> "Shards":
        """Read `0-3/16`, or `3/16` for one.

        Raises:
            ConfigError: it is not of that form, or there are no such shards.
        """
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ConfigError(
                f"--shards {text!r} must look like 0-3/16: the first, the last, how many in all"
            )
        first, last, count = int(match[1]), int(match[2] or match[1]), int(match[3])
        if not first <= last < count:
            raise ConfigError(
                f"--shards {text!r} names shards that are none of the {count}: they count from 0"
            )
        return cls(ids=tuple(range(first, last + 1)), count=count)

    def hear(self, guild_id: int | None) -> bool:
        """Say whether events of a server come to one of these; those of direct messages come to shard 0."""
        return ((guild_id or 0) >> 22) % self.count in self.ids

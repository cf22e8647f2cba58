"""What a server's owner may set from Discord, with the defaults that hold until then."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    """Limits of one server; `None` as guild means direct messages."""

    guild_id: int | None = None
    waiting_per_member: int = 10

"""What a server's owner may set from Discord, with the defaults that hold until then."""

from dataclasses import dataclass

from bot.domain.codes import Code
from bot.domain.errors import QuotaExceeded


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    """Limits of one server, 0 for none; `None` as guild means direct messages, together.

    Running jobs are those that hold a slot of their provider (`bot.domain.states.HOLDS_SLOT`).
    """

    guild_id: int | None = None
    running_per_member: int = 3
    running_per_server: int = 0
    waiting_per_member: int = 10
    waiting_per_server: int = 200

    def check_waiting(self, *, member: int, server: int) -> None:
        """Accept another job in line where so many of the member and of the server wait already.

        Raises:
            QuotaExceeded: with the limit, of the member first.
        """
        if 0 < self.waiting_per_member <= member:
            raise QuotaExceeded(limit=self.waiting_per_member)
        if 0 < self.waiting_per_server <= server:
            raise QuotaExceeded(code=Code.LINE_FULL, limit=self.waiting_per_server)

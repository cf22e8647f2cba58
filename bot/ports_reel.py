"""The seams of reels: which videos there are to choose from, and where they may be shown."""

from typing import Protocol

from bot.domain.reel import Candidate, Period


class ReelStore(Protocol):
    """Delivered videos and their votes; all methods raise `DatabaseUnavailable` when it fails."""

    async def candidates(
        self, guild_id: int, period: Period, *, user_id: int | None = None
    ) -> list[Candidate]:
        """Return the server's videos with votes that were delivered in the period; joined ones are none.

        Those that went to the author's direct messages, or were deleted since, are not among them.
        """

    async def delivered(self, guild_id: int, period: Period, *, user_id: int | None = None) -> int:
        """Count what `candidates` chooses from, with votes or without."""


class ChannelKinds(Protocol):
    """What kind of channel one is. Implemented by the Discord side."""

    async def is_restricted(self, channel_id: int) -> bool:
        """Say whether the channel, or that of the thread, is for adults.

        Raises:
            DeliveryError: Discord does not say.
        """

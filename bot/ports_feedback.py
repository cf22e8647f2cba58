"""The seams of feedback: what servers set about it."""

from typing import Protocol

from bot.domain.feedback import FeedbackSettings


class FeedbackStore(Protocol):
    """The feedback settings of servers; all methods raise `DatabaseUnavailable` when it fails."""

    async def settings(self, guild_id: int | None) -> FeedbackSettings:
        """Return the server's settings, or the defaults."""

    async def save(self, settings: FeedbackSettings) -> None:
        """Keep the server's settings."""

    async def with_reels(self) -> list[FeedbackSettings]:
        """Return the settings of servers that want reels."""

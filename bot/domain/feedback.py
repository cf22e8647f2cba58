"""What a server's owner sets about votes, emoji commands, its best-of channel and reel."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.ratings import Scale


class ReelEvery(StrEnum):
    """How often the best videos come as a reel; the value is what the database holds."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSettings:
    """`None` as guild means direct messages, together.

    `author_votes`: an author's vote on an own video counts. `letter`, `favourite`, `removal`: ✉️, ⭐ and ❌ do
    something. From `best_from` stars on a video is copied to `best_channel_id`. A reel comes to
    `reel_channel_id` at the end of each week or month (UTC) that ends after `reel_since`, milliseconds.
    """

    guild_id: int | None = None
    scale: Scale = field(default_factory=Scale)
    author_votes: bool = True
    letter: bool = True
    favourite: bool = True
    removal: bool = True
    best_channel_id: int | None = None
    best_from: int = 3
    reel_every: ReelEvery | None = None
    reel_channel_id: int | None = None
    reel_since: int | None = None

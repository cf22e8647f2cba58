"""Messages that the bot owes a channel and posts once: copies for a best-of channel, the news of a reel."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NewType

from bot.domain.job import Job, JobId, WorkerId

PostingId = NewType("PostingId", str)
"""Says what it is, so that deciding twice is one row."""


class PostingKind(StrEnum):
    """What is posted, and so who writes it; the value is what the database holds."""

    BEST = "best"
    REEL = "reel"


class PostingState(StrEnum):
    """Where a posting stands; the value is what the database holds."""

    DUE = "due"
    POSTED = "posted"
    GIVEN_UP = "given-up"
    LEAVING = "leaving"  # to be deleted, whether or not it was posted
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """The whole row. Times are milliseconds since 1970 UTC, by the database's clock.

    The message begins with `mark`, and so is found again: no other message of the bot in this channel begins
    so. `intent_at` is when it was first claimed: from then on it may have been sent. `attempt` counts claims.
    """

    id: PostingId
    kind: PostingKind
    guild_id: int
    channel_id: int
    mark: str
    job_id: JobId | None = None
    state: PostingState = PostingState.DUE
    due_at: int = 0
    attempt: int = 0
    owner: WorkerId | None = None
    intent_at: int | None = None
    message_id: int | None = None
    created_at: int = 0

    @property
    def nonce(self) -> str:
        """Return what makes a repeated post the same message for some minutes: at most 25 characters."""
        return "p" + hashlib.sha256(self.id.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a posting says after its mark.

    `plain` is for a server whose filters refuse what members typed; it goes out without the file's words.
    Where the file is too large the words go out alone.
    """

    text: str
    plain: str
    file: Path | None = None
    file_name: str = ""
    alt_text: str | None = None


def best_id(job_id: JobId) -> PostingId:
    """Name the copy of a video in the best-of channel: one a video, wherever that channel is."""
    return PostingId(f"best:{job_id}")


def reel_id(guild_id: int, period: str) -> PostingId:
    """Name the news of a server's reel: one a period, such as `2026-W47` or `2026-11`."""
    return PostingId(f"reel:{guild_id}:{period}")


def best_copy(job: Job, *, guild_id: int, channel_id: int) -> Posting:
    """Return the posting of a video's copy."""
    return Posting(
        id=best_id(job.id),
        kind=PostingKind.BEST,
        guild_id=guild_id,
        channel_id=channel_id,
        mark=f"⭐ **{job.short_id}**",
        job_id=job.id,
    )

"""What a video API says of a render, normalised."""

from dataclasses import dataclass, replace
from enum import StrEnum


class RemoteStatus(StrEnum):
    """The render's stage over there. An unknown word is RUNNING: still pending, never an end."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class RefusedPart(StrEnum):
    """What a service's content rules refused, as far as it says."""

    PROMPT = "prompt"
    PICTURE = "picture"
    REQUEST = "request"  # the prompt or the picture
    RESULT = "result"
    UNKNOWN = "unknown"


class SubmitSafety(StrEnum):
    """How an unclear submit is cleared up (reference: jobs, rule 1)."""

    KEY = "key"  # send again with the same key: the API returns the same render
    LIST = "list"  # look the render up in the API's list
    NONE = "none"  # nobody can know: a person decides


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteVideo:
    """One render as the API tells it.

    `progress` is 0 to 100, None where the API has none. `poll_after` is the API's own hint in seconds.
    `created_at` and `expires_at` are milliseconds since 1970. `error` is safe to show: short, without URLs,
    keys and ids. `url` is a result location where the answer carried one.
    """

    id: str
    status: RemoteStatus
    progress: int | None = None
    error: str | None = None
    moderated: bool = False
    refused: RefusedPart = RefusedPart.UNKNOWN
    poll_after: float | None = None
    created_at: int | None = None
    expires_at: int | None = None
    url: str | None = None
    prompt: str | None = None
    size: str | None = None
    seconds: float | None = None


POLLS_A_SECOND = 50
"""What one API is asked at most for all its renders: Discord takes no more calls that could show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPace:
    """Seconds between polls: from `first`, growing to `longest`; the render is given up after `deadline`."""

    first: float = 5.0
    longest: float = 20.0
    deadline: float = 3600.0

    def among(self, renders: int) -> "PollPace":
        """Return the pace for one of so many renders under way at the same API: slower in a crowd."""
        least = renders / POLLS_A_SECOND
        return self if least <= self.first else replace(self, first=least, longest=max(self.longest, least))

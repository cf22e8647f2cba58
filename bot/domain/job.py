"""A job: one row, one paid (or free) render, from the command to the delivered video."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from bot.domain.codes import Code
from bot.domain.errors import BotError, Fact
from bot.domain.origin import NEW, Origin
from bot.domain.states import JobState
from bot.domain.video import VideoRequest

JobId = NewType("JobId", str)
"""The Discord interaction id, so that a redelivered event is the same job."""

WorkerId = NewType("WorkerId", str)
"""One running process; it holds a lease while it is alive."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U to misread


def short_id(job_id: str, salt: int = 0) -> str:
    """Derive the five characters that members read and type; another salt after a collision."""
    number = int.from_bytes(hashlib.sha256(f"{job_id}:{salt}".encode()).digest()[:8])
    digits = []
    for _ in range(5):
        number, index = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[index])
    return "".join(digits)


def normalise_short_id(text: str) -> str:
    """Read a short id as a person types it: any case, "#", O for 0, I and L for 1."""
    folded = text.strip().strip("#`").upper()
    return folded.translate(str.maketrans("OIL", "011"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the answer goes. `guild_id` is None in a direct message."""

    channel_id: int
    status_message_id: int
    guild_id: int | None = None


class Venue(StrEnum):
    """Where the result is posted, best first: each is tried when the one before it takes nothing."""

    PLACE = "place"  # where it was asked for
    PARENT = "parent"  # the channel of a thread that is locked or gone
    DIRECT = "direct"  # the author's direct messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that carries a result."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a job ended without a video: the code names the sentence, the facts fill it."""

    code: Code
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, error: BotError) -> "Failure":
        """Keep what a member may read of the error."""
        return cls(code=error.code, facts=error.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The whole row. Times are milliseconds since 1970 UTC.

    `fence` grows with every claim; a write with an old fence changes nothing.
    `due_at` is when the next step may run, `deadline_at` when the render is given up.
    `tried_at` is when the order was first sent, in this or an earlier attempt.
    `submit_intent_at` and `post_intent_at` are written before the two effects that
    must not be repeated blindly.
    `status_closed` says that the status message shows the end.
    `still_file` is the picture that is posted where no video fits. `venue` is where the result is being
    posted, `result_channel_id` where it stands (None in rows from before venues: in the job's place).
    `kept_on` is the machine that has the files of the result; None means the folder that all machines share.
    """

    id: JobId
    short_id: str
    provider: str
    user_id: int
    place: Place
    request: VideoRequest
    created_at: int
    locale: str = "en-US"
    state: JobState = JobState.QUEUED
    priority: int = 0
    due_at: int = 0
    deadline_at: int | None = None
    attempt: int = 0
    cancel_requested: bool = False
    owner: WorkerId | None = None
    fence: int = 0
    started_at: int | None = None
    finished_at: int | None = None
    tried_at: int | None = None
    submit_intent_at: int | None = None
    remote_id: str | None = None
    result_url: str | None = None
    result_file: str | None = None
    result_bytes: int | None = None
    fitted_file: str | None = None
    still_file: str | None = None
    kept_on: str | None = None
    upload_limit: int | None = None
    post_intent_at: int | None = None
    venue: Venue = Venue.PLACE
    result_channel_id: int | None = None
    result_message_id: int | None = None
    failure: Failure | None = None
    status_closed: bool = False
    origin: Origin = NEW

    @property
    def delivery_file(self) -> str | None:
        """The workspace's name of the file that is posted: the fitted copy or the still if one was needed."""
        return self.still_file or self.fitted_file or self.result_file

    @property
    def result(self) -> Posted | None:
        """The message that carries the result."""
        if self.result_message_id is None:
            return None
        channel_id = self.result_channel_id or self.place.channel_id
        return Posted(channel_id=channel_id, message_id=self.result_message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """One line of a job's history."""

    job_id: JobId
    at: int
    from_state: JobState | None
    to_state: JobState
    note: str = ""

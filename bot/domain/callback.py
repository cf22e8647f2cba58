"""Callbacks: the signed POST that tells a server's own program how a video ended (Standard Webhooks)."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.job import Job, JobId, Venue
from bot.domain.states import JobState
from bot.domain.webhooks import WebhookSecret

URL_LIMIT = 500
DAY = 24 * 3_600_000
"""Milliseconds for which the end of a job is offered."""
WAITS = (5, 30, 120, 600, 1800)
LONGEST_WAIT = 3600
"""Seconds between two tries: first `WAITS`, then once an hour."""
KEY_BYTES = 32


class AddressFlaw(StrEnum):
    """What is wrong with the address of a callback."""

    NOT_HTTPS = "not-https"
    NO_HOST = "no-host"
    CREDENTIALS = "credentials"
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Where a server wants to hear of its videos' ends, and what the POSTs are signed with."""

    guild_id: int
    url: str = field(repr=False)  # it may hold a password of its own, as Discord's webhooks do
    secret: str = field(repr=False)

    @property
    def key(self) -> WebhookSecret:
        """Return the secret, read."""
        return WebhookSecret.parse(self.secret)

    @property
    def host(self) -> str:
        """Return what may be logged of the address."""
        return urlsplit(self.url).hostname or "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEnd:
    """One end of a job, on its way to a server: the `number`th event in the job's history, `at` ms.

    A job that failed and was taken up again ends more than once. `attempt` counts the tries, this one too.
    """

    job_id: JobId
    number: int
    guild_id: int
    state: JobState
    at: int
    attempt: int

    @property
    def delivery(self) -> str:
        """Return the id that stays the same from try to try, for telling a repeat."""
        return f"reelbot_{self.job_id}_{self.number}"


def check_address(url: str) -> AddressFlaw | None:
    """Judge the address by how it is written; where it leads is looked up at each POST."""
    if len(url) > URL_LIMIT:
        return AddressFlaw.TOO_LONG
    try:
        parts = urlsplit(url)
        host, secure = parts.hostname, parts.scheme == "https" and (parts.port is None or parts.port > 0)
    except ValueError:
        return AddressFlaw.NO_HOST
    if not secure:
        return AddressFlaw.NOT_HTTPS
    if parts.username is not None or parts.password is not None:
        return AddressFlaw.CREDENTIALS
    if not host or not url.isprintable() or " " in url:
        return AddressFlaw.NO_HOST
    return None


def new_secret(entropy: bytes) -> str:
    """Write a secret as Standard Webhooks does; `entropy` are `KEY_BYTES` random bytes."""
    return "whsec_" + base64.b64encode(entropy).decode()


def wait_after(attempt: int) -> int:
    """Return the seconds until the next try, after so many."""
    return WAITS[attempt - 1] if 0 < attempt <= len(WAITS) else LONGEST_WAIT


def end_body(job: Job, end: JobEnd) -> bytes:
    """Write the body that tells of an end. Ids are strings: JavaScript rounds Discord's as numbers."""
    request, failure = job.request, job.failure
    data: dict[str, object] = {
        "id": job.short_id,
        "state": end.state.value,
        "prompt": request.prompt,
        "model": request.model,
        "size": str(request.size),
        "seconds": request.seconds,
        "channel_id": str(job.place.channel_id),
        "user_id": str(job.user_id),
        "message_url": _message_url(job) if end.state is JobState.DELIVERED else None,
    }
    if end.state is JobState.FAILED and failure is not None:
        data["error"] = failure.code.value
    return _body(f"video.{end.state}", end.at, data)


def trial_body(guild_id: int, now: int) -> bytes:
    """Write the body that an owner sends to see whether the address takes it."""
    return _body("callback.test", now, {"guild_id": str(guild_id)})


def _body(kind: str, at: int, data: dict[str, object]) -> bytes:
    moment = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
    event = {"type": kind, "timestamp": moment.replace("+00:00", "Z"), "data": data}
    return json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")


def _message_url(job: Job) -> str | None:
    """Return where the video stands; nothing of a direct message, which is its author's alone."""
    posted = job.result
    if posted is None or job.venue is Venue.DIRECT or job.place.guild_id is None:
        return None
    return f"https://discord.com/channels/{job.place.guild_id}/{posted.channel_id}/{posted.message_id}"

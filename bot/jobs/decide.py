"""What follows from what happened: pure functions from a job and an event to an `Outcome`."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from bot.domain.codes import Code
from bot.domain.errors import (
    AuthFailed,
    BotError,
    ContentRejected,
    DeliveryError,
    Forbidden,
    Gone,
    NotSent,
    ProviderError,
    RateLimited,
    RemoteNotFound,
    TextRefused,
    TooLarge,
    TryLater,
    UnsupportedRequest,
)
from bot.domain.job import Failure, Job, Venue
from bot.domain.remote import PollPace, RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.states import JobState

SECOND = 1000
IN_FLIGHT = 60 * SECOND
"""After this long no request of a dead sender can still be on its way (reference: jobs, rule 1)."""
SUBMIT_PATIENCE = 3600 * SECOND
"""How long a job waits for an API that is down or full before it fails; nothing was paid."""
FRESH = 30 * SECOND
"""A 404 this soon after the submit is replica lag (reference: providers, normalisation)."""
DELIVERY_PATIENCE = 7 * 24 * 3600 * SECOND
"""How long a finished video waits for Discord."""
NONCE = 120 * SECOND
"""Discord recognises a repeated nonce for "the past few minutes"; fewer than that are sure."""
UPLOAD_STEPS = tuple(mebibytes * 1024 * 1024 * 95 // 100 for mebibytes in (100, 50, 25, 10, 8))
"""Upload limits of Discord, bytes, with room for the rest of the request (reference: discord, uploads)."""
LONGEST_WAIT = 3600.0
"""Seconds; nothing waits longer. So a due time further ahead means that the clock was set back: it is due."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Move to a state with these changes of the row, in one write."""

    to: JobState
    changes: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Do the same step again after `seconds`; nothing durable was learned."""

    seconds: float
    percent: int | None = None
    trouble: bool = False
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Do the same step again after `seconds`, counted in the row so that a restart goes on counting."""

    seconds: float


Outcome = Advance | Wait | Retry


def fail(error: BotError) -> Advance:
    """End the job with the sentence of the error."""
    return Advance(JobState.FAILED, {"failure": Failure.of(error)}, note=str(error)[:300])


def backoff(attempt: int, rng: random.Random, *, base: float = 1.0, longest: float = 300.0) -> float:
    """Return seconds to wait before the next attempt: half fixed, half jitter, doubling."""
    span: float = min(longest, base * 2 ** min(attempt, 20))
    return span / 2 + rng.uniform(0, span / 2)


# --- submit ----------------------------------------------------------------------------------------


def before_submit(job: Job, safety: SubmitSafety, now: int) -> Advance | Retry | None:
    """Decide about a SUBMITTING job before anything is sent; None means send.

    An intent in the row means that an earlier process may have sent the request already.
    """
    if job.submit_intent_at is None:
        return None
    match safety:
        case SubmitSafety.KEY:
            return None
        case SubmitSafety.LIST:
            left = job.submit_intent_at + IN_FLIGHT - now
            if left > IN_FLIGHT:  # the clock was set back: nobody knows how long ago it was, so from now on
                return Advance(JobState.SUBMITTING, {"submit_intent_at": now})
            return Retry(left / SECOND) if left > 0 else None
        case SubmitSafety.NONE:
            return unsure("the process ended while the request was under way")
    assert_never(safety)


def unsure(note: str) -> Advance:
    """Park the job: only a person can say whether it was paid."""
    return Advance(JobState.UNSURE, {"failure": Failure(code=Code.CHARGE_UNKNOWN)}, note=note)


def after_found(found: list[RemoteVideo], pace: PollPace, now: int) -> Advance | None:
    """Decide what the API's list says of an unclear submit: one match is ours, none means send again."""
    match found:
        case []:
            return None
        case [video]:
            receipt = {"remote_id": video.id, "deadline_at": now + int(pace.deadline * SECOND)}
            return Advance(JobState.RENDERING, receipt, note="found in the list")
        case _:
            return unsure(f"{len(found)} renders in the list match")


def after_search_error(job: Job, error: ProviderError, now: int, rng: random.Random) -> Advance | Retry:
    """Decide about a list that could not be read: the doubt stays, and so does the intent."""
    if _tried_long(job, now):
        return unsure(str(error)[:300])
    return Retry(backoff(job.attempt, rng, longest=60))


def after_submit(remote: RemoteVideo, pace: PollPace, now: int, rng: random.Random) -> Advance:
    """Keep the id, which is the receipt, and say when to ask first: not at once about one that is pending."""
    pending = remote.status in {RemoteStatus.QUEUED, RemoteStatus.RUNNING}
    delay = poll_delay(0, pace, remote.poll_after, rng) if pending else 0.0
    receipt = {
        "remote_id": remote.id,
        "deadline_at": now + int(pace.deadline * SECOND),
        "due_at": now + int(delay * SECOND),
    }
    return Advance(JobState.RENDERING, receipt, note=f"accepted as {remote.id}")


def after_submit_error(
    job: Job,
    error: ProviderError,
    safety: SubmitSafety,
    now: int,
    rng: random.Random,
    *,
    doubtful: bool = False,
) -> Outcome:
    """Decide what a failed submit means for the money.

    `doubtful` says that an earlier request under the same key may have been accepted: then a refusal of this
    one says nothing about the money, and the intent stays.
    """
    match error:
        case NotSent() | RateLimited() | AuthFailed() if doubtful:
            if _tried_long(job, now):
                return unsure(str(error)[:300])
            return Retry(max(backoff(job.attempt, rng, longest=60), error.retry_after or 0.0))
        case NotSent() | RateLimited():
            return _requeue(job, error, now, rng)
        case ContentRejected() | UnsupportedRequest() | AuthFailed():
            return fail(error)
        case _ if safety is SubmitSafety.NONE or _tried_long(job, now):
            return unsure(str(error)[:300])
        case _:
            return Retry(backoff(job.attempt, rng))


def _tried_long(job: Job, now: int) -> bool:
    return job.tried_at is not None and now - job.tried_at > SUBMIT_PATIENCE


def _requeue(job: Job, error: ProviderError, now: int, rng: random.Random) -> Outcome:
    if _tried_long(job, now):
        return fail(error)
    asked = error.retry_after if isinstance(error, RateLimited) else None
    seconds = asked if asked is not None else backoff(job.attempt, rng, longest=60)
    changes = {
        "submit_intent_at": None,
        "due_at": now + int(seconds * SECOND),
        "attempt": job.attempt + 1,
        "failure": Failure.of(error),
    }
    return Advance(JobState.QUEUED, changes, note=str(error)[:300])


# --- poll ------------------------------------------------------------------------------------------


def poll_delay(polls: int, pace: PollPace, hint: float | None, rng: random.Random) -> float:
    """Return seconds to the next poll: the API's hint, else growing from first to longest, with jitter."""
    seconds = hint if hint is not None else min(pace.longest, pace.first * 1.15**polls)
    return min(max(seconds, 0.2), 120.0) * rng.uniform(0.9, 1.1)


def after_poll(job: Job, remote: RemoteVideo, delay: float, now: int) -> Outcome:
    """Decide what the API's word on the render means; an unknown word is still pending."""
    match remote.status:
        case RemoteStatus.DONE:
            return Advance(
                JobState.FETCHING, {"deadline_at": _kept_until(remote, now), "result_url": remote.url}
            )
        case RemoteStatus.FAILED:
            return fail(_render_error(remote))
        case RemoteStatus.EXPIRED:
            return fail(ProviderError("expired there", code=Code.RESULT_EXPIRED))
        case RemoteStatus.CANCELLED:
            return fail(ProviderError("cancelled there", code=Code.PROVIDER_CANCELLED))
        case RemoteStatus.QUEUED | RemoteStatus.RUNNING:
            if _past(job.deadline_at, now):
                return fail(ProviderError("the render took too long", code=Code.DEADLINE))
            return Wait(delay, percent=remote.progress)
    assert_never(remote.status)


def after_poll_error(job: Job, error: ProviderError, delay: float, now: int) -> Outcome:
    """Decide about a poll that failed: the video is paid for, so only the deadline gives it up."""
    if isinstance(error, RemoteNotFound) and now - (job.submit_intent_at or now) > FRESH:
        return fail(error)
    if _past(job.deadline_at, now):
        return fail(ProviderError(str(error), code=Code.DEADLINE))
    asked = error.retry_after if isinstance(error, RateLimited) else None
    reason = error.code if isinstance(error, AuthFailed) else None  # the owner can mend that, and only he
    return Wait(max(delay, asked or 0.0), trouble=not isinstance(error, RateLimited), reason=reason)


def _kept_until(remote: RemoteVideo, now: int) -> int | None:
    return remote.expires_at if remote.expires_at and remote.expires_at > now else None


def _render_error(remote: RemoteVideo) -> ProviderError:
    if remote.moderated:
        return ContentRejected(remote.error or "moderated", what=remote.refused)
    return ProviderError(remote.error or "no reason given", reason=remote.error or "")


def _past(deadline: int | None, now: int) -> bool:
    return deadline is not None and now > deadline


def cancelled(*, stopped: bool, note: str = "") -> Advance:
    """End a job whose render had begun; the member reads whether the API could stop it."""
    code = Code.CANCELLED_STOPPED if stopped else Code.CANCELLED_RUNNING
    note = note or ("stopped there" if stopped else "cannot be stopped there")
    return Advance(JobState.CANCELLED, {"failure": Failure(code=code)}, note=note[:300])


# --- deliver ---------------------------------------------------------------------------------------


def after_delivery_error(job: Job, error: DeliveryError, now: int, rng: random.Random) -> Outcome:
    """Decide about a post that failed: smaller, later, elsewhere, or kept here and told."""
    match error:
        case TooLarge() if job.still_file is None:
            limit = smaller_limit(job.upload_limit, job.result_bytes or 0)
            return Advance(JobState.FITTING, {"upload_limit": limit, "post_intent_at": None}, note=str(error))
        case TryLater() if now - job.created_at <= DELIVERY_PATIENCE:
            return Retry(max(backoff(job.attempt, rng, longest=60), error.retry_after or 0.0))
        case Forbidden() | Gone() | TextRefused() if (venue := next_venue(job)) is not None:
            changes = {"venue": venue, "upload_limit": None, "post_intent_at": None}
            return Advance(JobState.FITTING, changes, note=f"{job.venue} takes nothing: {error}"[:300])
        case _:
            return fail_kept(job, error)


def next_venue(job: Job) -> Venue | None:
    """Return where to post when the job's venue takes nothing; a direct message has nothing behind it."""
    if job.place.guild_id is None or job.venue is Venue.DIRECT:
        return None
    return Venue.PARENT if job.venue is Venue.PLACE else Venue.DIRECT


def fail_kept(job: Job, error: BotError) -> Advance:
    """End the job with its file kept here: the sentence names the id under which `/show` hands it out."""
    failure = Failure(code=error.code, facts={**error.facts, "id": job.short_id})
    return Advance(JobState.FAILED, {"failure": failure}, note=str(error)[:300])


def smaller_limit(limit: int | None, file_bytes: int) -> int:
    """Return the bytes to aim for after a refusal by size: the next limit that Discord knows, else half."""
    refused = min(limit or file_bytes, file_bytes)
    return next((step for step in UPLOAD_STEPS if step < refused), refused // 2)


def may_be_posted_twice(job: Job, now: int) -> bool:
    """Say whether a repeated post is a second message, if an earlier one went through."""
    return job.post_intent_at is not None and now - job.post_intent_at > NONCE

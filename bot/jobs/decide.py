"""What follows from what happened: pure functions from a job and an event to an `Outcome`."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from bot.domain.errors import (
    AuthFailed,
    BadResponse,
    BotError,
    Code,
    ContentRejected,
    DeliveryError,
    NotAVideo,
    NotReady,
    NotSent,
    ProviderError,
    RateLimited,
    RemoteNotFound,
    TextRefused,
    TooLarge,
    TryLater,
    UnsupportedRequest,
)
from bot.domain.job import Failure, Job
from bot.domain.remote import PollPace, RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.states import JobState

SECOND = 1000
IN_FLIGHT = 60 * SECOND
"""After this long no request of a dead sender can still be on its way (reference: jobs, rule 1)."""
SUBMIT_PATIENCE = 3600 * SECOND
"""How long a job waits for an API that is down or full before it fails; nothing was paid."""
FRESH = 30 * SECOND
"""A 404 this soon after the submit is replica lag (reference: providers, normalisation)."""
FETCH_PATIENCE = 24 * 3600 * SECOND
"""How long a paid result is fetched for where the API names no expiry."""
DELIVERY_PATIENCE = 7 * 24 * 3600 * SECOND
"""How long a finished video waits for Discord."""
BROKEN_FETCHES = 8
"""How often a result that arrives broken is fetched again."""


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
            return Retry(left / SECOND) if left > 0 else None
        case SubmitSafety.NONE:
            return unsure("the process ended while the request was under way")
    assert_never(safety)


def unsure(note: str) -> Advance:
    """Park the job: only a person can say whether it was paid."""
    return Advance(JobState.UNSURE, {"failure": Failure(code=Code.CHARGE_UNKNOWN)}, note=note)


def after_found(found: list[RemoteVideo]) -> Advance | None:
    """Decide what the API's list says of an unclear submit: one match is ours, none means send again."""
    match found:
        case []:
            return None
        case [video]:
            return Advance(JobState.RENDERING, {"remote_id": video.id}, note="found in the list")
        case _:
            return unsure(f"{len(found)} renders in the list match")


def after_search_error(job: Job, error: ProviderError, now: int, rng: random.Random) -> Advance | Retry:
    """Decide about a list that could not be read: the doubt stays, and so does the intent."""
    if now - job.created_at > SUBMIT_PATIENCE:
        return unsure(str(error)[:300])
    return Retry(backoff(job.attempt, rng, longest=60))


def after_submit(remote: RemoteVideo, pace: PollPace, now: int) -> Advance:
    """Keep the id and nothing else: it is the receipt."""
    deadline = now + int(pace.deadline * SECOND)
    return Advance(
        JobState.RENDERING, {"remote_id": remote.id, "deadline_at": deadline}, note=f"accepted as {remote.id}"
    )


def after_submit_error(
    job: Job, error: ProviderError, safety: SubmitSafety, now: int, rng: random.Random
) -> Outcome:
    """Decide what a failed submit means for the money."""
    match error:
        case NotSent() | RateLimited():
            return _requeue(job, error, now, rng)
        case ContentRejected() | UnsupportedRequest() | AuthFailed():
            return fail(error)
        case _ if safety is SubmitSafety.NONE or now - job.created_at > SUBMIT_PATIENCE:
            return unsure(str(error)[:300])
        case _:
            return Retry(backoff(job.attempt, rng))


def _requeue(job: Job, error: ProviderError, now: int, rng: random.Random) -> Outcome:
    if now - job.created_at > SUBMIT_PATIENCE:
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
                JobState.FETCHING, {"deadline_at": _fetch_until(remote, now), "result_url": remote.url}
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
    return Wait(max(delay, asked or 0.0), trouble=not isinstance(error, RateLimited))


def _fetch_until(remote: RemoteVideo, now: int) -> int:
    return remote.expires_at if remote.expires_at and remote.expires_at > now else now + FETCH_PATIENCE


def _render_error(remote: RemoteVideo) -> ProviderError:
    if remote.moderated:
        return ContentRejected(remote.error or "moderated")
    return ProviderError(remote.error or "no reason given", reason=remote.error or "")


def _past(deadline: int | None, now: int) -> bool:
    return deadline is not None and now > deadline


# --- fetch, fit, deliver ---------------------------------------------------------------------------


def after_fetch_error(job: Job, error: BotError, now: int, rng: random.Random) -> Outcome:
    """Decide about a download that failed; rendering again is never the answer."""
    if _past(job.deadline_at, now):
        return fail(ProviderError(str(error), code=Code.RESULT_EXPIRED))
    if isinstance(error, BadResponse | NotAVideo) and job.attempt + 1 >= BROKEN_FETCHES:
        return fail(error)
    if isinstance(error, RemoteNotFound) and job.attempt + 1 >= BROKEN_FETCHES:
        return fail(ProviderError(str(error), code=Code.RESULT_EXPIRED))
    asked = error.retry_after if isinstance(error, RateLimited) else None
    longest = 10.0 if isinstance(error, NotReady) else 120.0
    return Retry(max(backoff(job.attempt, rng, longest=longest), asked or 0.0))


def after_delivery_error(
    job: Job, error: DeliveryError, file_bytes: int, now: int, rng: random.Random
) -> Outcome:
    """Decide about a post that failed: smaller, later, or never."""
    match error:
        case TooLarge():
            limit = min(job.upload_limit or file_bytes, file_bytes) * 9 // 10
            return Advance(JobState.FITTING, {"upload_limit": limit, "post_intent_at": None}, note=str(error))
        case TryLater() | TextRefused():
            if now - job.created_at > DELIVERY_PATIENCE:
                return fail(error)
            asked = error.retry_after if isinstance(error, TryLater) else None
            return Retry(max(backoff(job.attempt, rng, longest=60), asked or 0.0))
        case _:
            return fail(error)

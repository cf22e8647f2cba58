"""What is left to do for a job that failed, and what that costs: pure functions of the row."""

from enum import StrEnum

from bot.domain.codes import Code
from bot.domain.job import Job
from bot.domain.states import JobState

_NO_VIDEO_THERE = frozenset(
    {
        Code.PROVIDER_FAILED,
        Code.PROVIDER_MODERATED,
        Code.PROVIDER_CANCELLED,
        Code.PROVIDER_LOST,
        Code.RESULT_EXPIRED,
        Code.RESULT_TOO_LARGE,
    }
)
"""The API has said that there is none, or that nobody can have it."""
_REFUSED = frozenset({Code.PROVIDER_MODERATED, Code.PROVIDER_REFUSED, Code.SOURCE_GONE})
"""The same request would be refused again, and perhaps charged again."""
_UNCLEAR = frozenset({Code.CHARGE_UNKNOWN, Code.GIVEN_UP, Code.INTERNAL})
"""After these a request that was sent may have been charged; every other end of a submit is a refusal."""


class Remedy(StrEnum):
    """How a member gets the video after all."""

    RETRY = "retry"  # the paid video may still be had: nothing is rendered again
    ANEW = "anew"  # nothing was paid: a new job costs what this one would have
    ANEW_COSTS = "anew-costs"  # this one may have been charged: a new job costs again
    OTHERWISE = "otherwise"  # not with this request


def remedy(job: Job) -> Remedy:
    """Say what helps a FAILED job."""
    if retry_state(job) is not None:
        return Remedy.RETRY
    if job.failure is not None and job.failure.code in _REFUSED:
        return Remedy.OTHERWISE
    return Remedy.ANEW_COSTS if may_be_charged(job) else Remedy.ANEW


def retry_state(job: Job) -> JobState | None:
    """Return where a FAILED job can go on without being bought again, None where it cannot."""
    code = job.failure.code if job.failure is not None else Code.INTERNAL
    if job.state is not JobState.FAILED:
        return None
    if job.result_file is not None:
        return JobState.FITTING
    if job.remote_id is None or code in _NO_VIDEO_THERE:
        return None
    return JobState.RENDERING if code is Code.DEADLINE else JobState.FETCHING


def may_be_charged(job: Job) -> bool:
    """Say whether this job may have cost something."""
    if job.remote_id is not None:
        return True
    code = job.failure.code if job.failure is not None else Code.INTERNAL
    return job.submit_intent_at is not None and code in _UNCLEAR

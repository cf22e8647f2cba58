"""The states of a job and the moves between them (reference: jobs, state machine)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class JobState(StrEnum):
    """Where a job stands; the value is what the database holds."""

    QUEUED = "queued"
    SUBMITTING = "submitting"
    UNSURE = "unsure"
    RENDERING = "rendering"
    FETCHING = "fetching"
    FITTING = "fitting"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = JobState

TRANSITIONS: Mapping[JobState, frozenset[JobState]] = MappingProxyType(
    {
        _S.QUEUED: frozenset({_S.SUBMITTING, _S.CANCELLED, _S.FAILED}),
        # Back to QUEUED only when the request was provably refused or never sent.
        _S.SUBMITTING: frozenset({_S.RENDERING, _S.QUEUED, _S.UNSURE, _S.FAILED, _S.CANCELLED}),
        _S.UNSURE: frozenset({_S.RENDERING, _S.QUEUED, _S.FAILED}),
        _S.RENDERING: frozenset({_S.FETCHING, _S.CANCELLED, _S.FAILED}),
        _S.FETCHING: frozenset({_S.FITTING, _S.FAILED}),
        # Back to FETCHING when the kept file is gone or cut short; the provider still has it.
        _S.FITTING: frozenset({_S.DELIVERING, _S.FETCHING, _S.FAILED}),
        _S.DELIVERING: frozenset({_S.FITTING, _S.FETCHING, _S.DELIVERED, _S.FAILED}),
        _S.DELIVERED: frozenset(),
        _S.FAILED: frozenset(),
        _S.CANCELLED: frozenset(),
    }
)

# What a person may order, each by one press of a button or one command.
DECISIONS: Mapping[JobState, frozenset[JobState]] = MappingProxyType(
    {
        # Try again anyway, attach the render that was found, give up.
        _S.UNSURE: frozenset({_S.QUEUED, _S.RENDERING, _S.FAILED}),
        # Go on where it failed, with what is paid for. Never back to the queue: that would be another job.
        _S.FAILED: frozenset({_S.RENDERING, _S.FETCHING, _S.FITTING}),
        # Delete: the row stays, its video goes.
        _S.DELIVERED: frozenset({_S.DELIVERED}),
    }
)

# The machine moves these no further; a person may.
TERMINAL = frozenset({_S.DELIVERED, _S.FAILED, _S.CANCELLED})

# A process drives these; the others wait for a slot, a person or nobody.
DRIVEN = frozenset({_S.SUBMITTING, _S.RENDERING, _S.FETCHING, _S.FITTING, _S.DELIVERING})

# These count against the provider's cap. UNSURE may be rendering over there.
HOLDS_SLOT = frozenset({_S.SUBMITTING, _S.RENDERING, _S.UNSURE})

# Later the video is paid for, so it is delivered.
CANCELLABLE = frozenset({_S.QUEUED, _S.SUBMITTING, _S.RENDERING})


def check_transition(before: JobState, after: JobState) -> None:
    """Accept a move of the table, or staying.

    Raises:
        ValueError: the move is not in the table; a programming error.
    """
    if before is not after and after not in TRANSITIONS[before]:
        raise ValueError(f"a job cannot go from {before} to {after}")


def check_decision(before: JobState, after: JobState) -> None:
    """Accept a move that only a person may order.

    Raises:
        ValueError: nobody may; a programming error.
    """
    if after not in DECISIONS.get(before, frozenset()):
        raise ValueError(f"nobody may move a job from {before} to {after}")

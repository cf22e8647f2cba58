"""A rating in detail: several criteria of one video, by one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.job import JobId


class EvaluationKind(StrEnum):
    """Which criteria were asked for; the value is what the database holds."""

    REFINE = "refine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one person says of one video; `scores` by criterion, `at` in milliseconds since 1970 UTC."""

    job_id: JobId
    user_id: int
    kind: EvaluationKind
    scores: Mapping[str, int]
    comment: str = ""
    at: int = 0

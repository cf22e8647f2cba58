"""A rating in detail: several criteria of one video, by one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.domain.job import JobId


class EvaluationKind(StrEnum):
    """Which criteria were asked for; the value is what the database holds."""

    REFINE = "refine"
    DETAIL = "detail"


HIGHEST: Mapping[EvaluationKind, int] = MappingProxyType(
    {EvaluationKind.REFINE: 10, EvaluationKind.DETAIL: 5}
)
"""The best score of each kind of form; the worst is 1."""


class Aspect(StrEnum):
    """What any video is rated for in detail, 1 to 5 each; a refinement has criteria of its own."""

    VISUAL = "visual-quality"
    REALISM = "realism"
    USEFULNESS = "usefulness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one person says of one video; `scores` by criterion, `at` in milliseconds since 1970 UTC."""

    job_id: JobId
    user_id: int
    kind: EvaluationKind
    scores: Mapping[str, int]
    comment: str = ""
    at: int = 0

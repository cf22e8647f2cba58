"""The seam to what keeps ratings in detail."""

from typing import Protocol

from bot.domain.evaluation import Evaluation, EvaluationKind
from bot.domain.job import JobId


class EvaluationStore(Protocol):
    """The evaluations tables. Each method is one transaction and raises `DatabaseUnavailable` if it fails."""

    async def put(self, evaluation: Evaluation) -> None:
        """Keep a person's evaluation of a job; the last one of a kind wins, whole."""

    async def of_job(self, job_id: JobId, kind: EvaluationKind) -> list[Evaluation]:
        """Return everybody's evaluations of the job, the earliest first."""

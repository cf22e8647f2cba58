"""Ratings in detail: implements `bot.ports_evaluation.EvaluationStore` over any `Database`."""

from bot.domain.evaluation import Evaluation, EvaluationKind
from bot.domain.job import JobId
from storage.database import Database, Value
from storage.queries import load_queries


class SqlEvaluationStore:
    """One evaluation a person, job and kind. Those of unknown jobs raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("evaluations")

    async def put(self, evaluation: Evaluation) -> None:
        """Keep a person's evaluation of a job; the last one of a kind wins, whole."""
        key: dict[str, Value] = {
            "job_id": evaluation.job_id,
            "user_id": evaluation.user_id,
            "kind": evaluation.kind.value,
        }
        async with self._database.transaction() as transaction:
            # The first statement locks the row: two of one person come one after the other.
            await transaction.execute(self._sql["put"], **key, comment=evaluation.comment, at=evaluation.at)
            await transaction.execute(self._sql["forget_scores"], **key)
            for criterion, score in evaluation.scores.items():
                await transaction.execute(self._sql["put_score"], **key, criterion=criterion, score=score)

    async def of_job(self, job_id: JobId, kind: EvaluationKind) -> list[Evaluation]:
        """Return everybody's evaluations of the job, the earliest first."""
        key = {"job_id": job_id, "kind": kind.value}
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch_all(self._sql["of_job"], **key)
            scores = await transaction.fetch_all(self._sql["scores"], **key)
        return [
            Evaluation(
                job_id=job_id,
                user_id=row["user_id"],
                kind=kind,
                scores={
                    score["criterion"]: score["score"]
                    for score in scores
                    if score["user_id"] == row["user_id"]
                },
                comment=row["comment"],
                at=row["at"],
            )
            for row in rows
        ]

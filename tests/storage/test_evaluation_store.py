"""The contract of EvaluationStore, on every database."""

from collections.abc import Callable

import pytest

from bot.domain.errors import StorageError
from bot.domain.evaluation import Evaluation, EvaluationKind
from bot.domain.job import Job, JobId
from bot.ports_evaluation import EvaluationStore
from storage.database import Database
from storage.evaluations import SqlEvaluationStore
from storage.jobs import SqlJobStore

ONE, TWO = JobId("1"), JobId("2")
REFINE = EvaluationKind.REFINE


@pytest.fixture
async def evaluations(
    database: Database, store: SqlJobStore, make_job: Callable[..., Job]
) -> SqlEvaluationStore:
    for job_id in (ONE, TWO):
        await store.add(make_job(job_id))
    return SqlEvaluationStore(database)


def make(user_id: int, *, job_id: JobId = ONE, at: int = 10, comment: str = "", **scores: int) -> Evaluation:
    return Evaluation(job_id=job_id, user_id=user_id, kind=REFINE, scores=scores, comment=comment, at=at)


async def test_everybodys_are_kept_by_job(evaluations: SqlEvaluationStore) -> None:
    port: EvaluationStore = evaluations
    assert await port.of_job(ONE, REFINE) == []
    first = make(7, at=20, comment="狐狸 “runs”", narrative=3, consistency=10)
    second = make(2**60, at=15, narrative=9)
    other = make(7, job_id=TWO, narrative=1)
    for evaluation in (first, second, other):
        await port.put(evaluation)
    assert await port.of_job(ONE, REFINE) == [second, first]
    assert await port.of_job(TWO, REFINE) == [other]


async def test_the_last_one_of_a_person_wins_whole(evaluations: SqlEvaluationStore) -> None:
    await evaluations.put(make(7, comment="bad", narrative=3, consistency=10))
    again = make(7, at=20, narrative=5)
    await evaluations.put(again)
    assert await evaluations.of_job(ONE, REFINE) == [again], "nothing is left of the first one"


async def test_one_of_an_unknown_job_is_an_error_and_leaves_nothing(
    evaluations: SqlEvaluationStore, database: Database
) -> None:
    with pytest.raises(StorageError):
        await evaluations.put(make(7, job_id=JobId("no such"), narrative=5))
    assert await database.fetch_all("SELECT * FROM evaluation_scores") == []


async def test_they_go_with_their_job(evaluations: SqlEvaluationStore, database: Database) -> None:
    await evaluations.put(make(7, narrative=5))
    await database.execute("DELETE FROM jobs WHERE id = '1'")
    assert await database.fetch_all("SELECT * FROM evaluations") == []
    assert await database.fetch_all("SELECT * FROM evaluation_scores") == []

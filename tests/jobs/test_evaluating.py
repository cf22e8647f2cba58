"""Rating a video in detail: who may, what is kept, and that the last word counts whole."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, JobNotFound
from bot.domain.evaluation import Aspect, EvaluationKind
from bot.domain.job import Job
from bot.domain.states import JobState
from bot.jobs.actor import Actor
from bot.jobs.evaluating import Evaluating
from storage.database import Database, open_database
from storage.evaluations import SqlEvaluationStore
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from tests.factories import NOW, make_job
from tests.fakes import FakeClock

ANN = Actor(user_id=1, guild_id=100)
GOOD = {Aspect.VISUAL: 5, Aspect.REALISM: 4, Aspect.USEFULNESS: 3}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(f"sqlite:///{tmp_path}/evaluating.db")
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SqlJobStore:
    return SqlJobStore(database)


@pytest.fixture
def evaluations(database: Database) -> SqlEvaluationStore:
    return SqlEvaluationStore(database)


@pytest.fixture
def evaluating(store: SqlJobStore, evaluations: SqlEvaluationStore) -> Evaluating:
    return Evaluating(jobs=store, evaluations=evaluations, clock=FakeClock())


@pytest.fixture
async def job(store: SqlJobStore) -> Job:
    return await store.add(make_job(state=JobState.DELIVERED))


async def test_the_last_word_of_a_person_is_kept_whole(
    evaluating: Evaluating, evaluations: SqlEvaluationStore, job: Job
) -> None:
    assert await evaluating.to_rate(job.short_id, ANN) == (job, None)
    await evaluating.rate(job.short_id, ANN, GOOD, "  too dark ")
    _, before = await evaluating.to_rate(job.short_id.lower(), ANN)
    assert before is not None
    assert (before.scores, before.comment, before.kind) == (
        {"visual-quality": 5, "realism": 4, "usefulness": 3},
        "too dark",
        EvaluationKind.DETAIL,
    )
    assert before.at == NOW
    await evaluating.rate(job.short_id, ANN, GOOD | {Aspect.VISUAL: 1})
    (kept,) = await evaluations.of_job(job.id, EvaluationKind.DETAIL)
    assert (kept.scores["visual-quality"], kept.comment) == (1, "")
    assert await evaluations.of_job(job.id, EvaluationKind.REFINE) == []


async def test_each_sees_their_own_answer_only(evaluating: Evaluating, job: Job) -> None:
    await evaluating.rate(job.short_id, ANN, GOOD)
    assert (await evaluating.to_rate(job.short_id, Actor(user_id=2, guild_id=100)))[1] is None


async def test_another_server_cannot_rate_it(evaluating: Evaluating, job: Job) -> None:
    with pytest.raises(JobNotFound):
        await evaluating.rate(job.short_id, Actor(user_id=2, guild_id=999), GOOD)


async def test_without_a_video_there_is_nothing_to_rate(evaluating: Evaluating, store: SqlJobStore) -> None:
    waiting = await store.add(make_job(id="2002"))
    with pytest.raises(InvalidRequest) as refused:
        await evaluating.to_rate(waiting.short_id, ANN)
    assert refused.value.code is Code.NOTHING_TO_RATE


@pytest.mark.parametrize("scores", [{}, GOOD | {Aspect.VISUAL: 0}, GOOD | {Aspect.REALISM: 6}])
async def test_scores_that_the_form_does_not_have_are_refused(
    evaluating: Evaluating, evaluations: SqlEvaluationStore, job: Job, scores: dict[Aspect, int]
) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        await evaluating.rate(job.short_id, ANN, scores)
    assert await evaluations.of_job(job.id, EvaluationKind.DETAIL) == []

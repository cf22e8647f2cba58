"""What people decide, written into the row: once, recorded, and against whoever holds the old one."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.errors import StaleJob
from bot.domain.job import Job, WorkerId
from bot.domain.states import JobState
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.renders import SqlRenderStore

JobMaker = Callable[..., Job]
S = JobState
W = WorkerId("w")


async def test_a_decision_counts_once(store: SqlJobStore, make_job: JobMaker) -> None:
    job = await store.add(make_job("1", state=S.UNSURE, submit_intent_at=5, status_closed=True))
    after = replace(job, state=S.QUEUED, submit_intent_at=None, status_closed=False)
    decided = await store.decide(job, after, "try again, said 42")
    assert (decided.state, decided.submit_intent_at, decided.fence) == (S.QUEUED, None, job.fence + 1)
    for late in (after, replace(job, state=S.FAILED)):
        with pytest.raises(StaleJob):
            await store.decide(job, late, "too late")
    [*_, last] = await store.history(job.id)
    assert (last.from_state, last.to_state, last.note) == (S.UNSURE, S.QUEUED, "try again, said 42")
    assert await store.get(job.id) == decided


async def test_an_earlier_wish_to_cancel_is_over(store: SqlJobStore, make_job: JobMaker) -> None:
    job = await store.add(make_job("1", state=S.UNSURE, cancel_requested=True))
    decided = await store.decide(job, replace(job, state=S.QUEUED), "try again")
    assert not decided.cancel_requested
    await store.beat(W, 60_000)
    [claimed] = await store.claim(W, {"preview": 1}, 2_000)
    assert claimed.state is S.SUBMITTING


async def test_a_failed_job_that_goes_on_is_driven_again(store: SqlJobStore, make_job: JobMaker) -> None:
    job = await store.add(make_job("1", state=S.FAILED, remote_id="v", finished_at=9))
    await store.decide(job, replace(job, state=S.FETCHING, finished_at=None), "retry")
    await store.beat(W, 60_000)
    [claimed] = await store.claim(W, {"preview": 0}, 2_000)
    assert (claimed.state, claimed.owner, claimed.remote_id) == (S.FETCHING, W, "v")


@pytest.mark.parametrize(
    ("before", "after"),
    [(S.FAILED, S.QUEUED), (S.DELIVERED, S.FETCHING), (S.CANCELLED, S.QUEUED), (S.RENDERING, S.FAILED)],
)
async def test_what_nobody_may_decide_is_a_bug(
    store: SqlJobStore, make_job: JobMaker, before: JobState, after: JobState
) -> None:
    job = await store.add(make_job("1", state=before))
    with pytest.raises(ValueError, match="nobody may"):
        await store.decide(job, replace(job, state=after), "no")
    assert await store.get(job.id) == job


async def test_the_machine_still_may_not_move_what_has_ended(store: SqlJobStore, make_job: JobMaker) -> None:
    job = await store.add(make_job("1", state=S.FAILED, remote_id="v"))
    with pytest.raises(ValueError, match="cannot go"):
        await store.save(job, replace(job, state=S.FETCHING))


async def test_renders_and_jobs_are_found_from_each_other(
    database: Database, store: SqlJobStore, make_job: JobMaker
) -> None:
    renders = SqlRenderStore(database)
    known = await store.add(make_job("1", state=S.DELIVERED, remote_id="a"))
    await store.add(make_job("2", state=S.RENDERING, remote_id="b", provider="other"))
    unsure = await store.add(make_job("3", state=S.UNSURE, submit_intent_at=1, created_at=3_000))
    given_up = await store.add(make_job("4", state=S.FAILED, submit_intent_at=1, created_at=2_000))
    await store.add(make_job("5", state=S.FAILED))  # never sent
    await store.add(make_job("6", state=S.FAILED, submit_intent_at=1, remote_id="c"))
    assert await renders.owners("preview", ["a", "b", "z"]) == {"a": known}
    assert await renders.without_render(10) == [unsure, given_up]
    assert await renders.without_render(1) == [unsure]

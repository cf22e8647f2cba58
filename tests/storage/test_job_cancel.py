"""Cancelling: the flag, the end of queued jobs, and what a concurrent save may not undo."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.job import Job, JobId, WorkerId
from bot.domain.states import CANCELLABLE, JobState
from storage.jobs import SqlJobStore

JobMaker = Callable[..., Job]
W = WorkerId("w1")


async def test_a_save_from_before_the_cancel_keeps_the_flag(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1"))
    await store.beat(W, 10_000)
    [job] = await store.claim(W, {"preview": 1}, 1_000)
    await store.request_cancel(job.id)
    saved = await store.save(job, replace(job, state=JobState.RENDERING, cancel_requested=False))
    assert saved.cancel_requested
    assert await store.get(job.id) == saved


async def test_a_cancel_among_concurrent_saves_is_never_lost(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.beat(W, 10_000)
    for number in range(20):
        await store.add(make_job(str(number), user_id=number))
        [job] = await store.claim(W, {"preview": number + 1}, 1_000)
        writes = [store.save(job, replace(job, attempt=attempt)) for attempt in range(3)]
        await asyncio.gather(*writes[:1], store.request_cancel(job.id), *writes[1:])
        row = await store.get(job.id)
        assert row is not None
        assert row.cancel_requested


async def test_a_queued_job_is_cancelled_at_once(store: SqlJobStore, make_job: JobMaker) -> None:
    job = await store.add(make_job("1"))
    cancelled = await store.request_cancel(job.id)
    assert cancelled is not None
    assert (cancelled.state, cancelled.cancel_requested) == (JobState.CANCELLED, True)
    last = (await store.history(job.id))[-1]
    assert (last.from_state, last.to_state) == (JobState.QUEUED, JobState.CANCELLED)
    assert cancelled.finished_at == last.at
    assert cancelled.owner is None, "whoever looks next shows the end"


@pytest.mark.parametrize("state", [*JobState])
async def test_cancel_sets_the_flag_where_the_state_table_allows_it(
    state: JobState, store: SqlJobStore, make_job: JobMaker
) -> None:
    job = await store.add(make_job("1", state=state))
    row = await store.request_cancel(job.id)
    assert row is not None
    assert row.cancel_requested == (state in CANCELLABLE)
    assert row.state == (JobState.CANCELLED if state is JobState.QUEUED else state)
    assert await store.get(job.id) == row


async def test_a_job_sent_back_to_the_queue_after_a_cancel_ends(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.add(make_job("1"))
    await store.beat(W, 10_000)
    [job] = await store.claim(W, {"preview": 1}, 1_000)
    await store.request_cancel(job.id)
    saved = await store.save(job, replace(job, state=JobState.QUEUED))
    assert saved.state is JobState.CANCELLED
    states = [event.to_state for event in await store.history(job.id)]
    assert states == [JobState.QUEUED, JobState.SUBMITTING, JobState.QUEUED, JobState.CANCELLED]


async def test_beat_reports_only_own_jobs_with_the_flag(store: SqlJobStore, make_job: JobMaker) -> None:
    other = WorkerId("w2")
    for worker, job_id in ((W, "1"), (W, "2"), (other, "3")):
        await store.add(make_job(job_id))
        assert await store.beat(worker, 10_000) == frozenset()
        await store.claim(worker, {"preview": 9}, 1_000)
    for job_id in ("1", "3"):
        await store.request_cancel(JobId(job_id))
    assert await store.beat(W, 10_000) == {"1"}
    assert await store.beat(other, 10_000) == {"3"}

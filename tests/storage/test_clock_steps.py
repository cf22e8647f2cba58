"""Clocks that are set: waits do not become endless, and nobody loses jobs to himself. On both databases."""

from collections.abc import Callable

import pytest

from bot.domain.job import Job, WorkerId
from bot.domain.states import JobState
from storage.jobs import SqlJobStore

JobMaker = Callable[..., Job]
StopClock = Callable[[int], None]
W = WorkerId("w1")
HOUR = 3_600_000
NOW = 1_790_000_000_000
SLOTS = {"preview": 5}


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RENDERING, JobState.DELIVERING])
@pytest.mark.parametrize(
    ("back", "taken"),
    [
        pytest.param(0, True, id="not at all"),
        pytest.param(60_000, False, id="by less than the longest wait: the job waits that long"),
        pytest.param(HOUR, False, id="by the longest wait"),
        pytest.param(HOUR + 1, True, id="by more than anybody is told to wait"),
        pytest.param(9 * 24 * HOUR, True, id="by days"),
    ],
)
async def test_a_wall_clock_that_was_set_back_stalls_no_job(
    back: int, taken: bool, state: JobState, store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.add(make_job("1", state=state, due_at=NOW, created_at=NOW))
    await store.beat(W, 20_000)
    claimed = await store.claim(W, SLOTS, NOW - back, alone=True)
    assert [job.id for job in claimed] == (["1"] if taken else [])


@pytest.mark.parametrize("alone", [True, False])
async def test_a_database_clock_that_was_set_forward_takes_no_job_from_the_one_who_asks(
    alone: bool, store: SqlJobStore, stop_clock: StopClock, make_job: JobMaker
) -> None:
    stop_clock(NOW)
    await store.add(make_job("1", due_at=0))
    await store.beat(W, 20_000)
    (job,) = await store.claim(W, SLOTS, NOW, alone=alone)
    stop_clock(NOW + 5 * HOUR)
    assert await store.claim(W, SLOTS, NOW + 5 * HOUR, alone=alone) == []
    row = await store.get(job.id)
    assert row is not None
    assert (row.fence, row.owner) == (job.fence, W)
    await store.beat(W, 20_000)
    assert await store.claim(WorkerId("w2"), SLOTS, NOW + 5 * HOUR, alone=False) == []

"""A webhook tells that something has happened to a render: its job is due at once."""

from collections.abc import Callable

import pytest

from bot.domain.job import Job
from bot.domain.states import JobState
from storage.jobs import SqlJobStore

JobMaker = Callable[..., Job]


@pytest.mark.parametrize("state", list(JobState))
async def test_only_a_rendering_job_of_that_render_is_made_due(
    store: SqlJobStore, make_job: JobMaker, stop_clock: Callable[[int], None], state: JobState
) -> None:
    stop_clock(5_000)
    await store.add(make_job("1", state=state, provider="a", remote_id="v", due_at=9_000))
    await store.add(make_job("2", state=state, provider="b", remote_id="v", due_at=9_000))
    found = await store.make_due("a", "v")
    assert found == (["1"] if state is JobState.RENDERING else [])
    rows = [await store.get(job.id) for job in (make_job("1"), make_job("2"))]
    assert [row.due_at for row in rows if row is not None] == [5_000 if found else 9_000, 9_000]
    assert await store.make_due("a", "another") == []

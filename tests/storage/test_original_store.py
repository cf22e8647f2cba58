"""Which files the jobs need: the same on both databases."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.errors import StaleJob
from bot.domain.job import Job
from bot.domain.states import TERMINAL, JobState
from bot.jobs.housekeeping import OriginalStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.originals import SqlOriginalStore

JobMaker = Callable[..., Job]
S = JobState


@pytest.fixture
def originals(database: Database) -> OriginalStore:
    return SqlOriginalStore(database)


def ended(make_job: JobMaker, job_id: str, at: int, **changes: object) -> Job:
    return make_job(
        job_id,
        **{
            "state": S.DELIVERED,
            "finished_at": at,
            "status_closed": True,
            "result_file": f"originals/X-{job_id}.mp4",
            **changes,
        },
    )


async def test_every_state_but_the_ended_ones_is_in_work(
    originals: OriginalStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    for state in JobState:
        await store.add(make_job(state.value, state=state))
    assert await originals.in_work() == {state.value for state in JobState if state not in TERMINAL}


async def test_originals_and_pictures_of_rows_are_kept_those_of_cancelled_jobs_not(
    originals: OriginalStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    for number, state in enumerate((S.DELIVERED, S.CANCELLED, S.QUEUED), start=1):
        job = make_job(str(number), state=state)
        first, last = f"pictures/{number}.jpg", f"pictures/{number}-last.jpg"
        await store.add(replace(job, request=replace(job.request, picture=first, last_picture=last)))
    await store.add(ended(make_job, "4", 1))
    assert await originals.kept_names() == {
        *("pictures/1.jpg", "pictures/1-last.jpg", "pictures/3.jpg", "pictures/3-last.jpg"),
        "originals/X-4.mp4",
    }


async def test_the_oldest_delivered_come_first_page_by_page(
    originals: OriginalStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    for job_id, at in (("b", 20), ("a", 20), ("c", 10), ("d", 30)):
        await store.add(ended(make_job, job_id, at))
    first = await originals.droppable(failed_before=0, after=None, limit=2)
    second = await originals.droppable(failed_before=0, after=first[-1], limit=2)
    third = await originals.droppable(failed_before=0, after=second[-1], limit=2)
    assert [job.id for job in (*first, *second, *third)] == ["c", "a", "b", "d"]


@pytest.mark.parametrize(
    "changes",
    [
        *({"state": state} for state in JobState if state not in TERMINAL),
        {"result_file": None},
        {"status_closed": False},
        {"state": S.FAILED},
        {"state": S.CANCELLED},
        {"still_file": "fitted/X-1.jpg"},
    ],
    ids=lambda changes: "-".join(str(value) for value in changes.values()),
)
async def test_what_is_not_delivered_or_not_told_is_never_dropped_early(
    changes: dict[str, object], originals: OriginalStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.add(ended(make_job, "1", 1_000, **changes))
    assert await originals.droppable(failed_before=1_000, after=None) == []


@pytest.mark.parametrize("changes", [{"state": S.FAILED}, {"still_file": "fitted/X-1.jpg"}], ids=str)
async def test_what_could_not_be_delivered_is_dropped_after_its_days(
    changes: dict[str, object], originals: OriginalStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.add(ended(make_job, "1", 1_000, **changes))
    assert [job.id for job in await originals.droppable(failed_before=1_001, after=None)] == ["1"]


async def test_a_row_says_that_its_file_is_gone_and_shuts_out_who_read_it_before(
    originals: OriginalStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    job = await store.add(ended(make_job, "1", 1_000, state=S.FAILED))
    assert await originals.forget(job)
    row = await store.get(job.id)
    assert row is not None
    assert (row.result_file, row.state) == (None, S.FAILED)
    assert await originals.droppable(failed_before=9_999, after=None) == []
    with pytest.raises(StaleJob):  # a member presses Retry for a file that is gone by now
        await store.decide(job, replace(job, state=S.FITTING), "retry")


async def test_a_job_that_moved_on_keeps_its_file(
    originals: OriginalStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    job = await store.add(ended(make_job, "1", 1_000, state=S.FAILED))
    await store.decide(job, replace(job, state=S.FITTING), "retry")
    assert not await originals.forget(job)
    row = await store.get(job.id)
    assert row is not None
    assert row.result_file is not None

"""Who shows that a job has ended, and who takes over which jobs; on every database."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.job import Job, WorkerId
from bot.domain.states import DRIVEN, TERMINAL, JobState
from storage.database import Database
from storage.jobs import SqlJobStore

JobMaker = Callable[..., Job]
StopClock = Callable[[int], None]
W, OTHER = WorkerId("w1"), WorkerId("w2")
TTL = 15_000


async def test_ends_that_nobody_shows_are_claimed_once_and_in_their_order(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    for number, state in enumerate(JobState):
        await store.add(make_job(str(number), state=state, finished_at=100 - number))
    await store.beat(W, TTL)
    await store.beat(OTHER, TTL)
    [first] = await store.claim_ends(W, limit=1)
    ended = [first, *await store.claim_ends(W)]
    assert {job.state for job in ended} == TERMINAL | {JobState.UNSURE}
    assert first.finished_at == min(job.finished_at or 0 for job in ended)
    assert {(job.owner, job.fence) for job in ended} == {(W, 0)}
    assert await store.claim_ends(OTHER) == await store.claim_ends(W) == []


async def test_whoever_ends_a_job_shows_it_unless_he_dies(
    store: SqlJobStore, stop_clock: StopClock, make_job: JobMaker
) -> None:
    stop_clock(0)
    await store.add(make_job("1"))
    await store.beat(W, TTL)
    [job] = await store.claim(W, {"preview": 1}, 1_000)
    ended = await store.save(job, replace(job, state=JobState.FAILED))
    stop_clock(TTL - 1)
    await store.beat(OTHER, TTL)
    assert await store.claim_ends(OTHER) == []
    stop_clock(TTL)
    assert await store.claim_ends(OTHER) == [replace(ended, owner=OTHER)]


async def test_an_end_that_is_shown_is_over(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.beat(W, TTL)
    await store.add(make_job("1", state=JobState.DELIVERED))
    [job] = await store.claim_ends(W)
    await store.close_status(job)
    assert await store.get(job.id) == replace(job, status_closed=True, owner=None)
    await store.leave(W)
    assert await store.claim_ends(OTHER) == []


async def test_an_old_end_does_not_close_what_a_person_has_decided(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.beat(W, TTL)
    await store.add(make_job("1", state=JobState.UNSURE))
    [unsure] = await store.claim_ends(W)
    given_up = await store.decide(unsure, replace(unsure, state=JobState.FAILED), "given up")
    await store.close_status(unsure)
    assert await store.claim_ends(OTHER) == [replace(given_up, owner=OTHER)]


@pytest.mark.parametrize("closed", [True, False], ids=["shown", "being shown"])
async def test_an_edit_of_another_process_has_the_end_shown_again(
    store: SqlJobStore, make_job: JobMaker, closed: bool
) -> None:
    await store.beat(W, TTL)
    await store.add(make_job("1", state=JobState.DELIVERED))
    [job] = await store.claim_ends(W)
    if closed:
        await store.close_status(job)
    for row in (replace(job, owner=None), replace(job, owner=OTHER)):
        assert await store.reopen_status(row)
        await store.close_status(job)  # of the end that the edit may have covered up
        [again] = await store.claim_ends(W)
        assert again == replace(job, fence=again.fence)
        assert again.fence > job.fence
    await store.close_status(again)
    assert await store.claim_ends(OTHER) == []


async def test_the_death_of_a_process_has_the_ends_of_that_time_shown_again(
    store: SqlJobStore, stop_clock: StopClock, make_job: JobMaker
) -> None:
    now = 1_000_000
    stop_clock(now)
    await store.beat(OTHER, TTL)
    ends = {"early": now - 300_000, "late": now - 10_000}
    for name, finished_at in ends.items():
        await store.add(make_job(name, state=JobState.DELIVERED, finished_at=finished_at))
    await store.add(make_job("doubt", state=JobState.UNSURE, submit_intent_at=now - 10_000))
    await store.beat(W, TTL)
    for job in await store.claim_ends(W):
        await store.close_status(job)
    stop_clock(now + TTL)
    await store.beat(W, TTL)
    assert {job.id for job in await store.claim_ends(W)} == {"late", "doubt"}
    for job in await store.claim_ends(W):
        await store.close_status(job)
    assert await store.claim_ends(W) == []


async def test_an_edit_of_its_own_process_or_of_a_job_under_way_reopens_nothing(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.beat(W, TTL)
    await store.add(make_job("1", state=JobState.FAILED))
    [job] = await store.claim_ends(W)
    assert not await store.reopen_status(job)
    running = await store.add(make_job("2", state=JobState.RENDERING))
    assert not await store.reopen_status(running)


async def test_eight_processes_claim_each_end_once(
    connect: Callable[[], Awaitable[Database]], make_job: JobMaker
) -> None:
    stores = [SqlJobStore(await connect()) for _ in range(8)]
    for number in range(40):
        await stores[0].add(make_job(str(number), state=JobState.DELIVERED, finished_at=number))
    workers = [WorkerId(f"w{number}") for number in range(8)]
    for worker in workers:
        await stores[0].beat(worker, TTL)
    found: Counter[str] = Counter()
    for _ in range(10):
        for ends in await asyncio.gather(
            *(store.claim_ends(worker, limit=3) for store, worker in zip(stores, workers, strict=True))
        ):
            found.update(job.id for job in ends)
    assert found == {str(number): 1 for number in range(40)}


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("state", sorted(DRIVEN))
async def test_a_job_of_a_provider_without_a_card_waits_for_who_has_it(
    state: JobState, alone: bool, store: SqlJobStore, make_job: JobMaker
) -> None:
    """What is on this disk needs no provider; the only process takes everything, for nobody else would."""
    await store.add(make_job("1", state=state, provider="elsewhere"))
    await store.beat(W, TTL)
    taken = await store.claim(W, {"preview": 1}, 1_000, alone=alone)
    here = state in {JobState.FITTING, JobState.DELIVERING}
    assert [job.id for job in taken] == (["1"] if alone or here else [])
    await store.beat(OTHER, TTL)
    there = await store.claim(OTHER, {"elsewhere": 1}, 1_000)
    assert [job.id for job in there] == ([] if taken else ["1"])


async def test_one_of_the_living_is_the_first(store: SqlJobStore, stop_clock: StopClock) -> None:
    stop_clock(0)
    assert not await store.is_first(W)
    await store.beat(OTHER, 3 * TTL)
    await store.beat(W, TTL)
    assert [await store.is_first(worker) for worker in (W, OTHER)] == [True, False]
    stop_clock(TTL)
    assert [await store.is_first(worker) for worker in (W, OTHER)] == [False, True]

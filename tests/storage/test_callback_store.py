"""The contract of CallbackStore, the outbox of callbacks, on every database."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.callback import DAY, Callback, JobEnd
from bot.domain.job import Job, WorkerId
from bot.domain.states import TERMINAL, JobState
from bot.jobs.callbacks import CallbackStore
from storage.callbacks import SqlCallbackStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.queries import load_queries

JobMaker = Callable[..., Job]
StopClock = Callable[[int], None]
GUILD, OTHER = 100, 200
NOW = 1_790_000_000_000
LEASE = 60_000


@pytest.fixture
def callbacks(database: Database, stop_clock: StopClock) -> SqlCallbackStore:
    stop_clock(NOW)
    return SqlCallbackStore(database)


def callback(guild_id: int = GUILD, url: str = "https://example.org/a") -> Callback:
    return Callback(guild_id=guild_id, url=url, secret="whsec_AQ==")


async def end_job(store: SqlJobStore, job: Job, state: JobState = JobState.FAILED) -> Job:
    """Put a queued job into the table and end it."""
    job = await store.add(job)
    if state is JobState.DELIVERED:
        for step in (
            JobState.SUBMITTING,
            JobState.RENDERING,
            JobState.FETCHING,
            JobState.FITTING,
            JobState.DELIVERING,
        ):
            job = await store.save(job, replace(job, state=step))
    return await store.save(job, replace(job, state=state))


async def claim(callbacks: SqlCallbackStore, limit: int = 10) -> list[JobEnd]:
    return [end for end, _, _ in await callbacks.claim(lease_ms=LEASE, limit=limit)]


async def test_a_callback_is_kept_changed_and_removed(callbacks: SqlCallbackStore) -> None:
    port: CallbackStore = callbacks
    assert await port.get(GUILD) is None
    assert not await port.remove(GUILD)
    await port.set(callback())
    await port.set(callback(OTHER))
    assert await port.get(GUILD) == callback()
    await port.set(callback(url="https://example.org/b"))
    assert await port.get(GUILD) == callback(url="https://example.org/b")
    assert await port.remove(GUILD)
    assert await port.get(GUILD) is None
    assert await port.get(OTHER) == callback(OTHER)


@pytest.mark.parametrize("state", sorted(TERMINAL))
async def test_an_end_is_taken_down_once_and_claimed_with_its_job(
    callbacks: SqlCallbackStore, store: SqlJobStore, make_job: JobMaker, state: JobState
) -> None:
    await callbacks.set(callback())
    job = await end_job(store, make_job("1", guild_id=GUILD), state)
    assert await callbacks.collect(0) == NOW
    assert await callbacks.collect(0) == NOW
    [(end, claimed, whose)] = await callbacks.claim(lease_ms=LEASE, limit=10)
    history = await store.history(job.id)
    assert end == JobEnd(
        job_id=job.id, number=len(history), guild_id=GUILD, state=state, at=history[-1].at, attempt=1
    )
    assert claimed == job
    assert whose == callback()
    await callbacks.done(end)
    await callbacks.collect(0)
    assert await claim(callbacks) == []


async def test_only_ends_of_servers_that_want_them_are_taken_down(
    callbacks: SqlCallbackStore, store: SqlJobStore, stop_clock: StopClock, make_job: JobMaker
) -> None:
    stop_clock(NOW - 1)
    await end_job(store, make_job("before", guild_id=GUILD))
    stop_clock(NOW)
    await callbacks.set(callback())
    await end_job(store, make_job("other", guild_id=OTHER))
    await end_job(store, make_job("direct", guild_id=None))
    await store.add(make_job("waiting", guild_id=GUILD))
    await end_job(store, make_job("wanted", guild_id=GUILD))
    await callbacks.collect(0)
    assert [end.job_id for end in await claim(callbacks)] == ["wanted"]
    await callbacks.set(callback(OTHER))
    await callbacks.collect(NOW + 1)
    assert await claim(callbacks) == []


async def test_a_job_that_is_taken_up_again_ends_again(
    callbacks: SqlCallbackStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await callbacks.set(callback())
    job = await end_job(store, make_job("1", guild_id=GUILD))
    job = await store.decide(job, replace(job, state=JobState.RENDERING), "retry")
    await store.save(job, replace(job, state=JobState.FAILED))
    await callbacks.collect(0)
    first, second = [*await claim(callbacks), *await claim(callbacks)]
    assert first.number < second.number
    assert first.delivery != second.delivery


async def test_a_deleted_video_is_no_end(
    callbacks: SqlCallbackStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await callbacks.set(callback())
    job = await end_job(store, make_job("1", guild_id=GUILD), JobState.DELIVERED)
    await store.decide(job, replace(job, result_file=None), "deleted")
    await callbacks.collect(0)
    [end] = await claim(callbacks)
    await callbacks.done(end)
    assert await claim(callbacks) == []


async def test_servers_take_turns(
    callbacks: SqlCallbackStore, store: SqlJobStore, stop_clock: StopClock, make_job: JobMaker
) -> None:
    for guild_id in (GUILD, OTHER):
        await callbacks.set(callback(guild_id))
    for number in range(3):
        stop_clock(NOW + number)
        await end_job(store, make_job(f"a{number}", guild_id=GUILD))
    await end_job(store, make_job("b", guild_id=OTHER))
    await callbacks.collect(0)
    assert {end.job_id for end in await claim(callbacks)} == {"a0", "b"}
    assert [end.job_id for end in await claim(callbacks)] == ["a1"]
    assert [end.job_id for end in await claim(callbacks, limit=1)] == ["a2"]
    assert await claim(callbacks) == []


async def test_what_a_dead_process_held_is_claimed_again(
    callbacks: SqlCallbackStore, store: SqlJobStore, stop_clock: StopClock, make_job: JobMaker
) -> None:
    await callbacks.set(callback())
    await end_job(store, make_job("1", guild_id=GUILD))
    await callbacks.collect(0)
    assert [end.attempt for end in await claim(callbacks)] == [1]
    stop_clock(NOW + LEASE - 1)
    assert await claim(callbacks) == []
    stop_clock(NOW + LEASE)
    assert [end.attempt for end in await claim(callbacks)] == [2]
    stop_clock(NOW - 30 * DAY)  # the clock was set back: nobody waits a month
    assert [end.attempt for end in await claim(callbacks)] == [3]


@pytest.mark.parametrize("whole_server", [False, True])
async def test_what_is_put_off_waits_alone_or_with_its_server(
    callbacks: SqlCallbackStore,
    store: SqlJobStore,
    stop_clock: StopClock,
    make_job: JobMaker,
    whole_server: bool,
) -> None:
    for guild_id in (GUILD, OTHER):
        await callbacks.set(callback(guild_id))
    await end_job(store, make_job("a1", guild_id=GUILD))
    await end_job(store, make_job("a2", guild_id=GUILD))
    await end_job(store, make_job("b", guild_id=OTHER))
    await callbacks.collect(0)
    first = next(end for end in await claim(callbacks, limit=2) if end.guild_id == GUILD)
    await callbacks.put_off(first, 5_000, whole_server=whole_server)
    second = [end.job_id for end in await claim(callbacks)]
    assert second == ([] if whole_server else ["a2"])
    stop_clock(NOW + 4_999)
    assert await claim(callbacks) == []
    stop_clock(NOW + 5_000)
    again = [*await claim(callbacks), *await claim(callbacks)]
    assert {end.job_id for end in again} == ({"a1", "a2"} if whole_server else {"a1"})


async def test_putting_off_a_server_hurries_nobody(
    callbacks: SqlCallbackStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await callbacks.set(callback())
    await end_job(store, make_job("1", guild_id=GUILD))
    await end_job(store, make_job("2", guild_id=GUILD))
    await callbacks.collect(0)
    [first], [second] = await claim(callbacks), await claim(callbacks)
    await callbacks.put_off(first, 600_000, whole_server=False)
    await callbacks.put_off(second, 0, whole_server=True)
    assert [end.job_id for end in await claim(callbacks)] == [second.job_id]
    assert await claim(callbacks) == []


async def test_what_was_taken_stays_taken(
    callbacks: SqlCallbackStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await callbacks.set(callback())
    await end_job(store, make_job("1", guild_id=GUILD))
    await callbacks.collect(0)
    [end] = await claim(callbacks)
    await callbacks.done(end)
    await callbacks.put_off(end, 0, whole_server=True)
    await callbacks.set(callback(url="https://example.org/b"))
    assert await claim(callbacks) == []


async def test_a_new_address_is_offered_at_once_what_the_old_one_did_not_take(
    callbacks: SqlCallbackStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await callbacks.set(callback())
    await end_job(store, make_job("1", guild_id=GUILD))
    await callbacks.collect(0)
    [end] = await claim(callbacks)
    await callbacks.put_off(end, 3_600_000, whole_server=True)
    await callbacks.set(callback(url="https://example.org/b"))
    [(_, _, whose)] = await callbacks.claim(lease_ms=LEASE, limit=1)
    assert whose == callback(url="https://example.org/b")


async def test_switched_off_nothing_is_on_its_way(
    callbacks: SqlCallbackStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await callbacks.set(callback())
    await end_job(store, make_job("1", guild_id=GUILD))
    await callbacks.collect(0)
    await callbacks.remove(GUILD)
    assert await claim(callbacks) == []
    await callbacks.set(callback())
    await callbacks.collect(0)
    assert await claim(callbacks) == []


async def test_after_a_day_it_is_given_up_and_never_found_again(
    callbacks: SqlCallbackStore,
    store: SqlJobStore,
    database: Database,
    stop_clock: StopClock,
    make_job: JobMaker,
) -> None:
    await callbacks.set(callback())
    await end_job(store, make_job("1", guild_id=GUILD))
    await callbacks.collect(0)
    assert await callbacks.give_up() == []
    stop_clock(NOW + DAY + 1)
    assert await callbacks.give_up() == [GUILD]
    assert await callbacks.give_up() == []
    await callbacks.collect(0)
    assert await claim(callbacks) == []
    assert len(await database.fetch_all("SELECT number FROM callback_ends")) == 1
    stop_clock(NOW + 2 * DAY + 1)
    await callbacks.give_up()
    await callbacks.collect(0)
    assert await database.fetch_all("SELECT number FROM callback_ends") == []


async def test_several_processes_share_the_work(
    connect: Callable[[], "asyncio.Future[Database]"],
    callbacks: SqlCallbackStore,
    store: SqlJobStore,
    make_job: JobMaker,
) -> None:
    others = [SqlCallbackStore(await connect()) for _ in range(3)]
    for number in range(12):
        await callbacks.set(callback(GUILD + number))
        await end_job(store, make_job(str(number), guild_id=GUILD + number))
    await asyncio.gather(*(other.collect(0) for other in [callbacks, *others]))
    found = await asyncio.gather(*(claim(other, limit=12) for other in [callbacks, *others]))
    ends = [end for part in found for end in part]
    assert sorted(int(end.job_id) for end in ends) == list(range(12))
    assert {end.attempt for end in ends} == {1}


async def test_a_cancelled_job_in_line_is_told_too(
    callbacks: SqlCallbackStore, store: SqlJobStore, make_job: JobMaker
) -> None:
    await callbacks.set(callback())
    job = await store.add(make_job("1", guild_id=GUILD))
    await store.beat(WorkerId("w"), 15_000)
    await store.request_cancel(job.id)
    await callbacks.collect(0)
    assert [end.state for end in await claim(callbacks)] == [JobState.CANCELLED]


def test_the_list_of_ends_is_that_of_the_states() -> None:
    listed = "('delivered', 'failed', 'cancelled')"
    assert {word.strip(" '") for word in listed[1:-1].split(",")} == set(TERMINAL)
    assert f"to_state IN {listed}" in load_queries("callbacks")["collect"]

"""Claiming: caps, order, leases and fences, on every database."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.job import Job, WorkerId
from bot.domain.settings import GuildSettings
from bot.domain.states import DRIVEN, HOLDS_SLOT, JobState
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.settings import SqlSettingsStore

JobMaker = Callable[..., Job]
StopClock = Callable[[int], None]
W = WorkerId("w1")
TTL = 15_000
HOUR = 3_600_000
NO_SLOTS = {"preview": 0}


async def end(store: SqlJobStore, job: Job) -> None:
    """Walk a claimed job out of its slot."""
    for state in (JobState.RENDERING, JobState.FETCHING):
        job = await store.save(job, replace(job, state=state))


async def start_order(store: SqlJobStore, finishing: Sequence[str], *, cap: int) -> list[str]:
    """Claim until the slots are full, end the named jobs one by one, and return the ids as they started."""
    await store.beat(W, TTL)
    running = {job.id: job for job in await store.claim(W, {"preview": cap}, 100_000)}
    started: list[str] = list(running)
    for number, name in enumerate(finishing, 1):
        job_id = next(job_id for job_id in running if job_id == name)
        await end(store, running.pop(job_id))
        for job in await store.claim(W, {"preview": cap}, 100_000 + number):
            running[job.id] = job
            started.append(job.id)
    return started


async def queue_of_three_members(store: SqlJobStore, make_job: JobMaker) -> None:
    """A queues ten, then B and C two each, then A one of high priority."""
    names = [f"A{n}" for n in range(10)] + ["B0", "B1", "C0", "C1", "VIP"]
    for at, name in enumerate(names):
        member = ord("A" if name == "VIP" else name[0])
        await store.add(make_job(name, user_id=member, created_at=at, priority=int(name == "VIP")))


async def test_members_take_turns_and_priority_goes_first(store: SqlJobStore, make_job: JobMaker) -> None:
    await queue_of_three_members(store, make_job)
    order = await start_order(store, ["VIP", "B0", "A0", "B1", "C0", "A1"], cap=2)
    assert order == ["VIP", "B0", "C0", "A0", "B1", "A1", "C1", "A2"]


async def test_a_member_with_twenty_waiting_does_not_hold_up_the_next(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    for n in range(20):
        await store.add(make_job(f"A{n:02}", user_id=1, created_at=n))
    await store.beat(W, TTL)
    first = await store.claim(W, {"preview": 2}, 1_000)
    assert [job.id for job in first] == ["A00", "A01"]
    for n in range(2):
        await store.add(make_job(f"B{n}", user_id=2, created_at=100 + n))
    await end(store, first[0])
    assert [job.id for job in await store.claim(W, {"preview": 2}, 2_000)] == ["B0"]


@pytest.mark.parametrize(
    ("ago", "first"),
    [
        pytest.param(HOUR - 1, "B", id="within the hour the start counts"),
        pytest.param(HOUR, "A", id="an hour later it is forgotten"),
    ],
)
async def test_the_last_start_counts_for_an_hour(
    ago: int, first: str, store: SqlJobStore, make_job: JobMaker
) -> None:
    now = 10 * HOUR
    await store.add(make_job("old", user_id=1, state=JobState.DELIVERED, started_at=now - ago))
    await store.add(make_job("A", user_id=1, created_at=1))
    await store.add(make_job("B", user_id=2, created_at=2))
    await store.beat(W, TTL)
    [job] = await store.claim(W, {"preview": 1}, now)
    assert job.id == first


async def test_a_claimed_job_is_submitting_with_owner_fence_and_start(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    job = await store.add(make_job("1"))
    await store.beat(W, TTL)
    claimed = await store.claim(W, {"preview": 1}, 5_000)
    assert claimed == [replace(job, state=JobState.SUBMITTING, owner=W, fence=1, started_at=5_000)]
    assert await store.get(job.id) == claimed[0]
    assert await store.claim(W, {"preview": 9}, 5_000) == []


@pytest.mark.parametrize(
    ("due_at", "cancel", "provider", "claimed"),
    [
        pytest.param(1_000, False, "preview", True, id="due now"),
        pytest.param(1_001, False, "preview", False, id="due in a millisecond"),
        pytest.param(0, True, "preview", False, id="cancel requested"),
        pytest.param(0, False, "unknown", False, id="provider without a cap"),
    ],
)
async def test_only_due_jobs_of_known_providers_start(
    due_at: int, cancel: bool, provider: str, claimed: bool, store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.add(make_job("1", due_at=due_at, cancel_requested=cancel, provider=provider))
    await store.beat(W, TTL)
    assert bool(await store.claim(W, {"preview": 1}, 1_000)) == claimed


@pytest.mark.parametrize("state", [*JobState])
async def test_a_slot_is_held_by_the_states_that_may_be_rendering(
    state: JobState, store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.beat(W, TTL)
    await store.add(make_job("1", state=state, owner=W, due_at=HOUR))
    await store.add(make_job("other", state=state, owner=W, due_at=HOUR, provider="other"))
    await store.add(make_job("2"))
    started = await store.claim(W, {"preview": 1}, 1_000)
    assert [job.id for job in started] == ([] if state in HOLDS_SLOT else ["2"])


@pytest.mark.parametrize("state", [*JobState])
async def test_an_orphan_is_taken_over_where_it_stands(
    state: JobState, store: SqlJobStore, make_job: JobMaker
) -> None:
    job = await store.add(make_job("1", state=state, owner=WorkerId("dead"), fence=4))
    await store.beat(W, TTL)
    taken = await store.claim(W, NO_SLOTS, 1_000)
    assert taken == ([replace(job, owner=W, fence=5)] if state in DRIVEN else [])
    assert len(await store.history(job.id)) == 1


async def test_an_orphan_waits_until_it_is_due(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1", state=JobState.RENDERING, due_at=2_000))
    await store.beat(W, TTL)
    assert await store.claim(W, NO_SLOTS, 1_999) == []
    assert [job.id for job in await store.claim(W, NO_SLOTS, 2_000)] == ["1"]


async def test_an_orphan_that_was_cancelled_waits_for_nothing(store: SqlJobStore, make_job: JobMaker) -> None:
    job = await store.add(make_job("1", state=JobState.RENDERING, due_at=2_000))
    await store.request_cancel(job.id)
    await store.beat(W, TTL)
    assert [job.id for job in await store.claim(W, NO_SLOTS, 1_000)] == ["1"]


@pytest.mark.parametrize(
    ("after", "taken"),
    [
        pytest.param(0, False, id="at once"),
        pytest.param(TTL - 1, False, id="one ms before the end"),
        pytest.param(TTL, True, id="at the end"),
        pytest.param(TTL + 1, True, id="one ms after the end"),
    ],
)
async def test_a_lease_ends_to_the_millisecond_by_the_databases_clock_alone(
    after: int, taken: bool, store: SqlJobStore, stop_clock: StopClock, make_job: JobMaker
) -> None:
    await store.add(make_job("1"))
    stop_clock(50_000)
    await store.beat(W, TTL)
    await store.claim(W, {"preview": 1}, 1_000)
    stop_clock(50_000 + after)
    other = WorkerId("w2")
    far_future = 10**15  # the caller's clock may be wrong by any amount
    orphans = await store.claim(other, NO_SLOTS, far_future)
    assert [(job.owner, job.fence) for job in orphans] == ([(other, 2)] if taken else [])


async def test_a_renewed_lease_keeps_the_jobs(
    store: SqlJobStore, stop_clock: StopClock, make_job: JobMaker
) -> None:
    await store.add(make_job("1"))
    stop_clock(0)
    for beats in range(1, 5):
        await store.beat(W, TTL)
        await store.claim(W, {"preview": 1}, 1_000)
        stop_clock(beats * (TTL - 1))
        assert await store.claim(WorkerId("w2"), NO_SLOTS, 1_000) == []


async def test_a_process_that_leaves_gives_its_jobs_away_at_once(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.add(make_job("1"))
    await store.beat(W, TTL)
    await store.claim(W, {"preview": 1}, 1_000)
    await store.leave(W)
    assert [job.owner for job in await store.claim(WorkerId("w2"), NO_SLOTS, 1_000)] == ["w2"]


async def test_the_only_process_ends_the_leases_of_its_dead_forerunners(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    for name in ("dead1", "dead2", "w1"):
        await store.beat(WorkerId(name), TTL)
        await store.add(make_job(name, state=JobState.FETCHING, owner=WorkerId(name)))
    await store.expire_other_workers(W)
    assert {job.id for job in await store.claim(W, NO_SLOTS, 1_000)} == {"dead1", "dead2"}


async def test_eight_claimers_keep_the_caps_and_never_share_a_job(
    connect: Callable[[], Awaitable[Database]], make_job: JobMaker
) -> None:
    """Each claims, walks its jobs on and claims again, until all 120 of two providers have started."""
    stores = [SqlJobStore(await connect()) for _ in range(8)]
    caps = {"preview": 3, "other": 5}
    for n in range(120):
        provider = "preview" if n % 2 else "other"
        await stores[0].add(make_job(str(n), provider=provider, user_id=n % 5, created_at=n))
    claims: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def work(number: int) -> None:
        store, worker = stores[number], WorkerId(f"w{number}")
        await store.beat(worker, 60_000)
        rng = random.Random(number)
        while claims.total() < 120:
            mine = await store.claim(worker, caps, 10_000)
            for job in mine:
                claims[job.id] += 1
                holding[job.provider] += 1
                most[job.provider] = max(most[job.provider], holding[job.provider])
            for _ in range(rng.randrange(3)):
                await asyncio.sleep(0)
            for job in mine:
                rendering = await store.save(job, replace(job, state=JobState.RENDERING))
                holding[job.provider] -= 1  # before the save: another may claim as soon as it is written
                await store.save(rendering, replace(rendering, state=JobState.FETCHING))

    async with asyncio.timeout(60):
        await asyncio.gather(*(work(number) for number in range(8)))
    assert set(claims.values()) == {1}
    assert len(claims) == 120
    assert most == Counter(caps)


QUEUE = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from([None, 100, 200]),
        st.integers(0, 2),
        st.integers(0, 5),
        st.sampled_from([*JobState]),
    ),
    max_size=14,
)


@settings(
    max_examples=60,
    # The database is emptied between examples.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(queue=QUEUE)
async def test_the_line_is_the_order_in_which_jobs_start(
    queue: list[tuple[int, int | None, int, int, JobState]],
    store: SqlJobStore,
    database: Database,
    stop_clock: StopClock,
    make_job: JobMaker,
) -> None:
    await database.execute("DELETE FROM jobs")
    for guild in (None, 100, 200):
        limits = GuildSettings(guild_id=guild, running_per_member=0)
        await SqlSettingsStore(database).save_guild(limits)
    now = 10 * HOUR
    stop_clock(now)
    for number, (user, guild, priority, created, state) in enumerate(queue):
        waiting = state not in HOLDS_SLOT and state is not JobState.DELIVERED
        await store.add(
            make_job(
                str(number),
                user_id=user,
                guild_id=guild,
                priority=priority,
                created_at=created,
                state=JobState.QUEUED if waiting else state,
                owner=None if waiting else W,
                started_at=None if waiting else now - created * 1_000,
                finished_at=now,
                due_at=0 if waiting else now + HOUR,
            )
        )
    line = [job.id for job in await store.line()]
    await store.beat(W, TTL)
    assert line == [job.id for job in await store.claim(W, {"preview": 1_000}, now)]

"""Limits of members and servers: exact for those who run, exact for those who wait; on every database."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.codes import Code
from bot.domain.errors import QuotaExceeded
from bot.domain.job import Job, WorkerId
from bot.domain.settings import GuildSettings
from bot.domain.states import HOLDS_SLOT, JobState
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.settings import SqlSettingsStore

JobMaker = Callable[..., Job]
Connect = Callable[[], Awaitable[Database]]
W = WorkerId("w1")
TTL = 15_000
GUILD = 81384788765712384
MANY = {"preview": 1_000}


async def claimed(store: SqlJobStore) -> list[str]:
    await store.beat(W, TTL)
    return sorted(job.id for job in await store.claim(W, MANY, 1_000))


async def test_without_settings_a_member_has_three_running_and_a_server_any_number(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    for user in range(1, 6):
        for number in range(5):
            job = make_job(f"{user}{number}", user_id=user, guild_id=GUILD, created_at=number)
            await store.add(job)
    assert await claimed(store) == [f"{user}{number}" for user in range(1, 6) for number in range(3)]


async def test_a_member_has_the_limit_on_each_server(store: SqlJobStore, make_job: JobMaker) -> None:
    for guild in (None, 1, 2):
        for number in range(5):
            await store.add(make_job(f"{guild}-{number}", guild_id=guild, created_at=number))
    assert Counter(name[0] for name in await claimed(store)) == {"N": 3, "1": 3, "2": 3}


@pytest.mark.parametrize("state", [*JobState])
async def test_a_limit_counts_what_holds_a_slot(
    state: JobState, store: SqlJobStore, database: Database, make_job: JobMaker
) -> None:
    await store.beat(W, TTL)
    limits = GuildSettings(guild_id=GUILD, running_per_member=1, running_per_server=0)
    await SqlSettingsStore(database).save_guild(limits)
    # With another provider: the limit is the member's, not the provider's.
    await store.add(make_job("1", guild_id=GUILD, state=state, owner=W, due_at=9_999, provider="other"))
    await store.add(make_job("2", guild_id=GUILD))
    started = await store.claim(W, MANY, 1_000)
    assert [job.id for job in started] == ([] if state in HOLDS_SLOT else ["2"])


async def test_who_is_at_the_limit_lets_others_pass(
    store: SqlJobStore, database: Database, make_job: JobMaker
) -> None:
    limits = GuildSettings(guild_id=GUILD, running_per_member=1, running_per_server=2)
    await SqlSettingsStore(database).save_guild(limits)
    for number, (user, guild) in enumerate([(1, GUILD), (1, GUILD), (2, GUILD), (3, GUILD), (1, 5)]):
        job = make_job(str(number), user_id=user, guild_id=guild, priority=9 - number, created_at=number)
        await store.add(job)
    assert await claimed(store) == ["0", "2", "4"]
    first = await store.get((await store.line())[0].id)
    assert first is not None
    assert first.id in {"1", "3"}


async def test_eight_claimers_keep_every_limit(connect: Connect, make_job: JobMaker) -> None:
    """Each claims, walks its jobs on and claims again, until all 120 of two providers have started."""
    databases = [await connect() for _ in range(8)]
    stores = [SqlJobStore(database) for database in databases]
    slots = {"preview": 4, "other": 6}
    for guild in range(3):
        limits = GuildSettings(guild_id=guild + 1, running_per_member=2, running_per_server=3)
        await SqlSettingsStore(databases[0]).save_guild(limits)
    for n in range(120):
        provider = "preview" if n % 2 else "other"
        job = make_job(str(n), provider=provider, user_id=n % 4, guild_id=n % 3 + 1, created_at=n)
        await stores[0].add(job)
    started: Counter[str] = Counter()
    holding: Counter[object] = Counter()
    most: Counter[object] = Counter()

    def kinds(job: Job) -> list[object]:
        guild = job.place.guild_id
        return [job.provider, ("server", guild), ("member", guild, job.user_id)]

    async def work(number: int) -> None:
        store, worker = stores[number], WorkerId(f"w{number}")
        await store.beat(worker, 60_000)
        rng = random.Random(number)
        while started.total() < 120:
            mine = await store.claim(worker, slots, 10_000)
            for job in mine:
                started[job.id] += 1
                for kind in kinds(job):
                    holding[kind] += 1
                    most[kind] = max(most[kind], holding[kind])
            for _ in range(rng.randrange(3)):
                await asyncio.sleep(0)
            for job in mine:
                rendering = await store.save(job, replace(job, state=JobState.RENDERING))
                for kind in kinds(job):
                    holding[kind] -= 1  # before the save: another may claim as soon as it is written
                await store.save(rendering, replace(rendering, state=JobState.FETCHING))

    async with asyncio.timeout(60):
        await asyncio.gather(*(work(number) for number in range(8)))
    assert set(started.values()) == {1}
    assert len(started) == 120
    assert {kind: most[kind] <= slots[kind] for kind in slots} == dict.fromkeys(slots, True)
    assert {most["server", guild] for guild in (1, 2, 3)} == {3}
    assert max(count for kind, count in most.items() if kind[0] == "member") == 2  # type: ignore[index]


@pytest.mark.parametrize(
    ("limits", "accepted", "code"),
    [
        (GuildSettings(guild_id=GUILD, waiting_per_member=2), [2, 2], Code.TOO_MANY_WAITING),
        (GuildSettings(guild_id=GUILD, waiting_per_member=0, waiting_per_server=3), [3, 0], Code.LINE_FULL),
        (GuildSettings(guild_id=GUILD, waiting_per_member=2, waiting_per_server=3), [2, 1], Code.LINE_FULL),
        (GuildSettings(guild_id=GUILD, waiting_per_member=0, waiting_per_server=0), [5, 5], None),
    ],
    ids=["a member", "a server", "the smaller one counts", "no limits"],
)
async def test_no_more_are_accepted_than_may_wait(
    limits: GuildSettings, accepted: list[int], code: Code | None, store: SqlJobStore, make_job: JobMaker
) -> None:
    refusals = []
    for user in (1, 2):
        for number in range(5):
            try:
                await store.add(make_job(f"{user}{number}", user_id=user, guild_id=GUILD), limits)
            except QuotaExceeded as error:
                refusals.append(error)
    in_line = [await store.count_waiting(guild_id=GUILD, user_id=user) for user in (1, 2)]
    assert in_line == accepted
    assert len(refusals) == 10 - sum(accepted)
    assert (refusals[-1].code if refusals else None) == code


async def test_a_known_job_is_returned_although_the_line_is_full(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    limits = GuildSettings(waiting_per_member=1)
    job = await store.add(make_job("1"), limits)
    assert await store.add(make_job("1"), limits) == job


async def test_the_last_free_place_is_given_once(connect: Connect, make_job: JobMaker) -> None:
    stores = [SqlJobStore(await connect()) for _ in range(8)]
    limits = GuildSettings(waiting_per_member=5)
    outcomes = await asyncio.gather(
        *(store.add(make_job(str(n)), limits) for n, store in enumerate(stores * 3)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Job) for outcome in outcomes) == 5
    assert all(isinstance(outcome, Job | QuotaExceeded) for outcome in outcomes)
    assert len(await stores[0].line()) == 5

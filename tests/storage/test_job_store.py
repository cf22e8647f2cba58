"""The contract of JobStore, on every database."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.codes import Code
from bot.domain.errors import StaleJob, StorageError
from bot.domain.job import Failure, Job, JobId, WorkerId, short_id
from bot.domain.states import DRIVEN, TERMINAL, JobState
from bot.domain.video import Size, VideoRequest
from bot.ports import JobStore
from storage.database import Database
from storage.jobs import SqlJobStore

JobMaker = Callable[..., Job]
W = WorkerId("w1")
GUILD = 81384788765712384


def test_the_store_is_a_job_store(store: SqlJobStore) -> None:
    port: JobStore = store
    assert port is store


async def test_an_added_job_comes_back_whole_by_every_name(store: SqlJobStore, make_job: JobMaker) -> None:
    request = VideoRequest(
        prompt="狐狸 🦊 o'clock; --",
        size=Size(720, 1280),
        seconds=12,
        model="m",
        picture="pictures/1.jpg",
        seed=2**62,
        negative="rain",
    )
    job = make_job("1", request=request, guild_id=2**63 - 1, result_message_id=2**62, priority=3)
    assert await store.add(job) == job
    assert await store.get(job.id) == job
    assert await store.by_short_id(job.short_id) == job
    assert await store.by_result_message(2**62) == job


async def test_unknown_names_give_none(store: SqlJobStore) -> None:
    assert await store.get(JobId("9")) is None
    assert await store.by_short_id("AAAAA") is None
    assert await store.by_result_message(9) is None
    assert await store.request_cancel(JobId("9")) is None


async def test_a_redelivered_add_returns_the_earlier_row_and_records_nothing(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.add(make_job("1", user_id=7))
    await store.beat(W, 10_000)
    [running] = await store.claim(W, {"preview": 1}, 1_000)
    assert await store.add(make_job("1", user_id=8, priority=9)) == running
    assert len(await store.history(running.id)) == 2


async def test_ten_simultaneous_adds_of_one_id_make_one_job(store: SqlJobStore, make_job: JobMaker) -> None:
    added = await asyncio.gather(*(store.add(make_job("1", priority=n)) for n in range(10)))
    assert len(set(added)) == 1
    assert await store.line() == added[:1]


async def test_a_taken_short_id_is_derived_anew(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1", short_id=short_id("2")))
    await store.add(make_job("x", short_id=short_id("2", 1)))
    second = await store.add(make_job("2"))
    assert second.short_id == short_id("2", 2)
    assert await store.by_short_id(short_id("2", 2)) == second


async def test_save_writes_every_field(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1", guild_id=GUILD))
    await store.beat(W, 10_000)
    [job] = await store.claim(W, {"preview": 1}, 1_000)
    after = replace(
        job,
        state=JobState.RENDERING,
        place=replace(job.place, channel_id=6, status_message_id=GUILD + 1),
        due_at=2,
        deadline_at=3,
        attempt=4,
        submit_intent_at=5,
        remote_id="video_" + "x" * 900,
        result_url="https://example.com/v.mp4",
        result_file="originals/a.mp4",
        result_bytes=2**40,
        fitted_file="fitted/a.mp4",
        upload_limit=10,
        post_intent_at=11,
        result_message_id=12,
        failure=Failure(code=Code.DEADLINE, facts={"minutes": 60, "name": "x", "share": 0.5}),
        status_closed=True,
        priority=-1,
        locale="zh-TW",
    )
    assert await store.save(job, after) == after
    assert await store.get(job.id) == after


async def test_a_change_of_state_is_recorded_with_its_note(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1"))
    await store.beat(W, 10_000)
    [job] = await store.claim(W, {"preview": 1}, 1_234)
    job = await store.save(job, replace(job, attempt=1), "not a change of state")
    job = await store.save(job, replace(job, state=JobState.RENDERING), "video_1")
    events = await store.history(job.id)
    assert [(event.from_state, event.to_state, event.note) for event in events] == [
        (None, JobState.QUEUED, ""),
        (JobState.QUEUED, JobState.SUBMITTING, ""),
        (JobState.SUBMITTING, JobState.RENDERING, "video_1"),
    ]
    assert [event.at for event in events[:2]] == [1_000, 1_234]


async def test_a_move_outside_the_table_changes_nothing(store: SqlJobStore, make_job: JobMaker) -> None:
    job = await store.add(make_job("1"))
    with pytest.raises(ValueError, match="queued to delivered"):
        await store.save(job, replace(job, state=JobState.DELIVERED))
    with pytest.raises(ValueError, match="cannot be saved as 2"):
        await store.save(job, replace(job, id=JobId("2")))
    assert await store.get(job.id) == job


async def test_a_write_with_an_old_fence_changes_nothing(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1"))
    await store.beat(W, 10_000)
    [mine] = await store.claim(W, {"preview": 1}, 1_000)
    await store.leave(W)
    other = WorkerId("w2")
    await store.beat(other, 10_000)
    [theirs] = await store.claim(other, {"preview": 0}, 1_000)
    assert (theirs.fence, theirs.owner) == (mine.fence + 1, other)
    with pytest.raises(StaleJob):
        await store.save(mine, replace(mine, state=JobState.RENDERING, remote_id="lost"))
    assert await store.get(mine.id) == theirs
    assert len(await store.history(mine.id)) == 2


async def test_a_write_over_a_moved_state_changes_nothing(store: SqlJobStore, make_job: JobMaker) -> None:
    job = await store.add(make_job("1"))
    cancelled = await store.request_cancel(job.id)
    with pytest.raises(StaleJob):
        await store.save(job, replace(job, attempt=1))
    assert await store.get(job.id) == cancelled


async def test_a_save_of_an_unknown_job_is_stale(store: SqlJobStore, make_job: JobMaker) -> None:
    with pytest.raises(StaleJob):
        await store.save(make_job("1"), make_job("1", attempt=1))


async def test_a_save_cannot_take_a_job_nor_move_its_fence(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1"))
    await store.beat(W, 10_000)
    [job] = await store.claim(W, {"preview": 1}, 1_000)
    saved = await store.save(job, replace(job, owner=WorkerId("thief"), fence=99))
    assert (saved.owner, saved.fence) == (W, 1)


async def test_a_released_job_is_claimed_again_when_it_is_due(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1"))
    await store.beat(W, 10_000)
    [job] = await store.claim(W, {"preview": 1}, 1_000)
    released = await store.save(job, replace(job, owner=None, due_at=2_000))
    assert released.owner is None
    assert await store.claim(W, {"preview": 0}, 1_999) == []
    [again] = await store.claim(W, {"preview": 0}, 2_000)
    assert (again.state, again.owner, again.fence) == (JobState.SUBMITTING, W, 2)


@pytest.mark.parametrize(
    ("target", "owner"), [(JobState.QUEUED, None), (JobState.UNSURE, W), (JobState.FAILED, W)]
)
async def test_a_job_in_line_has_no_owner_and_an_ended_one_keeps_it_until_that_is_shown(
    target: JobState, owner: WorkerId | None, store: SqlJobStore, make_job: JobMaker
) -> None:
    await store.add(make_job("1"))
    await store.beat(W, 10_000)
    [job] = await store.claim(W, {"preview": 1}, 1_000)
    saved = await store.save(job, replace(job, state=target))
    assert (saved.state, saved.owner, saved.fence) == (target, owner, 1)


async def test_active_lists_what_has_not_ended_of_a_place_or_a_member(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    numbers = itertools.count(1)
    for guild, user in ((GUILD, 1), (GUILD, 2), (None, 1)):
        for state in JobState:
            number = next(numbers)
            await store.add(
                make_job(str(number), guild_id=guild, user_id=user, state=state, created_at=number)
            )
    alive = [state for state in JobState if state not in TERMINAL]
    everyone = await store.active(guild_id=GUILD)
    assert [(job.user_id, job.state) for job in everyone] == [(u, s) for u in (1, 2) for s in alive]
    assert await store.active(guild_id=GUILD, user_id=2) == everyone[len(alive) :]
    direct = await store.active(guild_id=None, user_id=1)
    assert [(job.place.guild_id, job.state) for job in direct] == [(None, s) for s in alive]
    assert await store.active(guild_id=4) == []
    assert await store.count_waiting(user_id=1, guild_id=GUILD) == 1
    assert await store.count_waiting(user_id=1, guild_id=None) == 1
    assert await store.count_waiting(user_id=3, guild_id=GUILD) == 0
    assert await store.count_waiting(guild_id=GUILD) == 2
    assert await store.count_waiting(guild_id=None) == 1


async def test_remote_ids_are_known_per_provider(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.add(make_job("1", remote_id="a"))
    await store.add(make_job("2", remote_id="b", provider="other"))
    assert await store.known_remote_ids("preview", ["a", "b", "c"]) == {"a"}
    assert await store.known_remote_ids("other", {"b"}) == {"b"}
    assert await store.known_remote_ids("preview", []) == frozenset()


async def test_recently_delivered_is_newest_first_and_includes_its_limit_in_time(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    for number in range(5):
        await store.add(make_job(str(number), state=JobState.DELIVERED, finished_at=number))
    await store.add(make_job("f", state=JobState.FAILED, finished_at=9))
    assert [job.id for job in await store.recently_delivered(2)] == ["4", "3", "2"]
    assert [job.id for job in await store.recently_delivered(0, limit=2)] == ["4", "3"]


async def test_recently_delivered_comes_in_pages_also_of_one_moment(
    store: SqlJobStore, make_job: JobMaker
) -> None:
    for number in range(7):
        await store.add(make_job(str(number), state=JobState.DELIVERED, finished_at=number // 3))
    pages = [await store.recently_delivered(0, limit=2)]
    while pages[-1]:
        pages.append(await store.recently_delivered(0, limit=2, before=pages[-1][-1]))
    assert [[job.id for job in page] for page in pages] == [["6", "5"], ["4", "3"], ["2", "1"], ["0"], []]


async def test_driven_states_keep_their_owner(store: SqlJobStore, make_job: JobMaker) -> None:
    await store.beat(W, 10_000)
    for state in DRIVEN:
        job = await store.add(make_job(state.value, state=state, owner=W))
        assert (await store.save(job, replace(job, attempt=1))).owner == W


async def test_a_failed_save_leaves_neither_row_nor_event(
    store: SqlJobStore, database: Database, make_job: JobMaker
) -> None:
    await store.add(make_job("1"))
    await store.beat(W, 10_000)
    [job] = await store.claim(W, {"preview": 1}, 1_000)
    before = await database.fetch_all("SELECT * FROM jobs")
    too_large = replace(job, state=JobState.RENDERING, result_bytes=2**70)
    with pytest.raises(StorageError, match="refused"):
        await store.save(job, too_large)
    assert await database.fetch_all("SELECT * FROM jobs") == before
    assert len(await store.history(job.id)) == 2

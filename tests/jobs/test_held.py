"""This machine's own disk or database fails: jobs wait, nothing is dropped, nothing is bought meanwhile."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.errors import CannotFit, DatabaseUnavailable, NoRoom
from bot.domain.job import Job, JobId
from bot.domain.remote import PollPace, SubmitSafety
from bot.domain.states import JobState
from tests.factories import make_job
from tests.fakes import FakeProvider
from tests.jobs.conftest import FlakyStore, World, eventually

S = JobState


def reasons(world: World) -> list[tuple[JobState, Code]]:
    """Return what members were told of waits for this machine."""
    return [(state, told.reason) for state, told in world.announcer.shown if told.reason is not None]


@asynccontextmanager
async def read_only(world: World) -> AsyncIterator[None]:
    """Let the database refuse writes, as on a disk that was remounted read-only."""
    await world.database.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        await world.database.execute("PRAGMA query_only = OFF")


async def told(world: World, code: Code) -> None:
    """Wait until a member reads that the job waits for this."""

    async def look() -> bool | None:
        return any(reason is code for _, reason in reasons(world)) or None

    await eventually(look)


# --- the disk --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [Code.NO_ROOM, Code.DISK_READ_ONLY])
async def test_without_room_nothing_is_bought_until_there_is_some(
    code: Code, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = 0

    async def no_room_yet(self: object) -> None:
        nonlocal looks
        looks += 1
        if looks < 6:
            raise NoRoom("it takes nothing", code=code)

    monkeypatch.setattr(type(world.workspace), "check_room", no_room_yet)
    world.provider.submit_script = [lambda: seen.append(looks)]
    seen: list[int] = []
    await world.store.add(make_job())
    with caplog.at_level(logging.INFO):
        async with world.running():
            job = await world.until("1001", S.DELIVERED, closed=True)
    assert seen == [6], "bought only once there was room"
    assert job.submit_intent_at is not None
    assert set(reasons(world)) == {(S.SUBMITTING, code)}
    states = [event.to_state for event in await world.store.history(job.id)]
    assert states.count(S.SUBMITTING) == 1, "the disk that is full is not written to meanwhile"
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.message for record in lines] == [
        f"job {job.short_id} waits while submitting: it takes nothing"
    ]
    assert f"job {job.short_id} goes on" in caplog.messages


async def test_a_job_without_room_can_be_cancelled_and_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_room(self: object) -> None:
        raise NoRoom("full")

    monkeypatch.setattr(type(world.workspace), "check_room", no_room)
    await world.store.add(make_job())
    async with world.running() as runner:
        await told(world, Code.NO_ROOM)
        await world.store.request_cancel(JobId("1001"))
        runner.cancel(JobId("1001"))
        await world.until("1001", S.CANCELLED)
    assert world.provider.submits == []


async def test_a_download_without_room_waits_and_counts_nothing(world: World) -> None:
    world.provider.download_script = [NoRoom("full")] * 300
    await world.store.add(make_job())
    async with world.running():
        job = await world.until("1001", S.DELIVERED)
    assert set(reasons(world)) == {(S.FETCHING, Code.NO_ROOM)}
    assert len(world.provider.submits) == 1
    assert job.failure is None


# --- the database ----------------------------------------------------------------------------------


async def test_a_database_that_takes_nothing_buys_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The intent could not be written, so nothing may be sent."""
    await world.store.add(make_job())
    allowed = asyncio.Event()

    class Store(FlakyStore):
        async def save(self, before: Job, after: Job, note: str = "") -> Job:
            intent = after.submit_intent_at is not None and before.submit_intent_at is None
            if intent and not allowed.is_set():
                raise DatabaseUnavailable("on a full disk")
            return await super().save(before, after, note)

    async with world.running(store=Store(world)):
        await told(world, Code.DATABASE_AWAY)
        assert world.provider.submits == []
        allowed.set()
        await world.until("1001", S.DELIVERED)
    assert world.provider.submits == ["1001"]


@pytest.mark.parametrize("safety", list(SubmitSafety))
async def test_what_was_bought_is_written_down_when_the_database_is_back(
    safety: SubmitSafety, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The database becomes read-only between the intent and the receipt."""
    world.provider = FakeProvider(safety=safety)
    submit = world.provider.submit
    doors = read_only(world)

    async def submit_and_lose_the_database(*arguments: object, **options: object) -> object:
        remote = await submit(*arguments, **options)  # type: ignore[arg-type]
        await doors.__aenter__()
        return remote

    world.provider.submit = submit_and_lose_the_database  # type: ignore[method-assign,assignment]
    await world.store.add(make_job())
    with caplog.at_level(logging.ERROR, logger="bot.jobs.driver"):
        async with world.running():
            await told(world, Code.DATABASE_AWAY)
            await world.clock.sleep(60)
            await doors.__aexit__(None, None, None)
            await world.until("1001", S.DELIVERED)
    assert world.provider.submits == ["1001"]
    (line,) = (record.message for record in caplog.records if record.name == "bot.jobs.driver")
    assert "holds on to what the database does not take" in line


async def test_an_answer_of_the_database_that_was_lost_is_no_other_process(world: World) -> None:
    """The COMMIT went through and its reply did not: the row is ahead of what is believed here."""

    class Store(FlakyStore):
        lost = 0

        async def save(self, before: Job, after: Job, note: str = "") -> Job:
            saved = await super().save(before, after, note)
            if after.state is S.RENDERING and not self.lost:
                self.lost += 1
                raise DatabaseUnavailable("the connection broke during COMMIT")
            return saved

    store = Store(world)
    await world.store.add(make_job())
    async with world.running(store=store):
        await world.until("1001", S.DELIVERED)
    assert store.lost == 1
    assert world.provider.submits == ["1001"]


async def test_an_effect_that_another_process_has_taken_over_is_let_go(world: World) -> None:
    class Store(FlakyStore):
        taken_over = False

        async def save(self, before: Job, after: Job, note: str = "") -> Job:
            if after.state is S.RENDERING and not self.taken_over:
                self.taken_over = True
                other = sqlite3.connect(world.data_dir.parent / "reelbot.db")
                other.execute("UPDATE jobs SET fence = 9, owner = 'other', state = 'rendering'")
                other.execute("INSERT INTO workers (id, expires_at) VALUES ('other', 9999999999999)")
                other.commit()
                other.close()
                raise DatabaseUnavailable("away")
            return await super().save(before, after, note)

    await world.store.add(make_job())
    async with world.running(store=Store(world)) as runner:

        async def nobody_drives() -> bool | None:
            row = await world.store.get(JobId("1001"))
            return (row is not None and row.fence == 9 and not runner.running) or None

        await eventually(nobody_drives)
    row = await world.store.get(JobId("1001"))
    assert row is not None
    assert (row.state, row.fence, row.owner, row.remote_id) == (S.RENDERING, 9, "other", None)


async def test_a_wait_that_the_clock_made_endless_is_none(world: World) -> None:
    """Taken over after the wall clock was set back by a day: the due time lies far ahead."""
    tomorrow = world.clock.now() + 24 * 3_600_000
    await world.store.add(
        make_job(
            state=S.RENDERING,
            remote_id="video_1",
            submit_intent_at=1,
            due_at=tomorrow,
            attempt=3,
        )
    )
    start = world.clock.now()
    async with world.running():
        await world.until("1001", S.DELIVERED)
    assert world.clock.now() - start < 3_600_000


async def test_a_file_is_not_here_twice(world: World, tmp_path: Path) -> None:
    """After all those waits only the original lies in the data folder."""
    world.provider.download_script = [NoRoom("full")] * 3
    await world.store.add(make_job())
    async with world.running():
        await world.until("1001", S.DELIVERED)
    assert [file.kind.value for file in await world.workspace.stored()] == ["original"]


# --- longer than a lease ---------------------------------------------------------------------------


@pytest.mark.parametrize("exclusive", [True, False], ids=["the only process", "one of several"])
@pytest.mark.parametrize("safety", list(SubmitSafety))
async def test_an_outage_longer_than_a_lease_forgets_nothing_that_was_bought(
    safety: SubmitSafety, exclusive: bool, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.provider = FakeProvider(safety=safety)
    submit = world.provider.submit
    doors = read_only(world)

    async def submit_and_lose_the_database(*arguments: object, **options: object) -> object:
        remote = await submit(*arguments, **options)  # type: ignore[arg-type]
        await doors.__aenter__()
        return remote

    world.provider.submit = submit_and_lose_the_database  # type: ignore[method-assign,assignment]
    await world.store.add(make_job())
    with caplog.at_level(logging.INFO):
        async with world.running(lease_seconds=0.3, exclusive=exclusive) as runner:
            await told(world, Code.DATABASE_AWAY)
            beaten = runner._beaten_at

            async def lease_over() -> bool | None:
                return time.monotonic() - beaten > 1.0 or None

            await eventually(lease_over)
            await doors.__aexit__(None, None, None)
            await world.until("1001", S.DELIVERED, closed=True)

            async def noted() -> bool | None:
                return "the database answers again" in caplog.messages or None

            await eventually(noted)
    assert world.provider.submits == ["1001"]
    lines = [record.message for record in caplog.records if record.name == "bot.jobs.runner"]
    # A machine that is slow may find the database slow again later; the outage itself is told once.
    outage = lines[: lines.index("the database answers again")]
    assert sum("does not answer" in line for line in outage) == 1, "one line, not one a second"


async def test_the_only_process_needs_no_lease_to_go_on(world: World) -> None:
    world.provider = FakeProvider(pace=PollPace(first=1, longest=4, deadline=1e6))
    world.provider.hold = asyncio.Event()
    await world.store.add(make_job())
    async with world.running(lease_seconds=0.3) as runner:
        await world.until("1001", S.RENDERING)
        world.beats_fail = True
        beaten = runner._beaten_at

        async def lease_over() -> bool | None:
            return time.monotonic() - beaten > 1.0 or None

        await eventually(lease_over)
        assert runner.running == {"1001"}
        world.provider.hold.set()
        await world.until("1001", S.DELIVERED)
    row = await world.store.get(JobId("1001"))
    assert row is not None
    assert row.fence == 1, "nobody took it over, not even the process itself"


async def test_an_encoder_without_room_says_nothing_about_the_video(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = 0

    async def full_while_fitting(self: object) -> None:
        nonlocal checks
        checks += 1
        if 2 <= checks < 5:  # the first is made before the submit
            raise NoRoom("full")

    monkeypatch.setattr(type(world.workspace), "check_room", full_while_fitting)
    world.announcer.limit = 5
    world.media.shrink_script = [CannotFit("no space left on device")] * 3
    await world.store.add(make_job())
    async with world.running():
        job = await world.until("1001", S.DELIVERED)
    assert set(reasons(world)) == {(S.FITTING, Code.NO_ROOM)}
    assert job.fitted_file is not None
    assert job.still_file is None

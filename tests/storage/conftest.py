"""The databases that the contract suite runs on, and jobs to put into them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.video import Size, VideoRequest
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase, open_sqlite

JobMaker = Callable[..., Job]


@dataclass
class StoppableClock:
    """The database's clock, which a test may stop at any time."""

    stopped_at: int | None = None

    def __call__(self, ms: int) -> int:
        return ms if self.stopped_at is None else self.stopped_at


class SqliteServer:
    """One file that one process may open: all connections are the same."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def start(cls, folder: Path, clock: StoppableClock) -> "SqliteServer":
        database = await open_database(f"sqlite:///{folder}/contract.db", clock=clock)
        await migrate(database)
        return cls(database)

    async def connect(self) -> Database:
        return self._database

    async def stop(self) -> None:
        await self._database.close()


@pytest.fixture
async def open_file() -> AsyncIterator[Callable[..., Awaitable[SqliteDatabase]]]:
    """Open SQLite files that are closed at the end, also when the test fails: their threads would go on."""
    opened: list[SqliteDatabase] = []

    async def open_and_remember(path: Path, timeout: float = 30.0) -> SqliteDatabase:
        database = await open_sqlite(path, timeout=timeout)
        opened.append(database)
        return database

    yield open_and_remember
    for database in opened:
        await database.close()


@pytest.fixture
def clock() -> StoppableClock:
    return StoppableClock()


@pytest.fixture
def stop_clock(clock: StoppableClock) -> Callable[[int], None]:
    """Let the database's clock stand at these milliseconds."""

    def stop(ms: int) -> None:
        clock.stopped_at = ms

    return stop


@pytest.fixture(params=[pytest.param(SqliteServer, id="sqlite")])
async def connect(
    request: pytest.FixtureRequest, tmp_path: Path, clock: StoppableClock
) -> AsyncIterator[Callable[[], Awaitable[Database]]]:
    """Connections to one running database with the schema; a second kind is one more param."""
    server = await request.param.start(tmp_path, clock)
    yield server.connect
    await server.stop()


@pytest.fixture
async def database(connect: Callable[[], Awaitable[Database]]) -> Database:
    return await connect()


@pytest.fixture
def store(database: Database) -> SqlJobStore:
    return SqlJobStore(database)


@pytest.fixture
def make_job() -> JobMaker:
    def make(job_id: str = "1", *, guild_id: int | None = None, **over: object) -> Job:
        job = Job(
            id=JobId(job_id),
            short_id=short_id(job_id),
            provider="preview",
            user_id=7,
            place=Place(channel_id=5, status_message_id=6, guild_id=guild_id),
            request=VideoRequest(prompt="a red fox", size=Size(1280, 720), seconds=8),
            created_at=1_000,
        )
        return replace(job, **over)  # type: ignore[arg-type]  # the tests name fields of Job

    return make

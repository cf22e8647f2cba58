"""PostgreSQL that goes away, and a network that does: the error that comes out, and how it goes on."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import DatabaseUnavailable
from storage.migrate import migrate
from storage.postgres import PostgresDatabase, open_postgres
from tests.storage.postgres_server import PostgresServer

INSERT = "INSERT INTO notes (key, value) VALUES (:key, 'x')"
KEYS = "SELECT key FROM notes ORDER BY key"


@pytest.fixture
async def database(postgres_server: PostgresServer, postgres: str) -> AsyncIterator[PostgresDatabase]:
    opened = await open_postgres(postgres_server.url(postgres), timeout=20)
    await migrate(opened)
    yield opened
    await opened.close()


async def keys(database: PostgresDatabase) -> list[str]:
    return [row["key"] for row in await database.fetch_all(KEYS)]


async def meet_in_transactions(database: PostgresDatabase, tasks: int) -> None:
    """Have so many connections open at once."""
    all_in = asyncio.Barrier(tasks)

    async def meet() -> None:
        async with database.transaction() as transaction:
            await transaction.fetch_all("SELECT 1")
            await all_in.wait()

    await asyncio.gather(*(meet() for _ in range(tasks)))


async def test_a_server_that_crashes_and_comes_back_costs_only_what_was_not_committed(
    database: PostgresDatabase, postgres_server: PostgresServer
) -> None:
    await meet_in_transactions(database, 5)
    await database.execute(INSERT, key="before")

    async def lose() -> None:
        async with database.transaction(exclusive=True) as transaction:
            await transaction.execute(INSERT, key="lost")
            async with postgres_server.away():
                for _ in range(3):
                    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
                        await database.execute(INSERT, key="away")
                    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
                        async with database.transaction():
                            pass
            await transaction.execute(INSERT, key="never")

    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await lose()
    assert await keys(database) == ["before"]  # at the first call, without anything in between
    await meet_in_transactions(database, 5)


async def test_a_restart_between_two_calls_is_not_noticed(
    database: PostgresDatabase, postgres_server: PostgresServer
) -> None:
    await meet_in_transactions(database, 5)
    async with postgres_server.away():
        pass
    await meet_in_transactions(database, 5)
    await database.execute(INSERT, key="a")
    assert await keys(database) == ["a"]


async def test_a_statement_under_way_when_the_server_crashes_fails_at_once(
    database: PostgresDatabase, postgres_server: PostgresServer
) -> None:
    sleeping = asyncio.create_task(database.fetch_all("SELECT pg_sleep(30)"))
    while not await database.fetch_all("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)'"):
        await asyncio.sleep(0.005)
    async with postgres_server.away(), asyncio.timeout(60):
        with pytest.raises(DatabaseUnavailable):
            await sleeping


@pytest.mark.parametrize("when", ["while it waits", "while it works"])
async def test_a_connection_that_an_administrator_ends_costs_one_transaction(
    when: str, database: PostgresDatabase, postgres_server: PostgresServer
) -> None:
    end_it = "SELECT pg_terminate_backend({}, 10000)"

    async def lose() -> None:
        async with database.transaction(exclusive=True) as transaction:
            await transaction.execute(INSERT, key="lost")
            [row] = await transaction.fetch_all("SELECT pg_backend_pid() AS pid")
            if when == "while it waits":
                await postgres_server.run(end_it.format(row["pid"]))
                await transaction.execute(INSERT, key="never")
            else:
                await transaction.execute(end_it.format(row["pid"]))

    with pytest.raises(DatabaseUnavailable):
        await lose()
    assert await keys(database) == []


async def test_a_read_only_server_is_unavailable(
    database: PostgresDatabase, postgres_server: PostgresServer, postgres: str
) -> None:
    await database.execute(f"ALTER DATABASE {postgres} SET default_transaction_read_only = on")
    standby = await open_postgres(postgres_server.url(postgres), timeout=20)
    with pytest.raises(DatabaseUnavailable, match="is read-only"):
        await standby.execute(INSERT, key="a")
    assert await keys(standby) == []
    await standby.close()


async def test_a_user_without_rights_is_told_so(postgres_server: PostgresServer, postgres: str) -> None:
    await postgres_server.run("REVOKE CREATE ON SCHEMA public FROM pg_database_owner", postgres)
    database = await open_postgres(postgres_server.url(postgres), timeout=20)
    with pytest.raises(DatabaseUnavailable, match="give its user the right to create and write tables"):
        await migrate(database)
    await database.close()


async def test_a_server_without_a_free_connection_is_unavailable_until_there_is_one(
    database: PostgresDatabase, postgres_server: PostgresServer, postgres: str
) -> None:
    await database.execute(f"ALTER DATABASE {postgres} CONNECTION LIMIT 1")
    with pytest.raises(DatabaseUnavailable, match="has no connection free"):
        await open_postgres(postgres_server.url(postgres), timeout=20)
    async with database.transaction():
        with pytest.raises(DatabaseUnavailable, match="has no connection free"):
            await keys(database)
    assert await keys(database) == []


async def test_a_schema_that_another_process_changes_costs_one_transaction(
    database: PostgresDatabase, postgres_server: PostgresServer, postgres: str
) -> None:
    """A statement that was prepared before gives other columns now."""

    async def read() -> None:
        async with database.transaction() as transaction:
            await transaction.fetch_all("SELECT * FROM notes")

    await read()
    await postgres_server.run("ALTER TABLE notes ADD COLUMN more TEXT", postgres)
    with pytest.raises(DatabaseUnavailable, match="has changed just now"):
        await read()
    await read()
    await postgres_server.run("ALTER TABLE notes ADD COLUMN most TEXT", postgres)
    assert await database.fetch_all("SELECT * FROM notes") == []  # outside one it is asked again at once


class Wire:
    """A network between the bot and the server, which can swallow everything without a word."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._flowing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.swallow(on=False)

    @contextlib.asynccontextmanager
    async def laid(self) -> AsyncIterator[int]:
        """Give the near end's port."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def swallow(self, *, on: bool) -> None:
        if on:
            self._flowing.clear()
        else:
            self._flowing.set()

    async def _connect(self, near: asyncio.StreamReader, near_end: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        far, far_end = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await asyncio.gather(self._carry(near, far_end), self._carry(far, near_end))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            near_end.close()
            far_end.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self._flowing.wait()
            writer.write(data)
            await writer.drain()
        writer.close()


async def test_a_network_that_swallows_everything_costs_seconds_and_then_all_is_well(
    database: PostgresDatabase, postgres_server: PostgresServer, postgres: str
) -> None:
    wire = Wire(postgres_server.port)
    async with wire.laid() as port:
        far = await open_postgres(postgres_server.url(postgres, port=port), timeout=2)
        await far.execute(INSERT, key="before")

        async def lose() -> None:
            async with far.transaction(exclusive=True) as transaction:
                await transaction.execute(INSERT, key="lost")
                wire.swallow(on=True)
                await transaction.execute(INSERT, key="swallowed")

        started = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="did not answer in time"):
            await lose()
        with pytest.raises(DatabaseUnavailable, match="did not answer in time"):
            await far.execute(INSERT, key="swallowed")
        assert time.monotonic() - started < 25
        await database.execute(INSERT, key="others go on")
        async with database.transaction(exclusive=True):
            pass
        wire.swallow(on=False)
        assert await keys(far) == ["before", "others go on"]
        await far.close()


async def test_a_cancelled_call_into_a_swallowing_network_ends_soon(
    postgres_server: PostgresServer, database: PostgresDatabase, postgres: str
) -> None:
    """The heartbeat gives up after a third of a lease: it must not stand still much longer than that."""
    wire = Wire(postgres_server.port)
    async with wire.laid() as port:
        far = await open_postgres(postgres_server.url(postgres, port=port), timeout=20)

        async def lose() -> None:
            async with far.transaction() as transaction:
                wire.swallow(on=True)
                await transaction.execute(INSERT, key="lost")

        started = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await lose()
        assert time.monotonic() - started < 18
        await far.close()
        assert time.monotonic() - started < 25
    assert await keys(database) == []

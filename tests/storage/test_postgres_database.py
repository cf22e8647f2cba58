"""PostgreSQL behind the seam: transactions, also under cancellation, locks and time limits."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.domain.errors import DatabaseUnavailable, StorageError
from storage.migrate import migrate
from storage.postgres import PostgresDatabase, open_postgres
from tests.storage.postgres_server import PostgresServer

Open = Callable[..., Awaitable[PostgresDatabase]]

INSERT = "INSERT INTO notes (key, value) VALUES (:key, 'x') RETURNING key"
COUNT = "SELECT count(*) AS n FROM notes"
WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
OPEN_TRANSACTIONS = (
    "SELECT pid, query FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
)


@pytest.fixture
async def open_one(postgres_server: PostgresServer, postgres: str) -> AsyncIterator[Open]:
    """Open the same database once more, as a further process would."""
    async with contextlib.AsyncExitStack() as stack:

        async def open_and_remember(timeout: float = 20.0) -> PostgresDatabase:
            opened = await open_postgres(postgres_server.url(postgres), timeout=timeout)
            stack.push_async_callback(opened.close)
            return opened

        yield open_and_remember


@pytest.fixture
async def database(open_one: Open) -> PostgresDatabase:
    opened = await open_one()
    await migrate(opened)
    return opened


async def count(database: PostgresDatabase) -> int:
    rows = await database.fetch_all(COUNT)
    n: int = rows[0]["n"]
    return n


async def write(database: PostgresDatabase, *keys: str, exclusive: bool = False) -> None:
    async with database.transaction(exclusive=exclusive) as transaction:
        for key in keys:
            await transaction.execute(INSERT, key=key)


async def use_every_connection(database: PostgresDatabase) -> None:
    """Succeed only if as many transactions as there are connections can be open at once."""
    all_in = asyncio.Barrier(5)

    async def meet() -> None:
        async with database.transaction() as transaction:
            await transaction.fetch_all(COUNT)
            await all_in.wait()

    async with asyncio.timeout(60):
        await asyncio.gather(*(meet() for _ in range(5)))


async def test_a_transaction_that_fails_leaves_nothing(database: PostgresDatabase) -> None:
    with pytest.raises(StorageError, match=r"refused a statement \(UniqueViolationError: .*notes_pkey"):
        await write(database, "a", "b", "a")
    assert await count(database) == 0


async def test_a_block_that_raises_leaves_nothing_also_not_to_the_pool(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    async def give_up() -> None:
        async with database.transaction() as transaction:
            await transaction.execute(INSERT, key="a")
            raise OSError("the caller's own")

    with pytest.raises(OSError, match="the caller's own"):
        await give_up()
    assert await count(database) == 0
    assert caplog.messages == []  # the pool tells of a transaction that it had to end


async def test_a_block_that_overlooks_a_refused_statement_is_told_that_nothing_was_written(
    database: PostgresDatabase,
) -> None:
    """PostgreSQL answers to COMMIT with a silent ROLLBACK."""

    async def overlook() -> None:
        async with database.transaction() as transaction:
            await transaction.execute(INSERT, key="a")
            with contextlib.suppress(StorageError):
                await transaction.execute(INSERT, key="a")

    with pytest.raises(StorageError, match="has undone a transaction"):
        await overlook()
    assert await count(database) == 0


async def test_two_tasks_never_share_a_transaction(database: PostgresDatabase) -> None:
    """Ten tasks on five connections write two rows each with waits between; half of them fail at the end."""

    async def write_or_fail(number: int) -> None:
        async with database.transaction() as transaction:
            await transaction.execute(INSERT, key=f"{number}a")
            await asyncio.sleep(0)
            await transaction.execute(INSERT, key=f"{number}b")
            if number % 2:
                raise ZeroDivisionError

    await asyncio.gather(*(write_or_fail(number) for number in range(10)), return_exceptions=True)
    rows = await database.fetch_all("SELECT key FROM notes ORDER BY key")
    assert [row["key"] for row in rows] == [f"{n}{half}" for n in range(0, 10, 2) for half in "ab"]


@pytest.mark.parametrize("exclusive", [False, True], ids=["plain", "exclusive"])
@pytest.mark.parametrize("cancels", [1, 2], ids=["once", "again during the rollback"])
async def test_a_cancelled_await_leaves_no_open_transaction_no_half_and_no_lost_connection(
    cancels: int, exclusive: bool, database: PostgresDatabase, postgres_server: PostgresServer, postgres: str
) -> None:
    """Cancelled a tenth of a millisecond later each time, until it is through before it is cancelled."""
    through: set[str] = set()
    counts: list[int] = []
    for tenths in range(2_000):
        task = asyncio.create_task(write(database, f"{tenths}a", f"{tenths}b", exclusive=exclusive))
        await asyncio.sleep(tenths / 10_000)
        for _ in range(cancels):
            task.cancel()
            await asyncio.sleep(0)
        result = await asyncio.gather(task, return_exceptions=True)
        assert result[0] is None or isinstance(result[0], asyncio.CancelledError)
        async with database.transaction(exclusive=True) as transaction:  # the lock is free
            [row] = await transaction.fetch_all(COUNT)
        counts.append(row["n"])
        if result[0] is None:
            through.add(str(tenths))
        if len(through) == 3:
            break
    assert len(through) == 3
    await use_every_connection(database)
    async with asyncio.timeout(60):
        while await postgres_server.run(OPEN_TRANSACTIONS, postgres):
            await asyncio.sleep(0.01)
    keys = {row["key"] for row in await database.fetch_all("SELECT key FROM notes")}
    whole = {key[:-1] for key in keys}
    assert keys == {key + half for key in whole for half in "ab"}
    assert through <= whole
    if cancels == 1:  # a second one cuts the connection off, and a COMMIT on its way may arrive later
        assert counts == [sum(2 for key in whole if int(key) <= tenths) for tenths in range(len(counts))]


async def test_a_cancelled_statement_gives_its_connection_back(database: PostgresDatabase) -> None:
    for _ in range(10):
        task = asyncio.create_task(database.fetch_all("SELECT pg_sleep(30)"))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
    await use_every_connection(database)


async def test_an_exclusive_transaction_waits_for_the_one_before_it_and_sees_what_it_wrote(
    database: PostgresDatabase, open_one: Open
) -> None:
    other = await open_one()

    async def read_exclusively() -> int:
        async with other.transaction(exclusive=True) as transaction:
            rows = await transaction.fetch_all(COUNT)
        n: int = rows[0]["n"]
        return n

    async with database.transaction(exclusive=True) as transaction:
        reading = asyncio.create_task(read_exclusively())
        while not await database.fetch_all(WAITING):
            await asyncio.sleep(0.005)
        await write(other, "not exclusive")  # which waits for nobody
        await transaction.execute(INSERT, key="exclusive")
    assert await reading == 2


async def test_the_servers_default_level_does_not_count(
    database: PostgresDatabase, open_one: Open, postgres: str
) -> None:
    await database.execute(f"ALTER DATABASE {postgres} SET default_transaction_isolation = 'serializable'")
    for exclusive in (False, True):
        async with (await open_one()).transaction(exclusive=exclusive) as transaction:
            rows = await transaction.fetch_all("SHOW transaction_isolation")
        assert rows == [{"transaction_isolation": "read committed"}]


async def test_waiting_for_the_lock_has_an_end(database: PostgresDatabase, open_one: Open) -> None:
    impatient = await open_one(timeout=0.2)
    async with database.transaction(exclusive=True):
        with pytest.raises(DatabaseUnavailable, match="did not answer in time"):
            await write(impatient, "a", exclusive=True)
    await write(impatient, "a", exclusive=True)


async def test_a_slow_statement_is_stopped_and_the_next_one_works(
    database: PostgresDatabase, open_one: Open
) -> None:
    impatient = await open_one(timeout=0.2)

    async def dawdle() -> None:
        async with impatient.transaction() as transaction:
            await transaction.execute(INSERT, key="a")
            await transaction.fetch_all("SELECT pg_sleep(30)")

    before = time.monotonic()
    with pytest.raises(DatabaseUnavailable, match="did not answer in time"):
        await impatient.fetch_all("SELECT pg_sleep(30)")
    with pytest.raises(DatabaseUnavailable, match="did not answer in time"):
        await dawdle()
    assert await count(impatient) == 0
    assert time.monotonic() - before < 25


async def test_waiting_for_a_connection_has_an_end(open_one: Open) -> None:
    impatient = await open_one(timeout=0.4)
    enough = asyncio.Event()

    async def keep() -> None:
        async with impatient.transaction() as transaction:
            while not enough.is_set():
                await transaction.execute("SELECT pg_sleep(0.05)")

    async def ask() -> None:
        while True:  # the first may come before the keepers
            await impatient.fetch_all("SELECT 1")

    keepers = [asyncio.create_task(keep()) for _ in range(5)]
    with pytest.raises(DatabaseUnavailable, match="did not answer in time"):
        await ask()
    enough.set()
    await asyncio.gather(*keepers)
    assert await impatient.fetch_all("SELECT 1 AS one") == [{"one": 1}]


async def test_a_process_that_stands_still_in_a_transaction_loses_it_and_holds_up_nobody(
    database: PostgresDatabase, open_one: Open
) -> None:
    """Its lock would stop all claims of all processes for as long as it is frozen."""
    frozen = await open_one(timeout=0.4)

    async def stand_still() -> None:
        async with frozen.transaction(exclusive=True) as transaction:
            await transaction.execute(INSERT, key="frozen")
            await write(database, "living", exclusive=True)
            await transaction.execute(INSERT, key="thawed")

    with pytest.raises(DatabaseUnavailable, match=r"cannot be reached|stood still"):
        await stand_still()
    assert await database.fetch_all("SELECT key FROM notes") == [{"key": "living"}]
    await write(frozen, "again", exclusive=True)


async def test_a_closed_database_says_so_and_closes_twice(open_one: Open) -> None:
    opened = await open_one()
    await opened.close()
    await opened.close()
    with pytest.raises(DatabaseUnavailable, match="is closed"):
        await opened.fetch_all("SELECT 1")
    with pytest.raises(DatabaseUnavailable, match="is closed"):
        async with opened.transaction():
            pass


async def test_closing_does_not_wait_long_for_those_who_still_use_it(database: PostgresDatabase) -> None:
    task = asyncio.create_task(database.fetch_all("SELECT pg_sleep(30)"))
    while not await database.fetch_all("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)'"):
        await asyncio.sleep(0.005)
    async with asyncio.timeout(60):
        await database.close()
    with pytest.raises(DatabaseUnavailable):
        await task


async def test_the_databases_clock_is_the_servers_and_goes_on_in_a_transaction(
    database: PostgresDatabase,
) -> None:
    clock = "SELECT CAST(floor(extract(epoch FROM now()) * 1000) AS BIGINT) AS begun"
    async with database.transaction() as transaction:
        [row] = await transaction.fetch_all(clock)
        first = await transaction.now_ms()
        await transaction.fetch_all("SELECT pg_sleep(0.02)")
        second = await transaction.now_ms()
    assert row["begun"] <= first
    assert first + 20 <= second < row["begun"] + 20_000


async def test_a_value_that_cannot_be_stored_is_refused_without_being_told(
    database: PostgresDatabase,
) -> None:
    for value in (2**63, "secret\ud800", "secret\0", 1.5):
        with pytest.raises(StorageError, match="refused") as caught:
            await database.execute("INSERT INTO votes VALUES ('a', 1, 'x', 1, :value, 1, 1)", value=value)
        assert type(caught.value) is StorageError
        with pytest.raises(StorageError, match="refused") as caught:
            await database.execute("INSERT INTO notes (key, value) VALUES ('a', :value)", value=value)
        assert "secret" not in str(caught.value)
        assert str(2**63) not in str(caught.value)
    assert await count(database) == 0

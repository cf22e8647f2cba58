"""PostgreSQL behind the `Database` seam: a few connections a process, any number of processes."""

import asyncio
import contextlib
import functools
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from urllib.parse import unquote

import asyncpg
from asyncpg.pool import Pool
from asyncpg.pool import PoolConnectionProxy as Connection

from bot.domain.errors import ConfigError, DatabaseUnavailable, StorageError
from storage.database import Row, Value, as_it_is
from storage.postgres_errors import FAILURES, OPENING_FAILURES, translate, translate_opening
from storage.postgres_statement import Statement
from storage.transaction import OpenTransaction

log = logging.getLogger(__name__)

# Strict, so that no part of a password with unquoted characters is taken for a host or a name and then told.
_URL = re.compile(
    r"postgres(?:ql)?://"
    r"(?:[^/?#@:\s]*(?::[^/?#@:\s]*)?@)?"
    r"(?P<hosts>(?:[\w.%~-]+|\[[0-9A-Fa-f:.%\w]+\])?(?::\d+)?(?:,[\w.-]+(?::\d+)?)*)"
    r"/(?P<name>[^/?#@:\s]+)(?:\?[^#\s]*)?"
)
_CONNECTIONS = 5
_CONNECT_SECONDS = 5.0
# The server ends a transaction whose program stands still: frozen inside one it would keep the lock that all
# others wait for. A quarter of the shortest lease that makes sense.
_STILL_SECONDS = 5.0
# How long leaving waits until the server has stopped what was cancelled; after that the connection is closed.
_SETTLE_SECONDS = 2.0
# The number is "reelbot" in ASCII: PostgreSQL's advisory locks are shared by all programs of a database.
_LOCK = int.from_bytes(b"reelbot", "big")
# The level stands here because the server's default may be another: in a snapshot from before the lock was
# granted, the process that waited would not see what the one before it has claimed.
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_EXCLUSIVE = f"{_BEGIN}; SELECT pg_advisory_xact_lock({_LOCK})"
# Not now(), which stands still during a transaction: it may have waited for the lock.
_NOW = "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT) AS now"


async def open_postgres(
    url: str, *, timeout: float = 30.0, clock: Callable[[int], int] = as_it_is
) -> "PostgresDatabase":
    """Connect to the database of the URL, which is never repeated: it holds a password.

    Raises:
        ConfigError: the URL, the user, the password, the database's name or an option is wrong.
        DatabaseUnavailable: the server cannot be reached or does not answer.
    """
    name = _name(url)
    pool = asyncpg.create_pool(
        url,
        min_size=0,  # connected when needed: that a server is away is told to whoever asks, not to the log
        max_size=_CONNECTIONS,
        reset=_leave_as_it_is,
        timeout=min(timeout, _CONNECT_SECONDS),
        command_timeout=timeout,
        server_settings={
            "application_name": "reelbot",
            # The limit stands on the server too: a program that is gone must not keep its locks.
            "statement_timeout": _milliseconds(timeout),
            "idle_in_transaction_session_timeout": _milliseconds(min(timeout, _STILL_SECONDS)),
        },
    )
    try:
        async with asyncio.timeout(timeout):
            await pool
            encoding = await pool.fetchval("SHOW server_encoding")
        if encoding != "UTF8":
            raise ConfigError(f"The database {name} has the encoding {encoding}: create it with UTF8.")
    except BaseException as exc:
        pool.terminate()
        if isinstance(exc, OPENING_FAILURES):
            raise translate_opening(exc, name) from exc
        raise
    return PostgresDatabase(name, pool, timeout=timeout, clock=clock)


class PostgresDatabase:
    """One database of a server; made by `open_postgres`. After a lost connection the next call reconnects."""

    shared = True

    def __init__(self, name: str, pool: Pool, *, timeout: float, clock: Callable[[int], int]) -> None:
        self._name = name
        self._pool = pool
        self._timeout = timeout
        self._clock = clock
        self._closed = False
        self._parse = functools.lru_cache(maxsize=256)(Statement.parse)

    async def fetch_all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run one statement as a transaction and return its rows."""
        async with self._connection() as connection:
            return await self._run(connection, sql, parameters)

    async def execute(self, sql: str, /, **parameters: Value) -> None:
        """Run one statement as a transaction."""
        await self.fetch_all(sql, **parameters)

    @contextlib.asynccontextmanager
    async def transaction(self, *, exclusive: bool = False) -> AsyncIterator[OpenTransaction]:
        """Open a transaction; each of its statements sees what others have committed before it.

        A cancelled COMMIT may still have happened: whoever was cancelled reads the row again.
        """
        async with self._connection() as connection:
            try:
                with self._failures():
                    await connection.execute(_BEGIN_EXCLUSIVE if exclusive else _BEGIN)
                yield OpenTransaction(functools.partial(self._run, connection), _NOW, self._clock)
                with self._failures():
                    outcome = await connection.execute("COMMIT")
                if outcome != "COMMIT":  # after a refused statement PostgreSQL rolls back without an error
                    raise StorageError(f"The database {self._name} has undone a transaction ({outcome}).")
            except BaseException:
                await self._roll_back(connection)
                raise

    async def close(self) -> None:
        """Close the connections; those that are still used are cut off after a moment."""
        if self._closed:
            return
        self._closed = True
        try:
            async with asyncio.timeout(_SETTLE_SECONDS):
                await self._pool.close()
        except FAILURES as exc:  # the pool has cut them off then
            log.info("connections to %s were cut off: %s", self._name, translate(exc, self._name))

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        if self._closed:
            raise DatabaseUnavailable(f"The database {self._name} is closed.")
        with self._failures():
            connection = await self._pool.acquire(timeout=self._timeout)
        try:
            yield connection
        finally:
            # What was cancelled is stopped on the server first, or else the pool cuts the connection off.
            with contextlib.suppress(*FAILURES):
                await self._pool.release(connection, timeout=_SETTLE_SECONDS)

    async def _run(self, connection: Connection, sql: str, parameters: Mapping[str, Value]) -> list[Row]:
        statement = self._parse(sql)
        values = statement.values(parameters)
        with self._failures():
            rows = await connection.fetch(statement.sql, *values)
        return [dict(row) for row in rows]

    async def _roll_back(self, connection: Connection) -> None:
        """Undo what is open, if anything is; cutting off a connection that does not answer undoes it too."""
        try:
            async with asyncio.timeout(_SETTLE_SECONDS):
                await connection.execute("ROLLBACK")
        except BaseException as exc:
            with contextlib.suppress(asyncpg.InterfaceError):  # the server may have closed it already
                connection.terminate()
            if not isinstance(exc, FAILURES):
                raise
            log.info("a transaction ended with its connection: %s", translate(exc, self._name))

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Translate the driver's errors, in the one place where they come in."""
        try:
            yield
        except FAILURES as exc:
            raise translate(exc, self._name) from exc


def _name(url: str) -> str:
    """Return how messages call the database: its name and host, nothing else of the URL."""
    match = _URL.fullmatch(url)
    if match is None:
        raise ConfigError(
            "DATABASE_URL must look like postgresql://user:password@host:5432/reelbot; in a password "
            "each of : / ? # @ % and the space is written as a percent code, such as %40 for @."
        )
    return f"{unquote(match['name'])} at {match['hosts'] or 'the host of the options'}"


def _milliseconds(seconds: float) -> str:
    return str(max(1, int(seconds * 1000)))


async def _leave_as_it_is(connection: Connection) -> None:
    """Spare a round trip a statement: nothing here changes a connection beyond its transaction."""

"""SQLite behind the `Database` seam: one file, one process, one connection, one transaction at a time."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.domain.errors import ConfigError, DatabaseUnavailable, StorageError
from storage.database import Row, Value, as_it_is
from storage.filelock import FileLock
from storage.sqlite_errors import FAILURES, translate
from storage.transaction import OpenTransaction

log = logging.getLogger(__name__)

T = TypeVar("T")

_OLDEST = (3, 35)  # the first with RETURNING
_BUSY_SECONDS = 5.0  # how long SQLite itself waits for a program that reads the file meanwhile
# FULL: a committed job survives a power cut, not only a crash (https://sqlite.org/pragma.html#pragma_synchronous).
_PRAGMAS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON")
# julianday counts whole milliseconds inside, so rounding gives them back exactly.
_NOW = "SELECT CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AS now"


async def open_sqlite(
    path: Path, *, timeout: float = 30.0, clock: Callable[[int], int] = as_it_is
) -> "SqliteDatabase":
    """Open or create the file, alone: a second process is refused.

    Raises:
        ConfigError: the SQLite library is too old.
        DatabaseLocked: another process uses the file.
        DatabaseUnavailable: the file cannot be opened or is no database.
    """
    if sqlite3.sqlite_version_info < _OLDEST:
        raise ConfigError(f"SQLite {sqlite3.sqlite_version} is too old: Reelbot needs 3.35 or newer.")
    path = await asyncio.to_thread(_prepare, path)
    lock = FileLock(path)
    connection: aiosqlite.Connection | None = None
    locking = asyncio.create_task(asyncio.to_thread(lock.acquire))
    try:
        await asyncio.shield(locking)
        connection = await aiosqlite.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
        connection.row_factory = sqlite3.Row
        for pragma in _PRAGMAS:
            await connection.execute_fetchall(pragma)
    except BaseException as exc:
        try:
            if connection is not None:  # its thread would keep the interpreter alive
                await asyncio.shield(connection.close())
        finally:
            # Cancelled meanwhile, the thread goes on: given back before it has it, the lock would stay taken.
            locking.add_done_callback(lambda _: lock.release())
            await asyncio.wait([locking])
        if isinstance(exc, FAILURES):
            raise translate(exc, path) from exc
        raise
    return SqliteDatabase(path, connection, lock, timeout=timeout, clock=clock)


class SqliteDatabase:
    """The database of one file; made by `open_sqlite`."""

    shared = False

    def __init__(
        self,
        path: Path,
        connection: aiosqlite.Connection,
        lock: FileLock,
        *,
        timeout: float,
        clock: Callable[[int], int],
    ) -> None:
        self._path = path
        self._connection = connection
        self._lock = lock
        self._timeout = timeout
        self._clock = clock
        self._turn = asyncio.Lock()
        self._closed = False

    async def fetch_all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run one statement as a transaction and return its rows."""
        async with self._my_turn():
            return await self._run(sql, parameters)

    async def execute(self, sql: str, /, **parameters: Value) -> None:
        """Run one statement as a transaction."""
        await self.fetch_all(sql, **parameters)

    @contextlib.asynccontextmanager
    async def transaction(self, *, exclusive: bool = False) -> AsyncIterator[OpenTransaction]:
        """Open a write transaction; every one of them is exclusive here.

        A cancelled COMMIT may still have happened: whoever was cancelled reads the row again.
        """
        del exclusive
        async with self._my_turn():
            # A cancelled await still runs in the thread, so BEGIN too stands inside the try that rolls back.
            try:
                await self._run("BEGIN IMMEDIATE")
                yield OpenTransaction(self._run, _NOW, self._clock)
                await self._run("COMMIT")
            except BaseException:
                await self._roll_back()
                raise

    async def close(self) -> None:
        """End the thread, close the file and give up its lock."""
        if self._closed:
            return
        self._closed = True
        try:
            # aiosqlite works its queue off in order: what was sent before is done before.
            await asyncio.shield(self._connection.close())
        except FAILURES as exc:
            raise translate(exc, self._path) from exc
        finally:
            self._lock.release()

    @contextlib.asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout):
                await self._turn.acquire()
        except TimeoutError as exc:
            raise self._too_slow() from exc
        try:
            yield
        finally:
            self._turn.release()

    async def _run(self, sql: str, parameters: Mapping[str, Value] | None = None) -> list[Row]:
        # fetchall drains RETURNING; an open cursor would make COMMIT fail.
        rows = await self._answer(lambda: self._connection.execute_fetchall(sql, parameters or {}))
        return [dict(row) for row in rows]

    async def _roll_back(self) -> None:
        """Undo what is open, if anything is.

        The request is in the thread's queue before the first wait, so a second cancellation cannot stop it.
        """
        try:
            await self._answer(self._connection.rollback)
        except StorageError as exc:
            log.warning("a transaction could not be rolled back: %s", exc)

    async def _answer(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Wait for the thread, with a limit; the one place where the driver's errors come in."""
        if self._closed:
            raise DatabaseUnavailable(f"The database {self._path} is closed.")
        try:
            async with asyncio.timeout(self._timeout):
                return await ask()
        except TimeoutError as exc:
            await self._connection.interrupt()  # what is running is ours: it is our turn
            raise self._too_slow() from exc
        except FAILURES as exc:
            raise translate(exc, self._path) from exc

    def _too_slow(self) -> DatabaseUnavailable:
        return DatabaseUnavailable(
            f"The database {self._path} did not answer within {self._timeout:g} s: look at the disk."
        )


def _prepare(path: Path) -> Path:
    """Create the folder and return the one true path, so that two links to a file share a lock."""
    try:
        path = path.expanduser().resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as exc:
        raise DatabaseUnavailable(f"Cannot create the folder of {path} ({exc}).") from exc
    if path.is_dir():
        raise ConfigError(f"DATABASE_URL names the folder {path}: add a file name.")
    return path

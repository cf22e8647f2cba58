"""The seam between the stores and a database: one Protocol, one function that reads the URL."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from bot.domain.errors import ConfigError

Value = str | int | float | None
Row = Mapping[str, Any]

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql:", "postgres:")


def as_it_is(ms: int) -> int:
    """Leave the database's clock alone."""
    return ms


class Transaction(Protocol):
    """Statements that take effect together. SQL is the common subset with `:name` parameters.

    All methods raise `DatabaseUnavailable` when the database cannot answer, `StorageError` when it refuses
    a statement or value.
    """

    async def fetch_all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run one statement and return its rows, `RETURNING` included."""

    async def execute(self, sql: str, /, **parameters: Value) -> None:
        """Run one statement for its effect."""

    async def now_ms(self) -> int:
        """Return the database's clock, milliseconds since 1970 UTC: the only one that leases may use."""


class Database(Protocol):
    """One database, opened. Outside `transaction()` each statement is a transaction of its own."""

    @property
    def shared(self) -> bool:
        """Say whether other processes may have it open too."""

    async def fetch_all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run one statement and return its rows, `RETURNING` included."""

    async def execute(self, sql: str, /, **parameters: Value) -> None:
        """Run one statement for its effect."""

    def transaction(self, *, exclusive: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """Commit at the end of the block, roll back when it raises or is cancelled.

        With `exclusive` no other exclusive transaction runs meanwhile, in any process. Without it others may
        run at the same time, and each statement sees what they have committed before it: what it relies on
        stands in its own WHERE. The block must not call the database itself, only the transaction.
        """

    async def close(self) -> None:
        """Close for good; a second call does nothing."""


async def open_database(
    url: str, *, timeout: float = 30.0, clock: Callable[[int], int] = as_it_is
) -> Database:
    """Open the database of a `DATABASE_URL`.

    It is `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://user:password@host:5432/name`;
    options of asyncpg or the server may follow a question mark, such as `sslmode=require`.

    The schema is not touched: `migrate` brings it up to date. `timeout` is how many seconds one statement
    may take; `clock` turns the milliseconds that the database's clock shows into those that count, so that
    tests can stand at the end of a lease.

    Raises:
        ConfigError: the URL, the user or the password is wrong, or a package is missing.
        DatabaseLocked: another process uses the file.
        DatabaseUnavailable: the file cannot be opened or is no database; the server cannot be reached.
    """
    if url.startswith(_POSTGRES):
        return await _open_postgres(url, timeout, clock)
    from storage.sqlite import open_sqlite

    return await open_sqlite(sqlite_path(url), timeout=timeout, clock=clock)


def sqlite_path(url: str) -> Path:
    """Read the file's path out of the URL. The URL itself is never repeated: it may hold a password.

    Raises:
        ConfigError: the URL names no SQLite file.
    """
    if not url.startswith(_SQLITE):
        raise ConfigError(
            "DATABASE_URL must look like sqlite:///data/reelbot.db (three slashes and a path, "
            "four slashes for an absolute one) or postgresql://user:password@host:5432/reelbot."
        )
    name = url.removeprefix(_SQLITE)
    if not name or name.endswith("/") or name == ":memory:" or not name.isprintable():
        raise ConfigError("DATABASE_URL must name a file, such as sqlite:///data/reelbot.db.")
    if "?" in name:
        raise ConfigError("DATABASE_URL takes no options after a question mark for SQLite: remove them.")
    return Path(name)


async def _open_postgres(url: str, timeout: float, clock: Callable[[int], int]) -> Database:
    try:
        from storage.postgres import open_postgres
    except ModuleNotFoundError as exc:
        if exc.name != "asyncpg":
            raise
        raise ConfigError(
            "DATABASE_URL asks for PostgreSQL, which needs one more package: install reelbot[postgres]."
        ) from exc
    return await open_postgres(url, timeout=timeout, clock=clock)

"""A database that counts what is written into it."""

import contextlib
from collections.abc import AsyncIterator

from storage.database import Database, Row, Transaction, Value

_WRITING = ("INSERT", "UPDATE", "DELETE")


class CountingDatabase:
    """Implements `Database` over another one; `writes` are statements that may change a row."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.writes = 0

    @property
    def shared(self) -> bool:
        """Say whether other processes may have it open too."""
        return self._database.shared

    async def fetch_all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run one statement as a transaction and return its rows."""
        self.count(sql)
        return await self._database.fetch_all(sql, **parameters)

    async def execute(self, sql: str, /, **parameters: Value) -> None:
        """Run one statement as a transaction."""
        self.count(sql)
        await self._database.execute(sql, **parameters)

    @contextlib.asynccontextmanager
    async def transaction(self, *, exclusive: bool = False) -> AsyncIterator[Transaction]:
        """Open a transaction whose statements count too."""
        async with self._database.transaction(exclusive=exclusive) as transaction:
            yield _CountingTransaction(transaction, self)

    async def close(self) -> None:
        """Close the other one."""
        await self._database.close()

    def count(self, sql: str) -> None:
        """Count the statement if it writes."""
        self.writes += sql.lstrip().upper().startswith(_WRITING)


class _CountingTransaction:
    def __init__(self, transaction: Transaction, database: CountingDatabase) -> None:
        self._transaction = transaction
        self._database = database

    async def fetch_all(self, sql: str, /, **parameters: Value) -> list[Row]:
        self._database.count(sql)
        return await self._transaction.fetch_all(sql, **parameters)

    async def execute(self, sql: str, /, **parameters: Value) -> None:
        self._database.count(sql)
        await self._transaction.execute(sql, **parameters)

    async def now_ms(self) -> int:
        return await self._transaction.now_ms()

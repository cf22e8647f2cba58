"""Statements between BEGIN and COMMIT, alike for both databases but for how each tells the time."""

from collections.abc import Awaitable, Callable, Mapping

from storage.database import Row, Value

Run = Callable[[str, Mapping[str, Value]], Awaitable[list[Row]]]


class OpenTransaction:
    """A transaction that is open; `now_sql` is the statement whose column `now` is the database's clock."""

    def __init__(self, run: Run, now_sql: str, clock: Callable[[int], int]) -> None:
        self._run = run
        self._now_sql = now_sql
        self._clock = clock

    async def fetch_all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run one statement and return its rows."""
        return await self._run(sql, parameters)

    async def execute(self, sql: str, /, **parameters: Value) -> None:
        """Run one statement for its effect."""
        await self._run(sql, parameters)

    async def now_ms(self) -> int:
        """Return the database's clock, milliseconds since 1970 UTC."""
        rows = await self._run(self._now_sql, {})
        now: int = rows[0]["now"]
        return self._clock(now)

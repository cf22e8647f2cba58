"""The jobs table as figures are counted from it: implements `bot.jobs.stats.RunStore` over any `Database`."""

import asyncio
from collections.abc import Sequence

from bot.domain.states import JobState
from bot.domain.stats import Run
from storage.database import Database, Row
from storage.queries import load_queries


class SqlRunStore:
    """A few columns of each render."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("stats")

    async def of_server(self, guild_id: int, *, since: int, limit: int) -> list[Run]:
        """Return the server's renders that were asked for since then, at most `limit`, newest first."""
        rows = await self._database.fetch_all(
            self._sql["of_server"], guild_id=guild_id, since=since, limit=limit
        )
        return await asyncio.to_thread(_runs, rows)

    async def of_direct_messages(self, user_id: int, *, since: int, limit: int) -> list[Run]:
        """Return what the member has asked for in direct messages, in the same way."""
        rows = await self._database.fetch_all(
            self._sql["of_direct_messages"], user_id=user_id, since=since, limit=limit
        )
        return await asyncio.to_thread(_runs, rows)


def _runs(rows: Sequence[Row]) -> list[Run]:
    return [
        Run(
            model=row["model"],
            user_id=row["user_id"],
            created_at=row["created_at"],
            state=JobState(row["state"]),
            waited=row["waited"],
            took=row["took"],
        )
        for row in rows
    ]

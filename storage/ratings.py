"""Votes by emoji: implements `bot.ports.RatingStore` over any `Database`."""

from collections.abc import Collection, Mapping

from bot.domain.job import JobId
from bot.domain.ratings import Tally
from storage.database import Database
from storage.queries import load_queries


class SqlRatingStore:
    """One vote a person and job. Votes on unknown jobs raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("ratings")

    async def vote(self, job_id: JobId, user_id: int, value: int, at: int) -> None:
        """Record the person's vote; the last one wins."""
        await self._database.execute(self._sql["vote"], job_id=job_id, user_id=user_id, value=value, at=at)

    async def retract(self, job_id: JobId, user_id: int, value: int | None = None) -> None:
        """Remove the person's vote; with `value` only if it is that one."""
        if value is None:
            await self._database.execute(self._sql["retract"], job_id=job_id, user_id=user_id)
        else:
            sql = self._sql["retract_value"]
            await self._database.execute(sql, job_id=job_id, user_id=user_id, value=value)

    async def clear(self, job_id: JobId, value: int | None = None) -> None:
        """Remove all votes of the job, or all of one value."""
        if value is None:
            await self._database.execute(self._sql["clear"], job_id=job_id)
        else:
            await self._database.execute(self._sql["clear_value"], job_id=job_id, value=value)

    async def replace(self, job_id: JobId, votes: Mapping[int, Collection[int]], at: int) -> None:
        """Make the table equal to what the message shows: user id -> values whose emoji that person holds.

        A person holding several keeps the vote in the table if it is one of them, else gets the last of them.
        Votes that stay keep their time.
        """
        # Exclusive, because two of them could lock the same rows in another order and wait for each other.
        async with self._database.transaction(exclusive=True) as transaction:
            rows = await transaction.fetch_all(self._sql["of_job"], job_id=job_id)
            table: dict[int, int] = {row["user_id"]: row["value"] for row in rows}
            for user_id in table:
                if not votes.get(user_id):
                    await transaction.execute(self._sql["retract"], job_id=job_id, user_id=user_id)
            for user_id, held in votes.items():
                if held and table.get(user_id) not in held:
                    value = list(held)[-1]
                    await transaction.execute(
                        self._sql["vote"], job_id=job_id, user_id=user_id, value=value, at=at
                    )

    async def tally(self, job_id: JobId) -> Tally:
        """Count the votes."""
        rows = await self._database.fetch_all(self._sql["tally"], job_id=job_id)
        return Tally(
            up=sum(row["people"] for row in rows if row["value"] > 0),
            down=sum(row["people"] for row in rows if row["value"] < 0),
        )

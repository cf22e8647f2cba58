"""Stars on videos: implements `bot.ports_posting.FavouriteStore` over any `Database`."""

from bot.domain.job import Job, JobId
from storage.database import Database
from storage.queries import load_queries
from storage.rows import job_from_row


class SqlFavouriteStore:
    """One star a person and job. Stars on unknown jobs raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("favourites")

    async def of_message(self, message_id: int) -> Job | None:
        """Return the job whose video or status stands in this message; a clip of a board by its video."""
        rows = await self._database.fetch_all(self._sql["of_message"], message_id=message_id)
        return job_from_row(rows[0]) if rows else None

    async def add(self, job_id: JobId, user_id: int, at: int) -> None:
        """Keep a person's star; a second one changes nothing."""
        await self._database.execute(self._sql["add"], job_id=job_id, user_id=user_id, at=at)

    async def remove(self, job_id: JobId, user_id: int) -> None:
        """Forget a person's star."""
        await self._database.execute(self._sql["remove"], job_id=job_id, user_id=user_id)

    async def clear(self, job_id: JobId) -> None:
        """Forget all stars of the job."""
        await self._database.execute(self._sql["clear"], job_id=job_id)

    async def replace(self, job_id: JobId, user_ids: frozenset[int], at: int) -> None:
        """Make the table equal to who holds a star; those that stay keep their time."""
        # Exclusive, because two of them could lock the same rows in another order and wait for each other.
        async with self._database.transaction(exclusive=True) as transaction:
            rows = await transaction.fetch_all(self._sql["of_job"], job_id=job_id)
            table = {row["user_id"] for row in rows}
            for user_id in table - user_ids:
                await transaction.execute(self._sql["remove"], job_id=job_id, user_id=user_id)
            for user_id in user_ids - table:
                await transaction.execute(self._sql["add"], job_id=job_id, user_id=user_id, at=at)

    async def stars(self, job: Job) -> int:
        """Count the stars of others than the author."""
        sql = self._sql["stars"]
        [row] = await self._database.fetch_all(sql, job_id=job.id, author=job.user_id)
        return int(row["stars"])

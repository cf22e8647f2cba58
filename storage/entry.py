"""How a job comes into its table, once and within the limits, and how its moves are recorded."""

from bot.domain.errors import StorageError
from bot.domain.job import Job, JobId, short_id
from bot.domain.settings import GuildSettings
from bot.domain.states import JobState
from storage.database import Transaction
from storage.queries import load_queries
from storage.rows import job_from_row, job_values

_SALTS = 32  # a million jobs take 3 % of the short ids: 32 collisions in a row do not happen


class SqlEntry:
    """Statements that need a transaction of their caller's."""

    def __init__(self) -> None:
        self._sql = load_queries("jobs")

    async def insert(self, transaction: Transaction, job: Job, limits: GuildSettings | None = None) -> Job:
        """Insert the job and return the row as it stands; a known id returns the earlier row unchanged.

        Raises:
            QuotaExceeded: as many wait as the limits allow.
        """
        for salt in range(_SALTS):
            code = short_id(job.id, salt) if salt else job.short_id
            values = job_values(job) | {"short_id": code}
            rows = await transaction.fetch_all(self._sql["insert"], **values)
            if rows:
                if limits is not None:
                    await self._check_waiting(transaction, job, limits)
                await self.record(transaction, job.id, None, job.state, job.created_at)
                return job_from_row(rows[0])
            earlier = await transaction.fetch_all(self._sql["by_id"], id=job.id)
            if earlier:
                return job_from_row(earlier[0])
        raise StorageError(f"no short id is free for job {job.id}")

    async def count_waiting(
        self, transaction: Transaction, guild_id: int | None, user_id: int | None = None
    ) -> int:
        """Count the queued jobs of a server (None: direct messages) or of one member in it."""
        place = guild_id or 0
        if user_id is None:
            rows = await transaction.fetch_all(self._sql["count_waiting"], guild_id=place)
        else:
            sql = self._sql["count_waiting_of_member"]
            rows = await transaction.fetch_all(sql, guild_id=place, user_id=user_id)
        waiting: int = rows[0]["waiting"]
        return waiting

    async def record(
        self,
        transaction: Transaction,
        job_id: JobId,
        origin: JobState | None,
        target: JobState,
        at: int,
        note: str = "",
    ) -> None:
        """Write a line of the job's history."""
        await transaction.execute(
            self._sql["add_event"],
            job_id=job_id,
            at=at,
            from_state=None if origin is None else origin.value,
            to_state=target.value,
            note=note,
        )

    async def _check_waiting(self, transaction: Transaction, job: Job, limits: GuildSettings) -> None:
        """Undo the transaction if the job that it has just inserted is one too many."""
        guild_id = job.place.guild_id
        limits.check_waiting(
            member=await self.count_waiting(transaction, guild_id, job.user_id) - 1,
            server=await self.count_waiting(transaction, guild_id) - 1,
        )

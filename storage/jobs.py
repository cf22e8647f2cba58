"""The jobs table: implements `bot.ports.JobStore` over any `Database`."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.errors import StaleJob
from bot.domain.job import Job, JobEvent, JobId, WorkerId
from bot.domain.line import Turn
from bot.domain.settings import GuildSettings
from bot.domain.states import DRIVEN, TERMINAL, JobState, check_decision, check_transition
from storage.clips import SqlClips
from storage.database import Database, Row, Transaction
from storage.entry import SqlEntry
from storage.line import SqlLine
from storage.queries import load_queries
from storage.rows import event_from_row, job_from_row, job_values

_FOREVER = 1 << 60
"""A time after all others, milliseconds."""


class SqlJobStore:
    """Jobs, their history and the leases of processes (reference: jobs, "The design to build")."""

    def __init__(self, database: Database, *, machine: str | None = None) -> None:
        self._database = database
        self._machine = machine
        self._sql = load_queries("jobs")
        self._line = SqlLine()
        self._entry = SqlEntry()
        self._clips = SqlClips()

    async def add(self, job: Job, limits: GuildSettings | None = None) -> Job:
        """Insert the job and return the row as it stands; a known id returns the earlier row unchanged.

        Raises:
            QuotaExceeded: as many wait as the limits allow.
        """
        # Exclusive where it counts, so that two at the same time do not both see the last free place.
        async with self._database.transaction(exclusive=limits is not None) as transaction:
            return await self._entry.insert(transaction, job, limits)

    async def get(self, job_id: JobId) -> Job | None:
        """Return the job of this id."""
        return _one(await self._database.fetch_all(self._sql["by_id"], id=job_id))

    async def by_short_id(self, short_id: str) -> Job | None:
        """Return the job that members call so."""
        return _one(await self._database.fetch_all(self._sql["by_short_id"], short_id=short_id))

    async def by_result_message(self, message_id: int) -> Job | None:
        """Return the job whose video stands in this message."""
        return _one(await self._database.fetch_all(self._sql["by_result_message"], message_id=message_id))

    async def save(self, before: Job, after: Job, note: str = "") -> Job:
        """Write `after` over `before` while the row still has its fence and state; return the row.

        A job that would wait in the queue with the cancel flag set is cancelled at once, because nobody
        would ever start it; the returned state says so.

        Raises:
            StaleJob: another process has claimed the job, or its state has moved.
            ValueError: the move is not in the table, or the ids differ; a programming error.
        """
        check_transition(before.state, after.state)
        if (before.id, before.short_id) != (after.id, after.short_id):
            raise ValueError(f"job {before.id} cannot be saved as {after.id}")
        values = job_values(after) | {
            "fence": before.fence,
            "before_state": before.state.value,
            "keep_owner": int(after.owner is not None and _is_held(after)),
        }
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch_all(self._sql["save"], **values)
            if not rows:
                raise StaleJob(f"job {before.id} is not {before.state} with fence {before.fence} any more")
            job = job_from_row(rows[0])
            if after.state is not before.state:
                at = await transaction.now_ms()
                await self._entry.record(transaction, job.id, before.state, after.state, at, note)
            if job.state in TERMINAL:
                await self._clips.follow(transaction, job)
            if job.state is JobState.QUEUED and job.cancel_requested:
                return await self._cancel(transaction, job.id) or job
        return job

    async def decide(self, before: Job, after: Job, note: str) -> Job:
        """Write what a person decided, while the row still has the fence and state of `before`.

        The decision is recorded with its note, earlier wishes to cancel are over, and the new fence shuts
        out whoever still holds the old row.

        Raises:
            StaleJob: the job has moved on; somebody else may have decided.
            ValueError: nobody may decide so; a programming error.
        """
        check_decision(before.state, after.state)
        values = job_values(after) | {
            "id": before.id,
            "fence": before.fence,
            "before_state": before.state.value,
            "keep_owner": 0,
        }
        async with self._database.transaction() as transaction:
            if not await transaction.fetch_all(self._sql["save"], **values):
                raise StaleJob(f"job {before.id} is not {before.state} with fence {before.fence} any more")
            rows = await transaction.fetch_all(self._sql["begin_anew"], id=before.id)
            at = await transaction.now_ms()
            await self._entry.record(transaction, before.id, before.state, after.state, at, note)
            job = job_from_row(rows[0])
            await self._clips.follow(transaction, job)
        return job

    async def claim(
        self, worker: WorkerId, slots: Mapping[str, int], now: int, *, alone: bool = False
    ) -> list[Job]:
        """Take over driven jobs whose owner is gone, then start queued ones where there are free slots.

        Only a process with a live lease should claim: without one its jobs are orphans again at once.
        """
        async with self._database.transaction(exclusive=True) as transaction:
            orphans = await self._line.take_over(transaction, worker, list(slots), now, alone=alone)
            started = _all(await self._line.start(transaction, worker, slots, now))
            for job in started:
                await self._entry.record(transaction, job.id, JobState.QUEUED, job.state, now)
        return _all(orphans) + started

    async def claim_ends(self, worker: WorkerId, limit: int = 500) -> list[Job]:
        """Take over ended and UNSURE jobs whose status message may not say so and which nobody is closing."""
        async with self._database.transaction(exclusive=True) as transaction:
            return _all(await self._line.take_over_ends(transaction, worker, limit))

    async def beat(self, worker: WorkerId, ttl_ms: int) -> frozenset[JobId]:
        """Renew the process's lease by the database's clock; return its own jobs with the cancel flag set."""
        async with self._database.transaction() as transaction:
            expires_at = await transaction.now_ms() + ttl_ms
            values = {"expires_at": expires_at, "machine": self._machine}
            await transaction.execute(self._sql["beat"], worker=worker, **values)
            rows = await transaction.fetch_all(self._sql["cancel_flags"], worker=worker)
        return frozenset(JobId(row["id"]) for row in rows)

    async def leave(self, worker: WorkerId) -> None:
        """End the process's lease: its jobs may be claimed at once."""
        await self._database.execute(self._sql["leave"], worker=worker)

    async def expire_other_workers(self, worker: WorkerId) -> None:
        """End every other lease: for a database that only one process may open."""
        await self._database.execute(self._sql["expire_others"], worker=worker)

    async def request_cancel(self, job_id: JobId) -> Job | None:
        """Set the cancel flag; a QUEUED job becomes CANCELLED at once. Return the row, None if unknown.

        Where the job can no longer be cancelled, the row is returned unchanged.
        """
        async with self._database.transaction() as transaction:
            job = await self._cancel(transaction, job_id)
            return job or _one(await transaction.fetch_all(self._sql["by_id"], id=job_id))

    async def is_first(self, worker: WorkerId) -> bool:
        """Say whether the process is the first of those alive."""
        async with self._database.transaction() as transaction:
            return await self._line.is_first(transaction, worker)

    async def line(self, limit: int = 1000) -> list[Job]:
        """Return the queued jobs in the order in which they would start if their providers were free."""
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            return [job for job, _ in await self._forecast(transaction, {}, now, limit)]

    async def forecast(self, slots: Mapping[str, int], now: int, limit: int = 100) -> list[tuple[Job, Turn]]:
        """Return the first queued jobs in the order in which they will start, and when."""
        async with self._database.transaction() as transaction:
            return await self._forecast(transaction, slots, now, limit)

    async def active(self, *, guild_id: int | None, user_id: int | None = None) -> list[Job]:
        """Return jobs that have not ended, of a server (None: direct messages) or of one member in it."""
        place = guild_id or 0
        if user_id is None:
            return _all(await self._database.fetch_all(self._sql["active_in_place"], guild_id=place))
        sql = self._sql["active_of_member"]
        return _all(await self._database.fetch_all(sql, guild_id=place, user_id=user_id))

    async def count_waiting(self, *, guild_id: int | None, user_id: int | None = None) -> int:
        """Count the queued jobs of a server (None: direct messages) or of one member in it."""
        async with self._database.transaction() as transaction:
            return await self._entry.count_waiting(transaction, guild_id, user_id)

    async def close_status(self, job: Job) -> None:
        """Note that the status message shows the end of this row, unless a person has decided meanwhile."""
        await self._database.execute(self._sql["close_status"], id=job.id, fence=job.fence)

    async def reopen_status(self, job: Job) -> bool:
        """Have the end of the job shown again, unless it has not ended or its owner in this row shows it.

        Say whether that will be.
        """
        sql = self._sql["reopen_status"]
        return bool(await self._database.fetch_all(sql, id=job.id, owner=job.owner or "nobody"))

    async def make_due(self, provider: str, remote_id: str) -> list[JobId]:
        """Let the jobs that wait for this render be asked about now; return them."""
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch_all(
                self._sql["make_due"],
                provider=provider,
                remote_id=remote_id,
                now=await transaction.now_ms(),
            )
        return [JobId(row["id"]) for row in rows]

    async def known_remote_ids(self, provider: str, ids: Collection[str]) -> frozenset[str]:
        """Return those of the ids that belong to jobs already."""
        known = set()
        async with self._database.transaction() as transaction:
            for remote_id in ids:
                sql = self._sql["by_remote_id"]
                if await transaction.fetch_all(sql, provider=provider, remote_id=remote_id):
                    known.add(remote_id)
        return frozenset(known)

    async def history(self, job_id: JobId) -> list[JobEvent]:
        """Return the job's events, oldest first."""
        rows = await self._database.fetch_all(self._sql["history"], job_id=job_id)
        return [event_from_row(row) for row in rows]

    async def recently_delivered(
        self, since: int, limit: int = 200, *, before: Job | None = None
    ) -> list[Job]:
        """Return delivered jobs finished since then, newest first; with `before` the page after that job."""
        at, job_id = (_FOREVER, "") if before is None else (before.finished_at or 0, before.id)
        sql = self._sql["recently_delivered"]
        rows = await self._database.fetch_all(sql, since=since, before_at=at, before_id=job_id, limit=limit)
        return _all(rows)

    async def _forecast(
        self, transaction: Transaction, slots: Mapping[str, int], now: int, limit: int
    ) -> list[tuple[Job, Turn]]:
        turns = await self._line.forecast(transaction, slots, now, limit)
        rows = [await transaction.fetch_all(self._sql["by_id"], id=turn.job_id) for turn in turns]
        found = zip(map(_one, rows), turns, strict=True)
        return [(job, turn) for job, turn in found if job is not None and job.state is JobState.QUEUED]

    async def _cancel(self, transaction: Transaction, job_id: JobId) -> Job | None:
        """Set the flag where it still counts; None if the job is unknown or past it."""
        now = await transaction.now_ms()
        job = _one(await transaction.fetch_all(self._sql["request_cancel"], id=job_id, now=now))
        if job is not None and job.state is JobState.CANCELLED:
            await self._entry.record(transaction, job_id, JobState.QUEUED, job.state, now)
            await self._clips.follow(transaction, job)
        return job


def _is_held(job: Job) -> bool:
    """Say whether a process has the job in hand: driving it, or showing its end."""
    return job.state in DRIVEN or (job.state is not JobState.QUEUED and not job.status_closed)


def _one(rows: Sequence[Row]) -> Job | None:
    return job_from_row(rows[0]) if rows else None


def _all(rows: Sequence[Row]) -> list[Job]:
    return [job_from_row(row) for row in rows]

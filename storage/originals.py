"""Which files the jobs need: implements `bot.jobs.housekeeping.OriginalStore` over any `Database`."""

from bot.domain.home import Home
from bot.domain.job import Job, JobId
from storage.database import Database
from storage.queries import load_queries
from storage.rows import job_from_row


class SqlOriginalStore:
    """The jobs table, asked about the files of one machine's folder."""

    def __init__(self, database: Database, home: Home | None = None) -> None:
        self._database = database
        self._home = home or Home()
        self._sql = load_queries("originals")
        self._pictures = load_queries("pictures")
        self._boards = load_queries("boards")

    async def in_work(self) -> frozenset[JobId]:
        """Return the jobs that have not ended: every file of theirs is needed."""
        return frozenset(JobId(row["id"]) for row in await self._database.fetch_all(self._sql["in_work"]))

    async def kept_names(self) -> frozenset[str]:
        """Return the originals that rows promise to be here, and every picture of a row."""
        home = self._home
        rows = await self._database.fetch_all(
            self._sql["kept"], machine=home.machine, shared=int(home.shared)
        )
        return frozenset(row["name"] for row in rows)

    async def drop_drafts(self, before: int) -> None:
        """Forget drafts and proposals of before that moment (ms) that nobody decided."""
        await self._database.execute(self._sql["drop_drafts"], before=before)
        await self._database.execute(self._boards["drop_proposals"], before=before)
        await self._database.execute(self._boards["drop_clips"])

    async def drop_pictures(self, before: int) -> None:
        """Forget pictures of before that moment (ms) on their way to jobs that have ended."""
        await self._database.execute(self._pictures["drop"], before=before)

    async def droppable(self, *, failed_before: int, after: Job | None, limit: int = 100) -> list[Job]:
        """Return ended jobs with an original here, oldest first; undelivered ones only if ended before."""
        rows = await self._database.fetch_all(
            self._sql["droppable"],
            machine=self._home.machine,
            failed_before=failed_before,
            at=-1 if after is None else after.finished_at,
            id="" if after is None else after.id,
            limit=limit,
        )
        return [job_from_row(row) for row in rows]

    async def forget(self, job: Job) -> bool:
        """Let the row say that the original is gone; False if the job has moved on meanwhile."""
        rows = await self._database.fetch_all(self._sql["forget"], id=job.id, fence=job.fence)
        return bool(rows)

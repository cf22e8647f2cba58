"""The jobs table, asked who was made from whom: implements `bot.jobs.lineage.FamilyStore`."""

from bot.domain.job import Job, JobId
from storage.database import Database
from storage.queries import load_queries
from storage.rows import job_from_row


class SqlFamilyStore:
    """Parents, children, and a member's own videos; every method is one indexed statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("family")

    async def ancestors(self, job: Job) -> list[Job]:
        """Return the parent, its parent and so on, nearest first."""
        rows = await self._database.fetch_all(self._sql["ancestors"], id=job.id)
        found = {row["id"]: job_from_row(row) for row in rows}
        line: list[Job] = []
        parent = job.origin.parent
        while parent is not None and parent in found:
            line.append(found.pop(parent))
            parent = line[-1].origin.parent
        return line

    async def descendants(self, job_id: JobId, *, limit: int) -> list[Job]:
        """Return what was made from the video and from those, in the order of their making."""
        rows = await self._database.fetch_all(self._sql["descendants"], id=job_id, limit=limit)
        return [job_from_row(row) for row in rows]

    async def has_children(self, job_id: JobId) -> bool:
        """Say whether anything was made from the video."""
        return bool(await self._database.fetch_all(self._sql["has_children"], id=job_id))

    async def recent_of_member(self, user_id: int, *, limit: int) -> list[Job]:
        """Return the member's delivered videos, newest first."""
        rows = await self._database.fetch_all(self._sql["recent_of_member"], user_id=user_id, limit=limit)
        return [job_from_row(row) for row in rows]

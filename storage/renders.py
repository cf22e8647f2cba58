"""The jobs table seen from the renders: implements `bot.jobs.reconciliation.RenderStore`."""

from collections.abc import Collection, Mapping

from bot.domain.job import Job
from storage.database import Database
from storage.queries import load_queries
from storage.rows import job_from_row


class SqlRenderStore:
    """Which job owns a render, and which jobs own none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("renders")

    async def owners(self, provider: str, remote_ids: Collection[str]) -> Mapping[str, Job]:
        """Return the job of each render that has one."""
        found = {}
        async with self._database.transaction() as transaction:
            for remote_id in remote_ids:
                rows = await transaction.fetch_all(
                    self._sql["of_render"], provider=provider, remote_id=remote_id
                )
                if rows:
                    found[remote_id] = job_from_row(rows[0])
        return found

    async def without_render(self, limit: int) -> list[Job]:
        """Return UNSURE and FAILED jobs that may have been ordered and know of no render, newest first."""
        rows = await self._database.fetch_all(self._sql["without_render"], limit=limit)
        return [job_from_row(row) for row in rows]

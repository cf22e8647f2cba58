"""The jobs table, asked for equal requests: implements `bot.jobs.earlier.EarlierStore`."""

from bot.domain.job import Job
from bot.domain.video import VideoRequest
from storage.database import Database
from storage.queries import load_queries
from storage.rows import job_from_row


class SqlEarlierStore:
    """What was asked for before."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("earlier")

    async def alike(self, *, guild_id: int, provider: str, request: VideoRequest, since: int) -> list[Job]:
        """Return jobs of the server that were delivered there since then (ms), newest first."""
        rows = await self._database.fetch_all(
            self._sql["alike"],
            guild_id=guild_id,
            provider=provider,
            since=since,
            prompt=request.prompt,
            size=str(request.size),
            seconds=request.seconds,
            model=request.model,
            seed=-1 if request.seed is None else request.seed,
            negative=request.negative or "",
            audio=-1 if request.audio is None else int(request.audio),
        )
        return [job_from_row(row) for row in rows]

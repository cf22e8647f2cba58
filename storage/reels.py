"""What reels choose from: implements `bot.ports_reel.ReelStore` over any `Database`."""

from bot.domain.job import JobId
from bot.domain.reel import Candidate, Period
from storage.database import Database, Value
from storage.queries import load_queries


class SqlReelStore:
    """Reads jobs and votes; keeps nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("reels")

    async def candidates(
        self, guild_id: int, period: Period, *, user_id: int | None = None
    ) -> list[Candidate]:
        """Return the server's videos with votes that were delivered in the period."""
        rows = await self._database.fetch_all(
            self._sql["candidates"], **_within(guild_id, period), user_id=user_id
        )
        return [
            Candidate(
                job_id=JobId(row["id"]),
                user_id=row["user_id"],
                votes=row["votes"],
                total=row["total"],
                finished_at=row["finished_at"],
            )
            for row in rows
        ]

    async def delivered(self, guild_id: int, period: Period, *, user_id: int | None = None) -> int:
        """Count what `candidates` chooses from, with votes or without."""
        rows = await self._database.fetch_all(
            self._sql["delivered"], **_within(guild_id, period), user_id=user_id
        )
        videos: int = rows[0]["videos"]
        return videos


def _within(guild_id: int, period: Period) -> dict[str, Value]:
    return {"guild_id": guild_id, "since": period.start, "until": period.end}

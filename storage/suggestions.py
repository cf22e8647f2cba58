"""How choices were voted on: implements `bot.jobs.suggestions.ChoiceStore` over any `Database`."""

from bot.domain.suggestions import Voted
from storage.database import Database
from storage.queries import load_queries


class SqlChoiceStore:
    """The votes on a server's videos, added up by what was chosen for them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("suggestions")

    async def voted(self, guild_id: int, *, since: int) -> list[Voted]:
        """Return what was chosen for the server's rendered videos since then, with the votes that count."""
        rows = await self._database.fetch_all(self._sql["voted"], guild_id=guild_id, since=since)
        return [
            Voted(
                style=row["style"],
                model=row["model"],
                seconds=row["seconds"],
                votes=row["votes"],
                total=row["total"],
            )
            for row in rows
        ]

"""Votes added up for a server: implements `bot.ports_trends.TrendStore` over any `Database`."""

from bot.domain.trends import CriterionShare, Dimension, Remark, Share, TrendQuery
from storage.database import Database, Value
from storage.queries import load_queries


class SqlTrendStore:
    """Every method is one statement that reads the server's jobs by their index, and votes job by job."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("trends")

    async def shares(self, wanted: TrendQuery) -> list[Share]:
        """Return the shares of every dimension, in no order; those without votes too."""
        rows = await self._database.fetch_all(self._sql["shares"], **_values(wanted))
        return [
            Share(
                dimension=Dimension(row["dimension"]),
                label=row["label"],
                videos=row["videos"],
                votes=row["votes"],
                total=row["total"],
            )
            for row in rows
        ]

    async def criteria(self, wanted: TrendQuery) -> list[CriterionShare]:
        """Return what people say in detail, by kind and criterion."""
        rows = await self._database.fetch_all(self._sql["criteria"], **_values(wanted))
        return [
            CriterionShare(
                kind=row["kind"], criterion=row["criterion"], people=row["people"], total=row["total"]
            )
            for row in rows
        ]

    async def remarks(self, wanted: TrendQuery, *, limit: int) -> list[Remark]:
        """Return what people wrote, newest first."""
        rows = await self._database.fetch_all(self._sql["remarks"], **_values(wanted), limit=limit)
        return [Remark(user_id=row["user_id"], text=row["comment"]) for row in rows]


def _values(wanted: TrendQuery) -> dict[str, Value]:
    provider, _, model = (wanted.model or "").partition("/")
    return {
        "guild_id": wanted.guild_id,
        "since": wanted.since,
        "member": wanted.member,
        "provider": None if wanted.model is None else provider,
        "model": None if wanted.model is None else model,
    }

"""The seam to what adds up votes."""

from typing import Protocol

from bot.domain.trends import CriterionShare, Remark, Share, TrendQuery


class TrendStore(Protocol):
    """Votes and ratings in detail, added up; all methods raise `DatabaseUnavailable` when it fails."""

    async def shares(self, wanted: TrendQuery) -> list[Share]:
        """Return the shares of every dimension, in no order; those without votes too."""

    async def criteria(self, wanted: TrendQuery) -> list[CriterionShare]:
        """Return what people say in detail, by kind and criterion."""

    async def remarks(self, wanted: TrendQuery, *, limit: int) -> list[Remark]:
        """Return what people wrote, newest first."""

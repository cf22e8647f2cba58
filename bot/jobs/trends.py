"""What rates well on a server: everything that one picture of it shows."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.bradley_terry import Strength, strengths
from bot.domain.chart import Chart
from bot.domain.comparison import Outcomes
from bot.domain.themes import MOST_THEMES, Theme, frequent_words
from bot.domain.trends import Bucket, CriterionShare, Period, Remark, Share, TrendQuery, over_time, whole
from bot.ports import Clock
from bot.ports_media import MediaTools
from bot.ports_prompt import ThemeFinder
from bot.ports_trends import TrendStore

log = logging.getLogger(__name__)

MOST_REMARKS = 500
READ_ALOUD = 6_000
"""Characters of what people wrote that a language model is given, the newest first."""
FEWEST_REMARKS = 3
PATIENCE = 8.0
"""Seconds for a language model; somebody waits for the whole picture."""
QUIET = 600_000
"""For so many milliseconds a language model is not asked about one server again: each answer may cost."""
_REMEMBERED = 200


class ComparisonResults(Protocol):
    """What comparisons tell."""

    async def outcomes(self, guild_id: int, since: int) -> Outcomes:
        """Return the votes of ended comparisons that were begun since then (ms)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """Figures of a server in a period. `styles` and `models` are what blind comparisons say of them."""

    query: TrendQuery
    period: Period
    shares: Sequence[Share]
    course: Sequence[Bucket]
    criteria: Sequence[CriterionShare]
    themes: Sequence[Theme]
    styles: Mapping[str, Strength]
    models: Mapping[str, Strength]

    @property
    def whole(self) -> Share:
        """All videos together."""
        return whole(self.shares)

    @property
    def empty(self) -> bool:
        """Whether nobody has said anything yet."""
        return not (self.whole.votes or self.criteria or self.styles or self.models)


class TrendService:
    """The use case of trends. What a language model said is remembered in memory alone."""

    def __init__(
        self,
        *,
        store: TrendStore,
        media: MediaTools,
        clock: Clock,
        comparisons: ComparisonResults | None = None,
        finder: ThemeFinder | None = None,
    ) -> None:
        self._store = store
        self._media = media
        self._comparisons = comparisons
        self._finder = finder
        self._clock = clock
        self._said: dict[str, tuple[Theme, ...]] = {}
        self._asked: dict[int, int] = {}

    async def trends(
        self, guild_id: int, *, period: Period, member: int | None = None, model: str | None = None
    ) -> Trends:
        """Add up the server's votes: of the videos of a member or by a model's address, or of all."""
        now = self._clock.now()
        query = TrendQuery(guild_id=guild_id, since=period.since(now), member=member, model=model)
        shares = await self._store.shares(query)
        styles, models = await self._strengths(query)
        return Trends(
            query=query,
            period=period,
            shares=shares,
            course=over_time(shares, since=query.since, now=now),
            criteria=await self._store.criteria(query),
            themes=await self._themes(query, now),
            styles=styles,
            models=models,
        )

    async def draw(self, chart: Chart) -> bytes:
        """Draw the figures as a JPEG; raise `CannotFit` where that fails."""
        return await self._media.chart(chart)

    async def _strengths(self, query: TrendQuery) -> tuple[Mapping[str, Strength], Mapping[str, Strength]]:
        """Rate styles and models by comparisons; two videos have two authors, so that no filter fits them."""
        if self._comparisons is None or query.member is not None or query.model is not None:
            return {}, {}
        found = await self._comparisons.outcomes(query.guild_id, query.since)
        return await asyncio.to_thread(strengths, found.styles), await asyncio.to_thread(
            strengths, found.models
        )

    async def _themes(self, query: TrendQuery, now: int) -> tuple[Theme, ...]:
        remarks = await self._store.remarks(query, limit=MOST_REMARKS)
        said = await self._told(query.guild_id, remarks, now)
        return said if said is not None else await asyncio.to_thread(frequent_words, remarks)

    async def _told(self, guild_id: int, remarks: Sequence[Remark], now: int) -> tuple[Theme, ...] | None:
        """Return what a language model makes of them; None where none is set, fails, or was just asked."""
        texts = _within(remarks, READ_ALOUD)
        if self._finder is None or len(texts) < FEWEST_REMARKS:
            return None
        key = hashlib.sha256("\n".join(texts).encode()).hexdigest()
        known = self._said.get(key)
        if known is not None or self._asked.get(guild_id, now - QUIET) > now - QUIET:
            return known
        self._asked = {guild: at for guild, at in self._asked.items() if at > now - QUIET} | {guild_id: now}
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._finder.themes(texts, MOST_THEMES)
        except TimeoutError:
            log.warning("no themes from the language model within %g s", PATIENCE)
            return None
        if found is None:
            return None
        if len(self._said) >= _REMEMBERED:
            self._said.clear()
        themes = self._said[key] = tuple(Theme(text=text) for text in found[:MOST_THEMES])
        return themes


def _within(remarks: Sequence[Remark], most: int) -> list[str]:
    """Return the first texts that fit together, each in one line."""
    texts = []
    for remark in remarks:
        text = " ".join(remark.text.split())
        most -= len(text) + 1
        if most < 0:
            break
        texts.append(text)
    return texts

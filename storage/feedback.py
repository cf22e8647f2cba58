"""What servers set about feedback: implements `bot.ports_feedback.FeedbackStore` over any `Database`."""

import json

from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.ratings import RatingStyle, Scale
from storage.database import Database, Row, Transaction
from storage.queries import load_queries


class SqlFeedbackStore:
    """One row a server that has set anything; guild 0 stands for direct messages."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("feedback")

    async def settings(self, guild_id: int | None) -> FeedbackSettings:
        """Return the server's settings, or the defaults."""
        rows = await self._database.fetch_all(self._sql["settings"], guild_id=guild_id or 0)
        return _settings(rows[0]) if rows else FeedbackSettings(guild_id=guild_id)

    async def save(self, settings: FeedbackSettings) -> None:
        """Keep the server's settings; from now on its authors' votes on their own videos count by them."""
        # Exclusive: a vote that is written meanwhile has read the settings of before.
        async with self._database.transaction(exclusive=True) as transaction:
            guild_id = settings.guild_id or 0
            rows = await transaction.fetch_all(self._sql["settings"], guild_id=guild_id)
            counted = bool(rows[0]["author_votes"]) if rows else FeedbackSettings().author_votes
            await self._save(transaction, settings)
            if counted and not settings.author_votes:
                await transaction.execute(self._sql["uncount_authors"], guild_id=guild_id)
            elif settings.author_votes and not counted:
                await transaction.execute(self._sql["count_authors"], guild_id=guild_id)

    async def with_reels(self) -> list[FeedbackSettings]:
        """Return the settings of servers that want reels."""
        return [_settings(row) for row in await self._database.fetch_all(self._sql["with_reels"])]

    async def _save(self, transaction: Transaction, settings: FeedbackSettings) -> None:
        await transaction.execute(
            self._sql["save"],
            guild_id=settings.guild_id or 0,
            style=settings.scale.style.value,
            scale=json.dumps(dict(settings.scale.values), ensure_ascii=False),
            author_votes=int(settings.author_votes),
            letter=int(settings.letter),
            favourite=int(settings.favourite),
            removal=int(settings.removal),
            best_channel_id=settings.best_channel_id,
            best_from=settings.best_from,
            reel_every=settings.reel_every.value if settings.reel_every is not None else None,
            reel_channel_id=settings.reel_channel_id,
            reel_since=settings.reel_since,
        )


def _settings(row: Row) -> FeedbackSettings:
    return FeedbackSettings(
        guild_id=row["guild_id"] or None,
        scale=Scale(style=RatingStyle(row["style"]), values=json.loads(row["scale"])),
        author_votes=bool(row["author_votes"]),
        letter=bool(row["letter"]),
        favourite=bool(row["favourite"]),
        removal=bool(row["removal"]),
        best_channel_id=row["best_channel_id"],
        best_from=row["best_from"],
        reel_every=ReelEvery(row["reel_every"]) if row["reel_every"] is not None else None,
        reel_channel_id=row["reel_channel_id"],
        reel_since=row["reel_since"],
    )

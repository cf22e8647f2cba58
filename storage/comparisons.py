"""Blind comparisons: implements `bot.ports_comparison.ComparisonStore` over any `Database`."""

from collections import Counter

from bot.domain.comparison import Comparison, ComparisonId, Outcomes, Side, Votes
from bot.domain.errors import StorageError
from bot.domain.job import Job, JobId, Place
from storage.database import Database, Row
from storage.queries import load_queries
from storage.rows import job_from_row


class SqlComparisonStore:
    """Comparisons and their votes; what must happen once is compare-and-set on the row."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("comparisons")

    async def add(self, comparison: Comparison) -> Comparison:
        """Keep a new comparison; a known id returns the earlier one unchanged."""
        place = comparison.place
        async with self._database.transaction() as transaction:
            await transaction.execute(
                self._sql["add"],
                id=comparison.id,
                guild_id=place.guild_id,
                channel_id=place.channel_id,
                message_id=place.status_message_id,
                user_id=comparison.user_id,
                left_job_id=comparison.left,
                right_job_id=comparison.right,
                enough=comparison.enough,
                ends_at=comparison.ends_at,
                locale=comparison.locale,
                created_at=comparison.created_at,
                due_at=comparison.due_at,
            )
            [row] = await transaction.fetch_all(self._sql["get"], id=comparison.id)
        return _comparison(row)

    async def get(self, key: ComparisonId) -> Comparison | None:
        """Return the comparison of this id."""
        rows = await self._database.fetch_all(self._sql["get"], id=key)
        return _comparison(rows[0]) if rows else None

    async def count_open(self, *, guild_id: int | None, user_id: int) -> int:
        """Count the member's comparisons on the server that have not ended."""
        [row] = await self._database.fetch_all(self._sql["count_open"], guild_id=guild_id, user_id=user_id)
        return int(row["found"])

    async def vote(self, key: ComparisonId, side: Side, user_id: int, at: int) -> Comparison | None:
        """Record a choice; the one that is enough ends the comparison. None where it is not open."""
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch_all(self._sql["lock_open"], id=key, at=at)
            if not rows:
                return None
            chosen = _comparison(rows[0]).video(side)
            await transaction.execute(self._sql["put_vote"], id=key, user_id=user_id, job_id=chosen, at=at)
            ended = await transaction.fetch_all(self._sql["end_where_enough"], id=key, at=at)
        return _comparison((ended or rows)[0])

    async def votes(self, key: ComparisonId) -> Votes:
        """Count the choices.

        Raises:
            StorageError: there is no such comparison.
        """
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch_all(self._sql["get"], id=key)
            people = await transaction.fetch_all(self._sql["votes"], id=key)
        if not rows:
            raise StorageError(f"there is no comparison {key}")
        found = {row["job_id"]: row["people"] for row in people}
        comparison = _comparison(rows[0])
        return Votes(a=found.get(comparison.left, 0), b=found.get(comparison.right, 0))

    async def end(self, key: ComparisonId, at: int) -> bool:
        """End it; False where it has ended already."""
        return bool(await self._database.fetch_all(self._sql["end"], id=key, at=at))

    async def look_at(self, key: ComparisonId, at: int) -> None:
        """Make it due then, and nobody's."""
        await self._database.execute(self._sql["look_at"], id=key, at=at)

    async def due(self, now: int, limit: int = 20) -> list[Comparison]:
        """Return those that somebody must look at, the longest due first."""
        rows = await self._database.fetch_all(self._sql["due"], now=now, limit=limit)
        return [_comparison(row) for row in rows]

    async def claim(self, key: ComparisonId, seconds: float, due: int) -> Comparison | None:
        """Take it for so long; None where another process has it, or it is not due at that moment (ms)."""
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            until = now + int(seconds * 1000)
            rows = await transaction.fetch_all(self._sql["claim"], id=key, due=due, now=now, until=until)
        return _comparison(rows[0]) if rows else None

    async def hold(self, key: ComparisonId, seconds: float) -> None:
        """Keep what one has claimed."""
        async with self._database.transaction() as transaction:
            until = await transaction.now_ms() + int(seconds * 1000)
            await transaction.execute(self._sql["hold"], id=key, until=until)

    async def free_all(self) -> None:
        """Take back every claim."""
        await self._database.execute(self._sql["free_all"])

    async def opened(self, comparison: Comparison) -> None:
        """Note that the videos stand in the message; it is due at its end."""
        await self._database.execute(self._sql["opened"], id=comparison.id)

    async def settle(self, comparison: Comparison) -> None:
        """Note that the end is shown, unless it has become due anew meanwhile; it is nobody's then."""
        await self._database.execute(self._sql["settle"], id=comparison.id, due_at=comparison.due_at)

    async def remove(self, key: ComparisonId) -> None:
        """Forget a comparison that cannot be shown."""
        await self._database.execute(self._sql["remove"], id=key)

    async def withdraw(self, job_id: JobId, at: int) -> bool:
        """End those with this video and have them shown anew; False where there are none."""
        return bool(await self._database.fetch_all(self._sql["withdraw"], job_id=job_id, at=at))

    async def recent(self, guild_id: int, limit: int) -> list[Job]:
        """Return delivered videos of the server, newest first."""
        rows = await self._database.fetch_all(self._sql["recent"], guild_id=guild_id, limit=limit)
        return [job_from_row(row) for row in rows]

    async def relatives(self, job: Job, limit: int) -> list[Job]:
        """Return delivered videos of the same parent or board, the parent, and the children."""
        rows = await self._database.fetch_all(
            self._sql["relatives"], id=job.id, parent=job.origin.parent, board=job.origin.board, limit=limit
        )
        return [job_from_row(row) for row in rows]

    async def outcomes(self, guild_id: int, since: int) -> Outcomes:
        """Return the votes of ended comparisons that were begun since then (ms)."""
        rows = await self._database.fetch_all(self._sql["outcomes"], guild_id=guild_id, since=since)
        styles: Counter[tuple[str, str]] = Counter()
        models: Counter[tuple[str, str]] = Counter()
        for row in rows:
            if row["style"] != row["other_style"]:
                styles[row["style"], row["other_style"]] += row["games"]
            if row["model"] != row["other_model"]:
                models[row["model"], row["other_model"]] += row["games"]
        return Outcomes(styles=dict(styles), models=dict(models))


def _comparison(row: Row) -> Comparison:
    return Comparison(
        id=ComparisonId(row["id"]),
        place=Place(
            channel_id=row["channel_id"], guild_id=row["guild_id"], status_message_id=row["message_id"]
        ),
        user_id=row["user_id"],
        left=JobId(row["left_job_id"]),
        right=JobId(row["right_job_id"]),
        enough=row["enough"],
        ends_at=row["ends_at"],
        created_at=row["created_at"],
        due_at=row["due_at"],
        locale=row["locale"],
        filled=bool(row["filled"]),
        revealed_at=row["revealed_at"],
        shown=bool(row["shown"]),
        withdrawn=bool(row["withdrawn"]),
    )

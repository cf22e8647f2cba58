"""Votes by emoji: implements `bot.ports.RatingStore` over any `Database`."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.domain.job import JobId
from bot.domain.ratings import Tally
from bot.domain.votes import NORMAL, SUPER, Held, Vote, counting, given, recounted, taken_back
from storage.database import Database, Row, Transaction, Value
from storage.queries import load_queries


class SqlRatingStore:
    """One vote that counts a person and job. Votes on unknown jobs raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("ratings")

    async def vote(
        self, job_id: JobId, user_id: int, emoji: str, value: int | None, at: int, *, kind: int = NORMAL
    ) -> None:
        """Keep that the person gave this plain emoji, which is the vote now.

        Without a value it is worth what it is worth on this video already, or nothing is kept.
        """
        # Exclusive, because what a person holds is read before it is written, and so are the settings.
        async with self._database.transaction(exclusive=True) as transaction:
            if value is None:
                value = (await self._worth(transaction, job_id)).get(emoji)
            if value is not None:
                rows = await transaction.fetch_all(self._sql["of_person"], job_id=job_id, user_id=user_id)
                after = given(_held(rows), emoji, value=value, at=at, kind=kind)
                mute = await self._mute(transaction, job_id)
                await self._write(transaction, job_id, user_id, rows, after, mute)

    async def retract(self, job_id: JobId, user_id: int, emoji: str, *, kind: int = NORMAL) -> None:
        """Keep that the person took this plain emoji back; the one given before it is the vote now."""
        async with self._database.transaction(exclusive=True) as transaction:
            rows = await transaction.fetch_all(self._sql["of_person"], job_id=job_id, user_id=user_id)
            after = taken_back(_held(rows), emoji, kind=kind)
            mute = await self._mute(transaction, job_id)
            await self._write(transaction, job_id, user_id, rows, after, mute)

    async def clear(self, job_id: JobId, emoji: str | None = None) -> None:
        """Forget all votes of the job, or what all hold of one plain emoji."""
        if emoji is None:
            await self._database.execute(self._sql["clear"], job_id=job_id)
            return
        async with self._database.transaction(exclusive=True) as transaction:
            mute = await self._mute(transaction, job_id)
            for user_id, rows in (await self._of_job(transaction, job_id)).items():
                after = taken_back(_held(rows), emoji, kind=NORMAL | SUPER)
                await self._write(transaction, job_id, user_id, rows, after, mute)

    async def replace(
        self, job_id: JobId, shown: Mapping[int, Mapping[str, int]], values: Mapping[str, int], at: int
    ) -> None:
        """Make the table equal to a message: user id -> plain emoji -> kinds; `values` is the scale."""
        async with self._database.transaction(exclusive=True) as transaction:
            worth = await self._worth(transaction, job_id)
            earlier = {emoji: value for emoji, value in worth.items() if emoji not in values}
            people = await self._of_job(transaction, job_id)
            mute = await self._mute(transaction, job_id)
            for user_id in people.keys() | shown.keys():
                rows = people.get(user_id, [])
                after = recounted(_held(rows), shown.get(user_id, {}), {**earlier, **values}, at)
                await self._write(transaction, job_id, user_id, rows, after, mute)

    async def emoji(self, job_id: JobId) -> frozenset[str]:
        """Return the plain emoji that somebody holds in the table."""
        rows = await self._database.fetch_all(self._sql["worth"], job_id=job_id)
        return frozenset(row["emoji"] for row in rows)

    async def tally(self, job_id: JobId) -> Tally:
        """Count the votes."""
        rows = await self._database.fetch_all(self._sql["tally"], job_id=job_id)
        by_value, by_emoji = Counter[int](), Counter[str]()
        for row in rows:
            by_value[row["value"]] += row["people"]
            by_emoji[row["emoji"]] += row["people"]
        return Tally(
            people=by_value.total(),
            total=sum(value * people for value, people in by_value.items()),
            by_value=dict(by_value),
            by_emoji=dict(by_emoji),
        )

    async def _of_job(self, transaction: Transaction, job_id: JobId) -> dict[int, list[Row]]:
        people: dict[int, list[Row]] = {}
        for row in await transaction.fetch_all(self._sql["of_job"], job_id=job_id):
            people.setdefault(row["user_id"], []).append(row)
        return people

    async def _worth(self, transaction: Transaction, job_id: JobId) -> dict[str, int]:
        rows = await transaction.fetch_all(self._sql["worth"], job_id=job_id)
        return {row["emoji"]: row["value"] for row in rows}

    async def _mute(self, transaction: Transaction, job_id: JobId) -> frozenset[int]:
        rows = await transaction.fetch_all(self._sql["mute"], job_id=job_id)
        return frozenset(row["user_id"] for row in rows)

    async def _write(
        self,
        transaction: Transaction,
        job_id: JobId,
        user_id: int,
        rows: Sequence[Row],
        after: Held,
        mute: frozenset[int],
    ) -> None:
        """Write what differs. What counted is uncounted first: two of one person never count together."""
        before = _held(rows)
        counted = next((row["emoji"] for row in rows if row["counts"]), None)
        counts = None if user_id in mute else counting(after)
        key: dict[str, Value] = {"job_id": job_id, "user_id": user_id}
        for emoji in before.keys() - after.keys():
            await transaction.execute(self._sql["remove"], **key, emoji=emoji)
        if counted in after and counted != counts:
            await transaction.execute(self._sql["uncount"], **key, emoji=counted)
        for emoji, vote in after.items():
            newly_counts = emoji == counts and emoji != counted
            if newly_counts or before.get(emoji) != vote:
                await transaction.execute(
                    self._sql["put"],
                    **key,
                    emoji=emoji,
                    value=vote.value,
                    at=vote.at,
                    held=vote.held,
                    counts=int(emoji == counts),
                )


def _held(rows: Sequence[Row]) -> dict[str, Vote]:
    return {row["emoji"]: Vote(value=row["value"], at=row["at"], held=row["held"]) for row in rows}

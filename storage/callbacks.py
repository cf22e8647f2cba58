"""Callbacks of servers and the ends on their way there: implements `bot.jobs.callbacks.CallbackStore`."""

from bot.domain.callback import DAY, Callback, JobEnd
from bot.domain.job import Job, JobId
from bot.domain.states import JobState
from storage.database import Database, Row
from storage.queries import load_queries
from storage.rows import job_from_row

_FAR = 2 * 3_600_000
"""No wait is as long as this, milliseconds."""


class SqlCallbackStore:
    """An outbox over any `Database`, by the database's clock."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("callbacks")

    async def get(self, guild_id: int) -> Callback | None:
        """Return the server's callback."""
        rows = await self._database.fetch_all(self._sql["get"], guild_id=guild_id)
        return _callback(rows[0]) if rows else None

    async def set(self, callback: Callback) -> None:
        """Keep the callback; ends from now on are told, and those the address before did not take."""
        async with self._database.transaction() as transaction:
            now, guild_id = await transaction.now_ms(), callback.guild_id
            await transaction.execute(
                self._sql["set"], guild_id=guild_id, url=callback.url, secret=callback.secret, now=now
            )
            await transaction.execute(self._sql["hurry"], guild_id=guild_id, now=now)

    async def remove(self, guild_id: int) -> bool:
        """Forget the callback and what was on its way; say whether there was one."""
        async with self._database.transaction() as transaction:
            found = await transaction.fetch_all(self._sql["remove"], guild_id=guild_id)
            await transaction.execute(self._sql["drop_open"], guild_id=guild_id)
        return bool(found)

    async def collect(self, since: int) -> int:
        """Take down the ends since then that any server wants to hear of; return the time, ms.

        None older than a day is taken. One that was taken before is not taken again.
        """
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            if await transaction.fetch_all(self._sql["any"]):
                await transaction.execute(self._sql["collect"], since=max(since, now - DAY), now=now)
        return now

    async def claim(self, *, lease_ms: int, limit: int) -> list[tuple[JobEnd, Job, Callback | None]]:
        """Take the next end of each server for so long, at most `limit` of them."""
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            rows = await transaction.fetch_all(
                self._sql["claim"], now=now, far=now + _FAR, until=now + lease_ms, limit=limit
            )
            claimed = []
            for row in rows:
                jobs = await transaction.fetch_all(self._sql["job"], id=row["job_id"])
                callbacks = await transaction.fetch_all(self._sql["get"], guild_id=row["guild_id"])
                callback = _callback(callbacks[0]) if callbacks else None
                claimed += [(_end(row), job_from_row(job), callback) for job in jobs]
        return claimed

    async def done(self, end: JobEnd) -> None:
        """Note that the end was taken, or that nobody wants it any more."""
        await self._database.execute(self._sql["done"], job_id=end.job_id, number=end.number)

    async def put_off(self, end: JobEnd, wait_ms: int, *, whole_server: bool) -> None:
        """Offer the end again after so long; with `whole_server` none of the server's ends before that."""
        async with self._database.transaction() as transaction:
            until = await transaction.now_ms() + wait_ms
            sql = self._sql["put_off"]
            await transaction.execute(sql, job_id=end.job_id, number=end.number, until=until)
            if whole_server:
                await transaction.execute(self._sql["put_off_all"], guild_id=end.guild_id, until=until)

    async def give_up(self) -> list[int]:
        """Stop offering what is older than a day; return whose it was, a server for each end."""
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            given_up = await transaction.fetch_all(self._sql["give_up"], oldest=now - DAY)
            # Twice as long, so that `collect` cannot find an event whose row is gone already.
            await transaction.execute(self._sql["forget"], oldest=now - 2 * DAY)
        return [row["guild_id"] for row in given_up]


def _callback(row: Row) -> Callback:
    return Callback(guild_id=row["guild_id"], url=row["url"], secret=row["secret"])


def _end(row: Row) -> JobEnd:
    return JobEnd(
        job_id=JobId(row["job_id"]),
        number=row["number"],
        guild_id=row["guild_id"],
        state=JobState(row["state"]),
        at=row["at"],
        attempt=row["attempt"],
    )

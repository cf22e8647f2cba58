"""The line in the jobs table: reads what `bot.domain.line` decides on, inside a transaction of the caller."""

from collections.abc import Mapping, Sequence

from bot.domain.job import JobId, WorkerId
from bot.domain.line import LAST_START_COUNTS, Crowd, Length, Member, Running, Turn, Waiting, forecast
from bot.domain.settings import GuildSettings
from bot.domain.states import JobState
from storage.database import Row, Transaction
from storage.queries import load_queries

_EDITS_LAND_MS = 120_000  # a lease, and as long as an edit may wait for Discord
_SAMPLES = 50  # the last so many videos tell how long the next one takes


class SqlLine:
    """Who starts, and who will start when."""

    def __init__(self) -> None:
        self._sql = load_queries("line")

    async def take_over(
        self, transaction: Transaction, worker: WorkerId, providers: Sequence[str], now: int, *, alone: bool
    ) -> list[Row]:
        """Claim the driven jobs of dead processes: those of these providers, and those that need none."""
        await self._forget_dead_workers(transaction)
        rows = []
        for provider in providers:
            sql = self._sql["take_over"]
            rows += await transaction.fetch_all(sql, worker=worker, provider=provider, now=now)
        sql = self._sql["take_over_without_card"]
        return rows + await transaction.fetch_all(sql, worker=worker, alone=int(alone), now=now)

    async def take_over_ends(self, transaction: Transaction, worker: WorkerId, limit: int) -> list[Row]:
        """Claim ended and UNSURE jobs whose status message nobody is bringing up to date."""
        await self._forget_dead_workers(transaction)
        return await transaction.fetch_all(self._sql["take_over_ends"], worker=worker, limit=limit)

    async def is_first(self, transaction: Transaction, worker: WorkerId) -> bool:
        """Say whether the process is the first of those alive."""
        now = await transaction.now_ms()
        rows = await transaction.fetch_all(self._sql["first_worker"], now=now)
        first: str | None = rows[0]["id"]
        return first == worker

    async def start(
        self, transaction: Transaction, worker: WorkerId, slots: Mapping[str, int], now: int
    ) -> list[Row]:
        """Start queued jobs in free slots; the transaction must be exclusive, or the limits are not exact."""
        rows = await transaction.fetch_all(self._sql["slots_used"])
        used: dict[str, int] = {row["provider"]: row["used"] for row in rows}
        free = {provider: cap - used.get(provider, 0) for provider, cap in slots.items()}
        heads = {
            provider: await self._first_of_members(transaction, provider, now)
            for provider, number in free.items()
            if number > 0
        }
        if not any(heads.values()):
            return []
        crowd = await self._crowd(transaction, now)
        started: list[Row] = []
        for provider, members in heads.items():
            left = free[provider]
            while left > 0 and (job := crowd.next_of(members.values())) is not None:
                rows = await transaction.fetch_all(self._sql["start"], id=job.job_id, worker=worker, now=now)
                if rows:  # else it was cancelled meanwhile
                    started += rows
                    crowd.start(job, now)
                    left -= 1
                await self._next_of_member(transaction, members, job, now)
        return started

    async def forecast(
        self, transaction: Transaction, slots: Mapping[str, int], now: int, limit: int
    ) -> list[Turn]:
        """Say in which order the first `limit` queued jobs will start, and when."""
        waiting: list[Waiting] = []
        lengths: dict[str, list[Length]] = {}
        for row in await transaction.fetch_all(self._sql["providers_in_line"]):
            provider: str = row["provider"]
            rows = await transaction.fetch_all(self._sql["waiting"], provider=provider, most=limit)
            waiting += map(_waiting, rows)
        if not waiting:
            return []
        running = [_running(row) for row in await transaction.fetch_all(self._sql["running"])]
        for provider in {job.provider for job in waiting} | {job.provider for job in running}:
            rows = await transaction.fetch_all(self._sql["lengths"], provider=provider, limit=_SAMPLES)
            lengths[provider] = [Length(seconds=row["seconds"], took=row["took"]) for row in rows]
        crowd = await self._crowd(transaction, now)
        return forecast(waiting, running, crowd, slots=slots, lengths=lengths, now=now, limit=limit)

    async def _forget_dead_workers(self, transaction: Transaction) -> None:
        """Let others have the jobs of processes that died, and have the ends of that time shown again."""
        dead = await transaction.fetch_all(self._sql["forget_dead_workers"], now=await transaction.now_ms())
        if dead:
            since = min(row["expires_at"] for row in dead) - _EDITS_LAND_MS
            await transaction.execute(self._sql["reopen_ends"], since=since)

    async def _crowd(self, transaction: Transaction, now: int) -> Crowd:
        crowd = Crowd()
        for row in await transaction.fetch_all(self._sql["running_of_members"]):
            crowd.run(row["server"], row["user_id"], row["running"])
        since = now - LAST_START_COUNTS
        for row in await transaction.fetch_all(self._sql["last_starts"], since=since, now=now):
            crowd.note_start(row["server"], row["user_id"], row["started_at"])
        return crowd

    async def _first_of_members(
        self, transaction: Transaction, provider: str, now: int
    ) -> dict[Member, Waiting]:
        sql = self._sql["first_of_members"]
        rows = await transaction.fetch_all(sql, provider=provider, now=now)
        return {job.member: job for job in map(_waiting, rows)}

    async def _next_of_member(
        self, transaction: Transaction, members: dict[Member, Waiting], before: Waiting, now: int
    ) -> None:
        rows = await transaction.fetch_all(
            self._sql["first_of_member"],
            provider=before.provider,
            server=before.server,
            user_id=before.user_id,
            now=now,
        )
        del members[before.member]
        for row in rows:
            following = {
                "provider": before.provider,
                "server": before.server,
                "user_id": before.user_id,
                "running_per_member": before.running_per_member,
                "running_per_server": before.running_per_server,
            }
            members[before.member] = _waiting(following | dict(row))


def _waiting(row: Row) -> Waiting:
    """Read a queued job; a server that has set nothing has the default limits."""
    usual, set_here = GuildSettings(), row["running_per_member"] is not None
    return Waiting(
        job_id=JobId(row["id"]),
        provider=row["provider"],
        server=row["server"],
        user_id=row["user_id"],
        priority=row["priority"],
        created_at=row["created_at"],
        seconds=row["seconds"],
        running_per_member=row["running_per_member"] if set_here else usual.running_per_member,
        running_per_server=row["running_per_server"] if set_here else usual.running_per_server,
    )


def _running(row: Row) -> Running:
    return Running(
        provider=row["provider"],
        server=row["server"],
        user_id=row["user_id"],
        started_at=row["started_at"],
        seconds=row["seconds"],
        parked=row["state"] == JobState.UNSURE,
    )

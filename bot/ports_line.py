"""The part of the jobs table that processes share: leases, claims, and the line."""

from collections.abc import Mapping
from typing import Protocol

from bot.domain.job import Job, JobId, WorkerId
from bot.domain.line import Turn


class JobLine(Protocol):
    """Which process has which job, and who comes next; part of `bot.ports.JobStore`."""

    async def claim(
        self, worker: WorkerId, slots: Mapping[str, int], now: int, *, alone: bool = False
    ) -> list[Job]:
        """Take over driven jobs whose owner is gone, then start queued ones where there are free slots.

        `slots` holds how many renders each configured provider takes at once. Jobs of other providers are
        left to the processes that have them, unless this one is `alone`. Serialised over all processes: the
        limits of providers, servers and members are exact; the order is that of `bot.domain.line`. Each
        claimed job gets fence + 1 and this owner; queued ones become SUBMITTING with `started_at` = now.
        """

    async def claim_ends(self, worker: WorkerId, limit: int = 500) -> list[Job]:
        """Take over ended and UNSURE jobs whose status message may not say so, and which nobody is closing.

        A process that ends a job stays its owner until `close_status`, so this finds what was left by
        processes that died, and what ended without a process. Fences stay as they are.
        """

    async def beat(self, worker: WorkerId, ttl_ms: int) -> frozenset[JobId]:
        """Renew the process's lease by the database's clock; return its own jobs with the cancel flag set."""

    async def leave(self, worker: WorkerId) -> None:
        """End the process's lease: its jobs may be claimed at once."""

    async def expire_other_workers(self, worker: WorkerId) -> None:
        """End every other lease: for a database that only one process may open."""

    async def is_first(self, worker: WorkerId) -> bool:
        """Say whether the process is the first of those alive: what needs doing only once is its part."""

    async def line(self, limit: int = 1000) -> list[Job]:
        """Return the queued jobs in the order in which they would start if their providers were free."""

    async def forecast(self, slots: Mapping[str, int], now: int, limit: int = 100) -> list[tuple[Job, Turn]]:
        """Return the first queued jobs in the order in which they will start, and when.

        The wait follows from what the provider's last videos took; without slots given there is none.
        """

    async def count_waiting(self, *, guild_id: int | None, user_id: int | None = None) -> int:
        """Count the queued jobs of a server (None: direct messages) or of one member in it."""

"""Shows those who wait their place in line; one process does it for all."""

import time
from collections.abc import Mapping

from bot.domain.codes import Code
from bot.domain.job import JobId
from bot.domain.progress import Progress
from bot.jobs.drive import Ports

LINE_SHOWN = 25
"""The place in line is kept up to date for this many jobs."""
LINE_SECONDS = 2.0
"""How often the line is looked at without a sign that it has moved; texts that stay the same cost no edit."""


class LineDisplay:
    """The places that this process has shown."""

    def __init__(self, ports: Ports, *, alone: bool) -> None:
        """Begin; `alone` says that no other process could have the providers that this one lacks."""
        self._ports = ports
        self._alone = alone
        self._shown: set[JobId] = set()
        self._looked_at = float("-inf")

    async def refresh(self, slots: Mapping[str, int], in_hand: frozenset[JobId], *, moved: bool) -> None:
        """Show each job's place and the time until it starts; `in_hand` is what this process itself has."""
        if not moved and time.monotonic() - self._looked_at < LINE_SECONDS:
            return
        turns = await self._ports.store.forecast(slots, self._ports.clock.now(), LINE_SHOWN)
        self._looked_at = time.monotonic()
        for job, turn in turns:
            lost = self._alone and job.provider not in slots
            progress = Progress(
                place=turn.place,
                wait=turn.wait,
                trouble=lost or job.failure is not None,
                reason=Code.MODEL_UNKNOWN if lost else None,
            )
            self._ports.announcer.progress(job, progress)
        self._keep({job.id for job, _ in turns}, in_hand)

    def leave_to_others(self, in_hand: frozenset[JobId]) -> None:
        """Show nothing more: another process does."""
        self._keep(set(), in_hand)

    def _keep(self, waiting: set[JobId], in_hand: frozenset[JobId]) -> None:
        """Let go of what another process has now: a late edit from here would overwrite what it shows."""
        for job_id in self._shown - waiting - in_hand:
            self._ports.announcer.forget(job_id)
        self._shown = waiting

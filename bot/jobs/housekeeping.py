"""Keeps the data folder within its budget: leftovers go, then the oldest originals that were delivered."""

import contextlib
import logging
from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.draft import DRAFT_KEPT
from bot.domain.errors import NoRoom, StorageError
from bot.domain.files import FileKind, StoredFile
from bot.domain.job import Job, JobId
from bot.ports import Clock

log = logging.getLogger(__name__)

HOUR = 3_600_000
DAY = 24 * HOUR
FAILED_KEPT = 7 * DAY
"""A file that could not be delivered is kept at least so long, whatever the budget."""
FRESH = HOUR
"""Files younger than this may belong to a job whose row is not written yet."""
SWEEP_SECONDS = 3600.0


class OriginalStore(Protocol):
    """The jobs table, asked about files; all raise `DatabaseUnavailable`."""

    async def in_work(self) -> frozenset[JobId]:
        """Return the jobs that have not ended."""

    async def kept_names(self) -> frozenset[str]:
        """Return the originals that rows promise to be here, and every picture of a row."""

    async def drop_drafts(self, before: int) -> None:
        """Forget drafts of before that moment (ms) that nobody decided."""

    async def drop_pictures(self, before: int) -> None:
        """Forget pictures of before that moment (ms) on their way to jobs that have ended."""

    async def droppable(self, *, failed_before: int, after: Job | None, limit: int = 100) -> list[Job]:
        """Return ended jobs with an original here, oldest first; undelivered ones only if ended before."""

    async def forget(self, job: Job) -> bool:
        """Let the row say that the original is gone; False if the job has moved on meanwhile."""


class Shelf(Protocol):
    """The data folder; all raise `NoRoom` or `StorageError`."""

    async def stored(self) -> list[StoredFile]:
        """List the files of jobs."""

    async def remove(self, names: Sequence[str]) -> None:
        """Delete files by the names of `stored`; missing ones are fine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much is kept: bytes of originals, and milliseconds after the end of their job (None: for ever)."""

    size: int
    age: int | None

    @classmethod
    def of(cls, *, gigabytes: float, days: float) -> "Budget":
        """Read the settings; 0 days are no limit."""
        return cls(size=int(gigabytes * 1e9), age=int(days * DAY) or None)


def leftovers(
    stored: Iterable[StoredFile],
    *,
    in_work: Collection[JobId],
    kept: Collection[str],
    now: int,
    age: int | None,
) -> list[StoredFile]:
    """Return what nobody needs: halves and copies of ended jobs, what no row names, old pictures."""
    found = []
    for file in stored:
        lasting = file.kind in {FileKind.ORIGINAL, FileKind.PICTURE} and file.name in kept
        old = file.kind is FileKind.PICTURE and age is not None and now - file.modified_at > age
        if file.job_id not in in_work and now - file.modified_at > FRESH and (old or not lasting):
            found.append(file)
    return found


def must_go(job: Job, *, total: int, now: int, budget: Budget) -> bool:
    """Say whether the oldest original that is left has to go, when all of them have `total` bytes."""
    too_old = budget.age is not None and now - (job.finished_at or now) > budget.age
    return too_old or total > budget.size


class Housekeeper:
    """Sweeps at the start and every hour."""

    def __init__(self, *, originals: OriginalStore, shelf: Shelf, clock: Clock, budget: Budget) -> None:
        self._originals = originals
        self._shelf = shelf
        self._clock = clock
        self._budget = budget

    async def run(self) -> None:
        """Sweep until cancelled; a sweep that fails is only a line in the log."""
        while True:
            try:
                await self.sweep()
            except (StorageError, NoRoom) as error:
                log.warning("the data folder could not be swept: %s", error)
            await self._clock.sleep(SWEEP_SECONDS)

    async def sweep(self) -> None:
        """Remove leftovers, then originals beyond the budget.

        Raises:
            StorageError, NoRoom: the database or the disk failed; what is left is for the next time.
        """
        stored = await self._shelf.stored()  # first: what is made from here on is not even looked at
        now = self._clock.now()
        await self._originals.drop_drafts(now - DRAFT_KEPT)
        await self._originals.drop_pictures(now - FRESH)
        in_work, kept = await self._originals.in_work(), await self._originals.kept_names()
        gone = leftovers(stored, in_work=in_work, kept=kept, now=now, age=self._budget.age)
        if gone:
            await self._shelf.remove([file.name for file in gone])
            log.info("swept %d leftovers, %d bytes", len(gone), sum(file.size for file in gone))
        names = {file.name for file in gone}
        sizes = {
            file.name: file.size
            for file in stored
            if file.kind is FileKind.ORIGINAL and file.name not in names
        }
        await self._keep_within_budget(sizes, now)

    async def _keep_within_budget(self, sizes: dict[str, int], now: int) -> None:
        total, dropped = sum(sizes.values()), 0
        async with contextlib.aclosing(self._oldest_first(now)) as jobs:
            async for job in jobs:
                if not must_go(job, total=total, now=now, budget=self._budget):
                    break
                # The row first: after a kill in between, the file is a leftover and no promise is broken.
                if job.result_file in sizes and await self._originals.forget(job):
                    await self._shelf.remove([job.result_file])
                    total -= sizes[job.result_file]
                    dropped += 1
        if dropped:
            log.info("dropped the %d oldest originals; %d bytes are kept", dropped, total)
        if total > self._budget.size:
            log.warning("%d bytes of originals are kept, over the budget: none of them may go yet", total)

    async def _oldest_first(self, now: int) -> AsyncGenerator[Job, None]:
        last: Job | None = None
        while page := await self._originals.droppable(failed_before=now - FAILED_KEPT, after=last):
            for job in page:
                yield job
            last = page[-1]

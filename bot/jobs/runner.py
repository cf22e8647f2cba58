"""Claims jobs, drives each in its own task, keeps the process's lease alive, stops gracefully."""

import asyncio
import contextlib
import logging
import time
import uuid
from collections import Counter
from collections.abc import Mapping

from bot.domain.errors import StorageError
from bot.domain.job import Job, JobId, WorkerId
from bot.domain.states import TERMINAL, JobState
from bot.jobs.decide import backoff
from bot.jobs.drive import Drive, Ports
from bot.jobs.driver import JobDriver, close
from bot.jobs.line import LineDisplay

log = logging.getLogger(__name__)

LEASE_SECONDS = 20.0
TICK_SECONDS = 1.0
STOP_SECONDS = 6.0
LEAVE_SECONDS = 1.0
RESUMES_A_SECOND = 20
"""After a restart, jobs that were running go on one after the other, not all at once."""


class Runner:
    """The engine of one process (reference: jobs, the design to build).

    `exclusive` says that no other process can open the database: at start every job without a living owner
    is taken over at once instead of after a lease, and no lease can be lost.
    """

    def __init__(
        self,
        ports: Ports,
        *,
        exclusive: bool,
        lease_seconds: float = LEASE_SECONDS,
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._ports = ports
        self._exclusive = exclusive
        self._ttl = lease_seconds
        self._tick = tick_seconds
        self.worker = WorkerId(uuid.uuid4().hex)
        self._drivers: dict[JobId, JobDriver] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._driving: set[asyncio.Task[None]] = set()
        self._under_way: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._closing: set[JobId] = set()
        self._line = LineDisplay(ports, alone=exclusive)
        self._line_moved = False
        self._beaten_at = float("-inf")
        self._lost = False
        self._database_away = False
        self._stopping = False

    @property
    def running(self) -> frozenset[JobId]:
        """Return the jobs in the hands of this process."""
        return frozenset(self._drivers)

    def wake(self) -> None:
        """Look at the table now instead of at the next tick."""
        self._wake.set()

    def cancel(self, job_id: JobId) -> None:
        """Tell the job's driver of the cancel flag, if it runs here; elsewhere the heartbeat does."""
        driver = self._drivers.get(job_id)
        if driver is not None:
            driver.cancel()

    def hasten(self, job_id: JobId) -> None:
        """Poll the job now, if it runs here; elsewhere its next poll is seconds away."""
        driver = self._drivers.get(job_id)
        if driver is not None:
            driver.hasten()
        else:
            self._wake.set()

    def ended(self, job: Job) -> None:
        """Show the end of a job that ended outside a driver, such as one cancelled in line."""
        log.info("job %s: %s", job.short_id, job.state)
        self._line_moved = True
        self._wake.set()  # whoever claims it closes it, in whichever process

    async def run(self) -> None:
        """Run until `stop`; cancelling ends it at once, and the next start goes on from the rows."""
        await self._join()
        heartbeat = asyncio.create_task(self._heartbeats(), name="heartbeat")
        try:
            while not self._stopping:
                self._wake.clear()
                await self._claim()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._tick * self._ports.rng.uniform(0.7, 1.3)):
                        await self._wake.wait()
        finally:
            heartbeat.cancel()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(heartbeat, *self._tasks, return_exceptions=True)
            # Without the goodbye others wait a lease; a network that is gone must not delay the end.
            with contextlib.suppress(StorageError, TimeoutError):
                async with asyncio.timeout(LEAVE_SECONDS):
                    await asyncio.shield(self._ports.store.leave(self.worker))

    async def _join(self) -> None:
        """Take a lease, as soon as the database answers."""
        attempt = 0
        while True:
            try:
                await self._beat()
                if self._exclusive:
                    await self._ports.store.expire_other_workers(self.worker)
            except StorageError as error:
                log.error("the database does not answer, so no job starts yet: %s", error)
            else:
                return
            await self._ports.clock.sleep(backoff(attempt, self._ports.rng, longest=30))
            attempt += 1

    async def stop(self, grace: float = STOP_SECONDS) -> None:
        """Claim nothing more and let the steps that are running finish, for at most `grace` seconds."""
        self._stopping = True
        for driver in self._drivers.values():
            driver.stop()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=grace)
        self._wake.set()

    def lease_is_good(self) -> bool:
        """Say whether no other process can own these jobs: two thirds of the lease are not over."""
        return self._exclusive or time.monotonic() - self._beaten_at < self._ttl * 2 / 3

    async def _claim(self) -> None:
        catalog, store, clock = self._ports.catalog, self._ports.store, self._ports.clock
        slots = {provider.name: provider.slots for provider in catalog.all()}
        if not self.lease_is_good():
            return  # without a lease whatever is claimed is an orphan again at once
        if any(driver.holds_effect for driver in self._drivers.values()):
            return  # first it must be written down what is done: a claim would shut its driver out
        try:
            claimed = await store.claim(self.worker, slots, clock.now(), alone=self._exclusive)
            resumed = sum(job.fence > 1 for job in claimed)
            for job in claimed:
                spread = resumed / RESUMES_A_SECOND if job.fence > 1 else 0.0
                self._drive(job, after=self._ports.rng.uniform(0, spread))
            for job in await store.claim_ends(self.worker):
                self._close(job)
            await self._show_line(slots, moved=bool(claimed))
        except StorageError as error:
            self._note_database(error)
        else:
            self._note_database(None)

    def _note_database(self, error: StorageError | None) -> None:
        """Write one line when the database goes away and one when it is back, not one a second."""
        if error is not None and not self._database_away:
            log.error("nothing new starts while the database does not answer: %s", error)
        if error is None and self._database_away:
            log.info("the database answers again")
        self._database_away = error is not None

    async def _show_line(self, slots: Mapping[str, int], *, moved: bool) -> None:
        in_hand = self.running | self._closing
        if self._exclusive or await self._ports.store.is_first(self.worker):
            moved, self._line_moved = moved or self._line_moved, False
            await self._line.refresh(slots, in_hand, moved=moved)
        else:
            self._line.leave_to_others(in_hand)

    def _close(self, job: Job) -> None:
        self._closing.add(job.id)
        task = self._spawn(close(job, self._ports), f"close {job.short_id}")
        task.add_done_callback(lambda _: self._closing.discard(job.id))

    def _drive(self, job: Job, after: float = 0.0) -> None:
        log.info("job %s: %s", job.short_id, job.state)
        drive = Drive(
            job=job,
            ports=self._ports,
            lease_is_good=self.lease_is_good,
            under_way=lambda: self._under_way[job.provider],
            begin_after=after,
        )
        driver = JobDriver(drive)
        self._drivers[job.id] = driver
        driver_task = self._spawn(driver.run(), f"job {job.short_id}")

        self._driving.add(driver_task)
        self._under_way[job.provider] += 1

        def ended(task: asyncio.Task[None]) -> None:
            self._driving.discard(task)
            self._under_way[job.provider] -= 1
            if self._drivers.get(job.id) is driver:
                del self._drivers[job.id]
            if driver.job.state in TERMINAL or driver.job.state is JobState.QUEUED:
                self._wake.set()

        driver_task.add_done_callback(ended)

    def _spawn(self, work: "asyncio._CoroutineLike[None]", name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("%s ended unexpectedly", name, exc_info=error)

        task.add_done_callback(ended)
        return task

    async def _heartbeats(self) -> None:
        while True:
            await asyncio.sleep(self._ttl / 5)
            try:
                async with asyncio.timeout(self._ttl / 3):
                    for job_id in await self._beat():
                        self.cancel(job_id)
            except (StorageError, TimeoutError) as error:
                self._note_database(StorageError(str(error) or "it took too long"))
            if not self.lease_is_good() and self._driving:
                self._give_up_jobs()

    def _give_up_jobs(self) -> None:
        """Stop driving what others may own by now; what is done outside is still offered to the row."""
        if not self._lost:
            log.error("the lease is lost; the jobs of this process stop and are claimed anew")
        self._lost = True
        holding = [driver for driver in self._drivers.values() if driver.holds_effect]
        for driver in holding:
            driver.stop()
        names = {f"job {driver.job.short_id}" for driver in holding}
        for task in list(self._driving):
            if task.get_name() not in names:
                task.cancel()

    async def _beat(self) -> frozenset[JobId]:
        if self._lost:
            # Under a new name: the old lease must die, or nobody may claim its jobs.
            await self._ports.store.leave(self.worker)
            self.worker, self._lost = WorkerId(uuid.uuid4().hex), False
        before = time.monotonic()  # never believe a lease longer than the database does
        flagged = await self._ports.store.beat(self.worker, int(self._ttl * 1000))
        self._beaten_at = before
        return flagged

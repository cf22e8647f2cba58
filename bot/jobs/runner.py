"""Claims jobs, drives each in its own task, keeps the process's lease alive, stops gracefully."""

import asyncio
import contextlib
import logging
import time
import uuid
from collections import Counter

from bot.domain.errors import StorageError
from bot.domain.job import Job, JobId, WorkerId
from bot.domain.progress import Progress
from bot.domain.states import TERMINAL, JobState
from bot.jobs.driver import JobDriver, close
from bot.jobs.steps import Drive, Ports

log = logging.getLogger(__name__)

LEASE_SECONDS = 20.0
TICK_SECONDS = 1.0
LINE_SHOWN = 25
"""The place in line is kept up to date for this many jobs."""


class Runner:
    """The engine of one process (reference: jobs, the design to build).

    `exclusive` says that no other process can open the database: at start every job without a living owner
    is taken over at once instead of after a lease.
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
        self._wake = asyncio.Event()
        self._beaten_at = float("-inf")
        self._lost = False
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

    def ended(self, job: Job) -> None:
        """Show the end of a job that ended outside a driver, such as one cancelled in line."""
        self._spawn(close(job, self._ports), f"close {job.short_id}")
        self._spawn(self._show_line_if_possible(), "line")

    async def _show_line_if_possible(self) -> None:
        try:
            await self.show_line()
        except StorageError:
            log.exception("the line cannot be read")

    async def run(self) -> None:
        """Run until `stop`; cancelling ends it at once, and the next start goes on from the rows."""
        await self._beat()
        if self._exclusive:
            await self._ports.store.expire_other_workers(self.worker)
        heartbeat = asyncio.create_task(self._heartbeats(), name="heartbeat")
        try:
            for job in await self._ports.store.unclosed():
                self._spawn(close(job, self._ports), f"close {job.short_id}")
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
            with contextlib.suppress(StorageError):
                await asyncio.shield(self._ports.store.leave(self.worker))

    async def stop(self, grace: float = 8.0) -> None:
        """Claim nothing more and let the steps that are running finish, for at most `grace` seconds."""
        self._stopping = True
        for driver in self._drivers.values():
            driver.stop()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=grace)
        self._wake.set()

    def lease_is_good(self) -> bool:
        """Say whether no other process can own these jobs: two thirds of the lease are not over."""
        return time.monotonic() - self._beaten_at < self._ttl * 2 / 3

    async def _claim(self) -> None:
        catalog, store, clock = self._ports.catalog, self._ports.store, self._ports.clock
        caps = {provider.name: provider.slots for provider in catalog.all()}
        if not self.lease_is_good():
            return  # without a lease whatever is claimed is an orphan again at once
        try:
            claimed = await store.claim(self.worker, caps, clock.now())
            for job in claimed:
                self._drive(job)
            if claimed:
                await self.show_line()
        except StorageError:
            log.exception("the jobs table cannot be read; nothing new starts")

    async def show_line(self) -> None:
        """Tell the members in line their place."""
        places: Counter[str] = Counter()
        for job in await self._ports.store.line(LINE_SHOWN):
            places[job.provider] += 1
            trouble = job.failure is not None
            self._ports.announcer.progress(job, Progress(place=places[job.provider], trouble=trouble))

    def _drive(self, job: Job) -> None:
        log.info("job %s: %s", job.short_id, job.state)
        driver = JobDriver(Drive(job=job, ports=self._ports, lease_is_good=self.lease_is_good))
        self._drivers[job.id] = driver
        driver_task = self._spawn(driver.run(), f"job {job.short_id}")

        self._driving.add(driver_task)

        def ended(task: asyncio.Task[None]) -> None:
            self._driving.discard(task)
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
            except (StorageError, TimeoutError):
                log.exception("the lease could not be renewed")
            if not self.lease_is_good() and self._driving:
                log.error("the lease is lost; the jobs of this process stop and are claimed anew")
                self._lost = True
                for task in list(self._driving):
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

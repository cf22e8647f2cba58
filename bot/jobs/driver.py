"""One job from claim to end: read the row, do the next step, write what follows, wait, again."""

import asyncio
import contextlib
import logging
from dataclasses import replace

from bot.domain.codes import Code
from bot.domain.errors import (
    BotError,
    DatabaseUnavailable,
    NoRoom,
    ProviderError,
    StaleJob,
    StorageError,
    TryLater,
)
from bot.domain.job import Job
from bot.domain.states import DRIVEN, TERMINAL, JobState
from bot.jobs.decide import LONGEST_WAIT, Advance, Outcome, Retry, Wait, backoff, fail
from bot.jobs.drive import Drive, Ports
from bot.jobs.steps import STEPS, cancel_render

log = logging.getLogger(__name__)

CRASHES = 6
"""After this many unexpected errors an unpaid job fails."""
PAID_CRASHES = 100
"""A paid one is given up after about eight hours of them."""
HELD_SECONDS = 5.0
"""A job looks so often whether this machine's disk or database works again."""
RECORD_SECONDS = 1.0
"""So often the database is offered what is done already: before anybody can claim the job elsewhere."""


class JobDriver:
    """Drives one claimed job. Nothing here survives the process; everything that must is in the row."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self._ports = drive.ports
        self._woken = asyncio.Event()
        self._stopping = False
        self._hastened = False
        self._cancel = drive.job.cancel_requested
        self._held: Code | None = None
        self.holds_effect = False
        """Something is done outside that the row does not say yet."""

    @property
    def job(self) -> Job:
        """Return the row as this process knows it."""
        return self._drive.job

    def cancel(self) -> None:
        """Honour the cancel flag at the next moment when nothing is paid yet or the API can be told."""
        self._cancel = True
        self._woken.set()

    def hasten(self) -> None:
        """Ask now how the render is doing: its API says that something has happened."""
        if self.job.state is JobState.RENDERING:
            self._hastened = True
            self._woken.set()

    def stop(self) -> None:
        """End after the step that is running; the row says how to go on."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Drive the job until it ends, waits for a person, goes back to the queue, or the process stops."""
        try:
            self._drive.show()
            if self._drive.begin_after:
                await self._sleep(self._drive.begin_after)
            await self._wait_until_due()
            while self.job.state in DRIVEN and not self._stopping:
                await self._turn()
            if self.job.state in TERMINAL or self.job.state is JobState.UNSURE:
                await close(self.job, self._ports)
            elif self.job.state is JobState.QUEUED:
                self._drive.show(trouble=True)
        except StaleJob:
            log.warning("job %s belongs to another process now", self.job.short_id)
            self._ports.announcer.forget(self.job.id)
        finally:
            await self._drive.settled()

    async def _turn(self) -> None:
        outcome = await self._step()
        self._note_wait(outcome)
        try:
            await self._apply(outcome)
        except StaleJob:
            raise
        except StorageError as error:
            # The effect outside is done and not recorded: hold on to it until the database answers again.
            log.error("job %s holds on to what the database does not take: %s", self.job.short_id, error)
            self._drive.show(trouble=True, reason=Code.DATABASE_AWAY)
            await self._record_later(outcome)
            log.info("job %s: the database has taken it", self.job.short_id)
        await self._pause(outcome)

    async def _step(self) -> Outcome:
        drive, job = self._drive, self.job
        try:
            if self._cancel and self._may_cancel(job):
                return await cancel_render(drive)
            return await STEPS[job.state](drive)
        except (StaleJob, asyncio.CancelledError):
            raise
        except ProviderError as error:
            log.warning("job %s: %s: %s", job.short_id, type(error).__name__, error)
            return Retry(backoff(job.attempt, self._ports.rng)) if _paid(job) else fail(error)
        except (NoRoom, DatabaseUnavailable) as error:
            # Nothing is counted and nothing written: it may be the very disk that the database is on.
            if self._held is None:
                log.error("job %s waits while %s: %s", job.short_id, job.state, error)
            return Wait(HELD_SECONDS * self._ports.rng.uniform(0.7, 1.3), trouble=True, reason=error.code)
        except Exception:
            log.exception("job %s failed unexpectedly while %s", job.short_id, job.state)
            if job.attempt + 1 >= (PAID_CRASHES if _paid(job) else CRASHES):
                return fail(BotError("see the log", code=Code.INTERNAL))
            return Retry(backoff(job.attempt, self._ports.rng))

    @staticmethod
    def _may_cancel(job: Job) -> bool:
        unsent = job.state is JobState.SUBMITTING and job.submit_intent_at is None
        return unsent or job.state is JobState.RENDERING

    async def _apply(self, outcome: Outcome) -> None:
        drive, now = self._drive, self._ports.clock.now()
        match outcome:
            case Advance(to, changes, note):
                ended = now if to in TERMINAL else None
                after = replace(
                    self.job, state=to, **{"attempt": 0, "due_at": now, "finished_at": ended, **changes}
                )
                await drive.save(after, note)
                if self.job.state in DRIVEN:
                    drive.show()
            case Wait(_, percent, trouble, reason):
                drive.show(percent=percent, trouble=trouble, reason=reason)
            case Retry(seconds):
                due = now + int(seconds * 1000)
                await drive.save(replace(self.job, attempt=self.job.attempt + 1, due_at=due))
                drive.show(trouble=True)

    async def _pause(self, outcome: Outcome) -> None:
        """Wait before the next step. Only once what was done is written: no job is claimed until then."""
        if not isinstance(outcome, Advance):
            await self._sleep(outcome.seconds)
        elif self.job.state in DRIVEN:
            await self._wait_until_due()

    async def _record_later(self, outcome: Outcome) -> None:
        self.holds_effect = True
        try:
            while True:
                await self._ports.clock.sleep(RECORD_SECONDS * self._ports.rng.uniform(0.7, 1.3))
                try:
                    if not await self._was_recorded(outcome):
                        await self._apply(outcome)
                except StaleJob:
                    raise
                except StorageError as error:
                    log.debug("job %s: not yet: %s", self.job.short_id, error)
                else:
                    return
        finally:
            self.holds_effect = False

    async def _was_recorded(self, outcome: Outcome) -> bool:
        """Say whether only the database's answer was lost, and go on with the row as it stands then."""
        job = self.job
        row = await self._ports.store.get(job.id)
        moved = isinstance(outcome, Advance) and row is not None and row.state is outcome.to is not job.state
        if row is None or not moved or row.fence != job.fence:
            return False
        self._drive.job = row
        return True

    def _note_wait(self, outcome: Outcome) -> None:
        """Remember for what the job waits, so that the log has one line when it begins and one at its end."""
        held = outcome.reason if isinstance(outcome, Wait) else None
        if self._held is not None and held is None:
            log.info("job %s goes on", self.job.short_id)
        self._held = held

    async def _wait_until_due(self) -> None:
        left = (self.job.due_at - self._ports.clock.now()) / 1000
        if 0 < left <= LONGEST_WAIT:  # beyond that the clock was set back since
            await self._sleep(left)

    async def _sleep(self, seconds: float) -> None:
        """Wait, but not past a cancel, a stop or a hint; one that came during a poll is not lost."""
        self._woken.clear()
        if self._hastened:
            self._hastened = False
            return
        if self._stopping or (self._cancel and self._may_cancel(self.job)):
            return
        await self._ports.clock.wait(self._woken, seconds)
        self._hastened = False


def _paid(job: Job) -> bool:
    """Say whether money may have been spent."""
    return job.remote_id is not None or job.submit_intent_at is not None


async def close(job: Job, ports: Ports) -> None:
    """Show the end of a job where it was announced, and note that it is shown."""
    attempt = 0
    while True:
        try:
            await ports.announcer.close(job)
            break
        except TryLater as error:
            asked = error.retry_after or 0.0
        except Exception:  # such as an answer of Discord that the library cannot read
            log.exception("job %s: its end cannot be shown", job.short_id)
            if attempt + 1 >= CRASHES:
                ports.announcer.forget(job.id)
                break
            asked = 0.0
        await ports.clock.sleep(max(backoff(attempt, ports.rng, longest=60), asked))
        attempt += 1
        row = await ports.store.get(job.id)
        if row is None or row.fence != job.fence:
            return  # a person has decided meanwhile: what comes next is shown by others
    if job.state is JobState.DELIVERED:
        await ports.announcer.invite_rating(job)
    await ports.store.close_status(job)
    if job.state in TERMINAL:
        # Others may be asked for again, with the same picture.
        picture = job.request.picture if job.state is JobState.CANCELLED else None
        with contextlib.suppress(NoRoom, StorageError):  # what stays is swept later
            await ports.workspace.discard([picture, job.fitted_file, job.still_file])

"""What people decide about jobs that have ended or cannot go on: try again, give up, retry, delete."""

from dataclasses import replace

from bot.domain.codes import Code
from bot.domain.errors import NotYourJob, StaleJob, TooLate
from bot.domain.job import Failure, Job, Venue
from bot.domain.recovery import retry_state
from bot.domain.remote import PollPace
from bot.domain.states import TERMINAL, JobState
from bot.jobs.actor import Actor, find_job
from bot.jobs.decide import SECOND
from bot.jobs.service import Engine
from bot.ports import Clock, JobStore, Workspace
from bot.ports_provider import ProviderCatalog


class Decisions:
    """Each decision counts once: whoever comes second is told that the job has moved on."""

    def __init__(
        self,
        *,
        store: JobStore,
        catalog: ProviderCatalog,
        workspace: Workspace,
        engine: Engine,
        clock: Clock,
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._workspace = workspace
        self._engine = engine
        self._clock = clock

    async def try_again(self, typed_id: str, actor: Actor) -> Job:
        """Order an UNSURE job once more, although it may have been charged.

        Raises:
            JobNotFound, NotYourJob, TooLate.
        """
        job = await self._unsure(typed_id, actor)
        after = replace(sent_on(job, JobState.QUEUED, self._clock.now()), submit_intent_at=None)
        job = await self._decide(job, after, f"try again anyway, said {actor.user_id}")
        self._engine.wake()
        return job

    async def give_up(self, typed_id: str, actor: Actor) -> Job:
        """End an UNSURE job without a video.

        Raises:
            JobNotFound, NotYourJob, TooLate.
        """
        job = await self._unsure(typed_id, actor)
        now = self._clock.now()
        after = replace(
            sent_on(job, JobState.FAILED, now), finished_at=now, failure=Failure(code=Code.GIVEN_UP)
        )
        job = await self._decide(job, after, f"given up, said {actor.user_id}")
        self._engine.ended(job)
        return job

    async def retry(self, typed_id: str, actor: Actor) -> Job:
        """Let a failed job go on with the video that is paid for; nothing is rendered again.

        Raises:
            JobNotFound, NotYourJob, TooLate.
        """
        job = await self._own(typed_id, actor)
        state = retry_state(job)
        if state is None:
            code = Code.NOTHING_TO_RETRY if job.state is JobState.FAILED else Code.DECIDED
            raise TooLate(code=code, id=job.short_id)
        now = self._clock.now()
        after = sent_on(job, state, now)
        if state is JobState.FETCHING:
            after = replace(after, deadline_at=None)  # the API says anew how long it keeps the result
        elif state is JobState.RENDERING:
            provider = self._catalog.get(job.provider)
            pace = provider.pace if provider is not None else PollPace()
            after = replace(after, deadline_at=now + int(pace.deadline * SECOND))
        job = await self._decide(job, after, f"retry, said {actor.user_id}")
        self._engine.wake()
        return job

    async def to_delete(self, typed_id: str, actor: Actor) -> Job:
        """Return a delivered job that the actor may delete.

        Raises:
            JobNotFound, NotYourJob, TooLate.
        """
        job = await self._own(typed_id, actor)
        if job.state not in TERMINAL:
            raise TooLate(code=Code.NOT_ENDED, id=job.short_id)
        if job.state is not JobState.DELIVERED or job.result_message_id is None:
            raise TooLate(code=Code.DECIDED, id=job.short_id)
        return job

    async def deleted(self, job: Job, actor: Actor) -> Job:
        """Forget the video of a job whose messages are gone; the row stays, and so do the votes.

        Raises:
            TooLate: somebody else was quicker.
        """
        after = replace(
            job,
            request=replace(job.request, picture=None, last_picture=None),
            result_url=None,
            result_file=None,
            fitted_file=None,
            still_file=None,
            kept_on=None,
            result_message_id=None,
        )
        after = await self._decide(job, after, f"deleted, said {actor.user_id}")
        # What is on another machine goes with its next sweep: no row names it any more.
        pictures = [job.request.picture, job.request.last_picture]
        await self._workspace.discard([job.result_file, job.fitted_file, job.still_file, *pictures])
        return after

    async def _unsure(self, typed_id: str, actor: Actor) -> Job:
        job = await find_job(self._store, typed_id, actor)
        if not actor.may_decide(job):
            raise NotYourJob(code=Code.NOT_YOURS_TO_DECIDE, id=job.short_id)
        if job.state is not JobState.UNSURE:
            raise TooLate(code=Code.DECIDED, id=job.short_id)
        return job

    async def _own(self, typed_id: str, actor: Actor) -> Job:
        job = await find_job(self._store, typed_id, actor)
        if not actor.may_act_on(job):
            raise NotYourJob(id=job.short_id)
        return job

    async def _decide(self, before: Job, after: Job, note: str) -> Job:
        try:
            return await self._store.decide(before, after, note)
        except StaleJob as error:
            raise TooLate(str(error), code=Code.DECIDED, id=before.short_id) from error


def sent_on(job: Job, state: JobState, now: int) -> Job:
    """Return the job on its way again, free of what its end left behind."""
    return replace(
        job,
        state=state,
        attempt=0,
        due_at=now,
        deadline_at=None,
        finished_at=None,
        tried_at=None,
        failure=None,
        status_closed=False,
        cancel_requested=False,
        fitted_file=None,
        still_file=None,
        upload_limit=None,
        post_intent_at=None,
        venue=Venue.PLACE,
    )

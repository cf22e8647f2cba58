"""What members do with blind comparisons: begin one, choose, end it."""

from collections.abc import Callable

from bot.domain.codes import Code
from bot.domain.comparison import (
    Comparison,
    ComparisonId,
    Side,
    akin,
    may_be_compared,
    sides,
)
from bot.domain.errors import InvalidRequest, NotYourJob, QuotaExceeded, TooLate
from bot.domain.job import Job, JobId, Place
from bot.jobs.actor import Actor, find_job
from bot.ports import Clock, JobStore
from bot.ports_comparison import ComparisonStore
from bot.ports_feedback import FeedbackStore

HOUR = 3_600_000
ENOUGH = (2, 50)
"""So many votes may be asked for, at least and at most."""
HOURS = (1, 168)
USUAL_ENOUGH, USUAL_HOURS = 5, 24
MOST_OPEN = 5
"""So many comparisons one member may have open on a server: each may take the encoder some minutes."""
RECENT = 100
RELATIVES = 50
GRACE = 10_000
"""Milliseconds after which a comparison is filled although whoever began it has not said so."""


class Comparisons:
    """The use cases. `wake` makes the runner of this process look, where there is one."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        store: ComparisonStore,
        feedback: FeedbackStore,
        wake: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._feedback = feedback
        self._wake = wake
        self._clock = clock

    async def recent(self, guild_id: int) -> list[Job]:
        """Return videos that could be compared, newest first."""
        return await self._store.recent(guild_id, RECENT)

    async def siblings(self, job: Job, guild_id: int) -> list[Job]:
        """Return the video's relatives that could be compared with it, the likeliest first."""
        relatives = await self._store.relatives(job, RELATIVES)
        return akin(job, (other for other in relatives if may_be_compared(other, guild_id=guild_id)))

    async def find(self, typed_id: str, actor: Actor) -> Job:
        """Return a video that may be compared.

        Raises:
            JobNotFound: unknown, or of another server.
            InvalidRequest: it stands nowhere on this server.
        """
        job = await find_job(self._jobs, typed_id, actor)
        if actor.guild_id is None or not may_be_compared(job, guild_id=actor.guild_id):
            raise InvalidRequest(code=Code.COMPARE_NOT_HERE, id=job.short_id)
        return job

    async def begin(
        self,
        first: Job,
        second: Job,
        *,
        key: ComparisonId,
        actor: Actor,
        place: Place,
        locale: str,
        enough: int = USUAL_ENOUGH,
        hours: int = USUAL_HOURS,
    ) -> Comparison:
        """Keep a comparison: from here on it will be shown and ended, whatever happens to this process.

        `key` is the interaction id: the same key is the same comparison. Call `start` once its message says
        that the videos are being made ready.

        Raises:
            InvalidRequest: it is one video.
            QuotaExceeded: the member has too many open.
        """
        earlier = await self._store.get(key)
        if earlier is not None:
            return earlier
        if first.id == second.id:
            raise InvalidRequest(code=Code.COMPARE_ITSELF, id=first.short_id)
        if await self._store.count_open(guild_id=place.guild_id, user_id=actor.user_id) >= MOST_OPEN:
            raise QuotaExceeded(code=Code.COMPARISONS_FULL, most=MOST_OPEN)
        now = self._clock.now()
        left, right = sides(key, first.id, second.id)
        return await self._store.add(
            Comparison(
                id=key,
                place=place,
                user_id=actor.user_id,
                left=left,
                right=right,
                enough=enough,
                ends_at=now + hours * HOUR,
                created_at=now,
                due_at=now + GRACE,
                locale=locale,
            )
        )

    async def start(self, comparison: Comparison) -> None:
        """Have the message filled now."""
        if not comparison.filled:
            await self._store.look_at(comparison.id, self._clock.now())
            self._wake()

    async def vote(self, key: ComparisonId, side: Side, user_id: int) -> Comparison:
        """Record a choice; the last one of a person counts.

        Raises:
            TooLate: it has ended.
            NotYourJob: it is the person's own video, and authors do not vote on this server.
        """
        await self._check_voter(key, user_id)
        comparison = await self._store.vote(key, side, user_id, self._clock.now())
        if comparison is None:
            raise TooLate(code=Code.COMPARISON_ENDED)
        if comparison.revealed_at is not None:
            self._wake()
        return comparison

    async def end(self, key: ComparisonId, actor: Actor) -> None:
        """End it before its time.

        Raises:
            TooLate: it has ended.
            NotYourJob: somebody else's; moderators may.
        """
        comparison = await self._store.get(key)
        if comparison is None:
            raise TooLate(code=Code.COMPARISON_ENDED)
        here = actor.guild_id is not None and comparison.place.guild_id == actor.guild_id
        if actor.user_id != comparison.user_id and not (actor.moderator and here):
            raise NotYourJob(code=Code.COMPARISON_NOT_YOURS)
        if not await self._store.end(key, self._clock.now()):
            raise TooLate(code=Code.COMPARISON_ENDED)
        self._wake()

    async def withdraw(self, job_id: JobId) -> None:
        """Take a video that is being deleted out of every comparison, also out of those that have ended."""
        if await self._store.withdraw(job_id, self._clock.now()):
            self._wake()

    async def _check_voter(self, key: ComparisonId, user_id: int) -> None:
        comparison = await self._store.get(key)
        if comparison is None:
            raise TooLate(code=Code.COMPARISON_ENDED)
        if (await self._feedback.settings(comparison.place.guild_id)).author_votes:
            return
        for job_id in (comparison.left, comparison.right):
            job = await self._jobs.get(job_id)
            if job is not None and job.user_id == user_id:
                raise NotYourJob(code=Code.COMPARISON_OWN_VIDEO)

"""Reactions on delivered videos become one vote a person."""

from collections.abc import Collection, Mapping

from bot.domain.job import Job
from bot.domain.ratings import vote_value
from bot.ports import Clock, JobStore, RatingStore

RECOUNT_AGE = 7 * 24 * 3600 * 1000
"""Videos delivered within this many milliseconds are recounted at start."""


class RatingService:
    """Keeps the ratings table equal to what the messages show."""

    def __init__(self, *, store: RatingStore, jobs: JobStore, clock: Clock) -> None:
        self._store = store
        self._jobs = jobs
        self._clock = clock

    async def added(self, message_id: int, user_id: int, emoji: str) -> None:
        """Record a vote; other emoji and other messages mean nothing."""
        value = vote_value(emoji)
        job = await self._jobs.by_result_message(message_id) if value is not None else None
        if job is not None and value is not None:
            await self._store.vote(job.id, user_id, value, self._clock.now())

    async def removed(self, message_id: int, user_id: int, emoji: str) -> None:
        """Take a vote back, if it is the one that counts."""
        value = vote_value(emoji)
        job = await self._jobs.by_result_message(message_id) if value is not None else None
        if job is not None:
            await self._store.retract(job.id, user_id, value)

    async def cleared(self, message_id: int, emoji: str | None = None) -> None:
        """Forget all votes of a message, or those by one emoji."""
        value = vote_value(emoji) if emoji is not None else None
        if emoji is not None and value is None:
            return
        job = await self._jobs.by_result_message(message_id)
        if job is not None:
            await self._store.clear(job.id, value)

    async def to_recount(self) -> list[Job]:
        """Return the videos whose reactions may have changed while the bot was away."""
        return await self._jobs.recently_delivered(self._clock.now() - RECOUNT_AGE)

    async def recounted(self, job: Job, votes: Mapping[int, Collection[str]]) -> None:
        """Make the table equal to a message: user id -> the vote emoji that this person holds."""
        values = {
            user_id: [value for emoji in held if (value := vote_value(emoji)) is not None]
            for user_id, held in votes.items()
        }
        await self._store.replace(job.id, values, self._clock.now())

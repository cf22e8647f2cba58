"""Reactions on delivered videos become one vote a person."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager

from bot.domain.emoji_command import EmojiCommand
from bot.domain.job import Job
from bot.domain.ratings import Scale, plain
from bot.domain.votes import NORMAL
from bot.ports import Clock, JobStore, RatingStore
from bot.ports_feedback import FeedbackStore

RECOUNT_AGE = 7 * 24 * 3600 * 1000
"""Videos delivered within this many milliseconds are recounted after the bot was away."""
PAGE = 100
PAUSE_SECONDS = 0.5
"""Between two questions of a recount: results and status messages need Discord's limits more."""
RECOUNT_ATTEMPTS = 5

Shown = Mapping[int, Mapping[str, int]]
"""What a message shows: user id -> plain emoji -> kinds (bits of `bot.domain.votes`)."""
ReadMessage = Callable[[frozenset[str]], Awaitable[Shown]]
"""Reads who holds which of these plain emoji, bots left out."""
CountStars = Callable[[Job, frozenset[int]], Awaitable[None]]
"""Keeps who has marked the video as a favourite."""
STAR = EmojiCommand.FAVOURITE.value


class RatingService:
    """Keeps the votes table equal to what the messages show."""

    def __init__(
        self,
        *,
        store: RatingStore,
        feedback: FeedbackStore,
        jobs: JobStore,
        clock: Clock,
        stars: CountStars | None = None,
    ) -> None:
        self._store = store
        self._feedback = feedback
        self._jobs = jobs
        self._clock = clock
        self._stars = stars
        # In the order in which they came: two of one person must not overtake each other.
        self._turn = asyncio.Lock()
        self._recounting: int | None = None
        self._moved = False

    async def added(self, message_id: int, user_id: int, emoji: str, *, kind: int = NORMAL) -> None:
        """Record a vote; other emoji and other messages mean nothing."""
        async with self._event(message_id):
            job = await self._jobs.by_result_message(message_id)
            if job is not None:
                value = (await self.scale(job.place.guild_id)).value(emoji)
                now = self._clock.now()
                await self._store.vote(job.id, user_id, plain(emoji), value, now, kind=kind)

    async def removed(self, message_id: int, user_id: int, emoji: str, *, kind: int = NORMAL) -> None:
        """Take a vote back; the one given before it counts again."""
        async with self._event(message_id):
            job = await self._jobs.by_result_message(message_id)
            if job is not None:
                await self._store.retract(job.id, user_id, plain(emoji), kind=kind)

    async def cleared(self, message_id: int, emoji: str | None = None) -> None:
        """Forget all votes of a message, or those by one emoji."""
        async with self._event(message_id):
            job = await self._jobs.by_result_message(message_id)
            if job is not None:
                await self._store.clear(job.id, None if emoji is None else plain(emoji))

    async def scale(self, guild_id: int | None) -> Scale:
        """Return how a server votes."""
        return await scale_of(self._feedback, guild_id)

    async def to_recount(self) -> AsyncIterator[Job]:
        """Give the videos whose reactions may have changed while the bot was away, newest first."""
        since = self._clock.now() - RECOUNT_AGE
        page = await self._jobs.recently_delivered(since, PAGE)
        while page:
            for job in page:
                yield job
            page = await self._jobs.recently_delivered(since, PAGE, before=page[-1])

    async def pause(self) -> None:
        """Wait between two questions of a recount."""
        await self._clock.sleep(PAUSE_SECONDS)

    async def recount(self, job: Job, read: ReadMessage) -> bool:
        """Make the table equal to the job's message.

        What is read is already old where somebody reacts meanwhile: then it is read again. Say whether it
        was right in the end; one recount at a time.
        """
        if job.result is None:
            return True
        for _ in range(RECOUNT_ATTEMPTS):
            self._recounting, self._moved = job.result.message_id, False
            scale, known = await self.scale(job.place.guild_id), await self._store.emoji(job.id)
            values = {plain(emoji): value for emoji, value in scale.values.items()}
            votes = known | values.keys()
            shown = await read(votes | {STAR})
            async with self._turn:
                if self._moved:
                    continue
                held = _only(shown, votes)
                if held or known:
                    await self._store.replace(job.id, held, values, self._clock.now())
                if self._stars is not None:
                    starred = frozenset(user_id for user_id, emoji in shown.items() if STAR in emoji)
                    await self._stars(job, starred)
                if not self._moved:  # a star that came meanwhile may have been written over
                    return True
        return False

    @asynccontextmanager
    async def _event(self, message_id: int) -> AsyncIterator[None]:
        if message_id == self._recounting:
            self._moved = True
        async with self._turn:
            yield


def _only(shown: Shown, emoji: Collection[str]) -> Shown:
    of_people = {
        user_id: {one: kinds for one, kinds in held.items() if one in emoji}
        for user_id, held in shown.items()
    }
    return {user_id: held for user_id, held in of_people.items() if held}


async def scale_of(feedback: FeedbackStore, guild_id: int | None) -> Scale:
    """Return how a server votes."""
    return (await feedback.settings(guild_id)).scale

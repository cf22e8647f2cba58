"""Reels: the best videos of a server's week or month, joined into one."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from bot.domain.codes import Code
from bot.domain.errors import Forbidden, Gone, InvalidRequest
from bot.domain.feedback import ReelEvery
from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.join import Join, Score
from bot.domain.reel import Candidate, Period, best, lately, longest, shown_seconds
from bot.domain.video import VideoRequest
from bot.jobs.studio import STUDIO, original
from bot.ports import Clock, JobStore, SettingsStore, Workspace
from bot.ports_reel import ChannelKinds, ReelStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reel is to be made of, and for which channel; `user_id` None takes everybody's videos."""

    guild_id: int
    channel_id: int
    period: Period
    count: int
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best ones, best first. `gone` would be among them if they were kept here.

    `restricted` counts those that may not be shown in the channel, `voted` all that have votes.
    """

    best: tuple[tuple[Job, Candidate], ...]
    gone: tuple[JobId, ...]
    restricted: int
    voted: int


class Reels:
    """Chooses the clips of reels and orders them; a reel is a joined video like others."""

    def __init__(
        self,
        *,
        store: ReelStore,
        jobs: JobStore,
        settings: SettingsStore,
        channels: ChannelKinds,
        workspace: Workspace,
        clock: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._settings = settings
        self._channels = channels
        self._workspace = workspace
        self._clock = clock

    def lately(self, every: ReelEvery) -> Period:
        """Return the last days, up to now."""
        return lately(every, self._clock.now())

    async def choose(self, wish: Wish) -> Choice:
        """Choose what is kept here and may be shown in the channel.

        Raises:
            DeliveryError: Discord does not say what kind of channels they are.
        """
        candidates = await self._store.candidates(wish.guild_id, wish.period, user_id=wish.user_id)
        of_one = wish.count if wish.user_id is not None else None
        gone: list[JobId] = []
        hidden: set[JobId] = set()
        restricted: dict[int, bool] = {}
        while True:
            picked = best(candidates, wish.count, of_one=of_one, without={*gone, *hidden})
            fit: list[tuple[Job, Candidate]] = []
            for candidate in picked:
                job = await self._jobs.get(candidate.job_id)
                if job is None or not await self._is_kept(job):
                    gone.append(candidate.job_id)
                elif not await self._may_be_shown(job, wish.channel_id, restricted):
                    hidden.add(candidate.job_id)
                else:
                    fit.append((job, candidate))
            if len(fit) == len(picked):
                return Choice(
                    best=tuple(fit), gone=tuple(gone), restricted=len(hidden), voted=len(candidates)
                )

    async def make(
        self, wish: Wish, *, key: JobId, user_id: int, place: Place, title: str, locale: str, limited: bool
    ) -> Job:
        """Accept a reel; the same key is the same job. `limited`: it counts among the videos that may wait.

        Raises:
            InvalidRequest: there is nothing to show; the facts say of how many.
            UserError: too many wait. NoRoom: the disk is full. DeliveryError: as `choose`.
        """
        earlier = await self._jobs.get(key)
        if earlier is not None:
            return earlier
        choice = await self.choose(wish)
        if not choice.best:
            raise await self._nothing(wish, choice)
        await self._workspace.check_room()
        now = self._clock.now()
        job = Job(
            id=key,
            short_id=short_id(key),
            provider=STUDIO,
            user_id=user_id,
            place=place,
            request=_request(choice, title),
            created_at=now,
            due_at=now,
            locale=locale,
        )
        limits = await self._settings.guild(wish.guild_id) if limited else None
        return await self._jobs.add(job, limits)

    async def _nothing(self, wish: Wish, choice: Choice) -> InvalidRequest:
        videos = await self._store.delivered(wish.guild_id, wish.period, user_id=wish.user_id)
        return InvalidRequest(
            code=Code.REEL_NOTHING,
            videos=videos,
            voted=choice.voted,
            gone=len(choice.gone),
            restricted=choice.restricted,
        )

    async def _is_kept(self, job: Job) -> bool:
        path = original(job, self._workspace)
        return path is not None and await asyncio.to_thread(path.is_file)

    async def _may_be_shown(self, job: Job, channel_id: int, known: dict[int, bool]) -> bool:
        """Say whether a video may leave its channel for this one: none for adults goes to where all read."""
        if await self._is_restricted(channel_id, known):
            return True
        stands = job.result.channel_id if job.result is not None else job.place.channel_id
        for source in {job.place.channel_id, stands} - {channel_id}:
            try:
                if await self._is_restricted(source, known):
                    return False
            except (Forbidden, Gone):
                return False  # nobody can say who was meant to see it
        return True

    async def _is_restricted(self, channel_id: int, known: dict[int, bool]) -> bool:
        if channel_id not in known:
            known[channel_id] = await self._channels.is_restricted(channel_id)
        return known[channel_id]


def _request(choice: Choice, title: str) -> VideoRequest:
    """Return the order. The title is all its words: whose videos are in it is read from their jobs."""
    jobs = [job for job, _ in choice.best]
    sizes = Counter(job.request.size for job in jobs)
    return VideoRequest(
        prompt=title,
        size=sizes.most_common(1)[0][0],
        seconds=shown_seconds([job.request.seconds for job in jobs]),
        join=Join(
            sources=tuple(job.id for job in jobs),
            fade=True,
            title=title,
            scores=tuple(Score(approval=found.approval, votes=found.votes) for _, found in choice.best),
            left_out=choice.gone,
            longest=longest(len(jobs)),
        ),
    )

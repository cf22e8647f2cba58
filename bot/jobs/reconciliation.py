"""The video APIs' renders beside the jobs that know them, and giving each other what belongs together."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.capabilities import Capabilities
from bot.domain.errors import BotError, ProviderError, RemoteNotFound, StaleJob
from bot.domain.job import Job, JobId, Place, normalise_short_id, short_id
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.domain.states import JobState
from bot.domain.video import Size, VideoRequest
from bot.jobs.decide import SECOND
from bot.jobs.decisions import sent_on
from bot.ports import Clock, JobStore
from bot.ports_provider import VideoProvider

LISTED = 200
"""So many renders of each API, and so many jobs, are shown."""
WITHOUT_VIDEO = frozenset({RemoteStatus.FAILED, RemoteStatus.CANCELLED, RemoteStatus.EXPIRED})


class ListingProvider(VideoProvider, Protocol):
    """A video API that can tell what it has."""

    async def recent(self, limit: int) -> list[RemoteVideo] | None:
        """Return the latest renders, None where the API has no list; raise `Unavailable` if unreadable."""


class RenderStore(Protocol):
    """The jobs table seen from the renders."""

    async def owners(self, provider: str, remote_ids: Collection[str]) -> Mapping[str, Job]:
        """Return the job of each render that has one."""

    async def without_render(self, limit: int) -> list[Job]:
        """Return UNSURE and FAILED jobs that may have been ordered and know of no render, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """A render as its API tells it, and the job that knows it."""

    provider: str
    video: RemoteVideo
    job: Job | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything side by side. `silent` says of an API why its renders are not there."""

    renders: Sequence[Render]
    jobs: Sequence[Job]
    silent: Mapping[str, str]


class Reconciliation:
    """What an owner does about renders and jobs that have lost each other. Every error is a sentence."""

    def __init__(
        self, *, store: JobStore, renders: RenderStore, providers: Sequence[ListingProvider], clock: Clock
    ) -> None:
        self._store = store
        self._renders = renders
        self._providers = {provider.name: provider for provider in providers}
        self._clock = clock

    async def overview(self) -> Overview:
        """List the renders of every API and the jobs without one."""
        found: list[Render] = []
        silent: dict[str, str] = {}
        for name, provider in self._providers.items():
            try:
                videos = await provider.recent(LISTED)
            except ProviderError as error:
                silent[name] = str(error)
                continue
            if videos is None:
                silent[name] = "it has no list of videos"
                continue
            owners = await self._renders.owners(name, [video.id for video in videos])
            found += [Render(provider=name, video=video, job=owners.get(video.id)) for video in videos]
        return Overview(renders=found, jobs=await self._renders.without_render(LISTED), silent=silent)

    async def attach(self, typed_id: str, video_id: str) -> Job:
        """Give a job that does not know its render this one; it goes on from there.

        Raises:
            BotError: the job or the render is unknown, or one of them belongs elsewhere already.
        """
        job = await self._store.by_short_id(normalise_short_id(typed_id))
        if job is None:
            raise BotError(f"There is no job {typed_id}.")
        if job.state not in {JobState.UNSURE, JobState.FAILED} or job.remote_id is not None:
            raise BotError(f"Job {job.short_id} is {job.state} and needs no video.")
        provider = self._provider(job.provider)
        await self._ownerless(provider, video_id)
        now = self._clock.now()
        after = replace(
            sent_on(job, JobState.RENDERING, now),
            remote_id=video_id,
            deadline_at=now + int(provider.pace.deadline * SECOND),
        )
        try:
            return await self._store.decide(job, after, "attached by the owner")
        except StaleJob as error:
            raise BotError(f"Job {job.short_id} has moved on meanwhile; look again.") from error

    async def found(self, video_id: str, provider_name: str | None = None) -> RemoteVideo:
        """Return a render that nobody owns and that is worth posting.

        Raises:
            BotError: it is unknown, owned, or has no video.
        """
        provider = self._provider(provider_name)
        video = await self._ownerless(provider, video_id)
        if video.status in WITHOUT_VIDEO:
            raise BotError(f"The video {video_id} is {video.status} there: there is nothing to post.")
        return video

    def job_for(
        self, video: RemoteVideo, place: Place, user_id: int, provider_name: str | None = None
    ) -> Job:
        """Return the job that brings this render to the place; the same render is always the same job."""
        provider, now = self._provider(provider_name), self._clock.now()
        digest = hashlib.sha256(f"{provider.name}:{video.id}".encode()).hexdigest()
        identity = JobId(f"v-{digest[:16]}")
        return Job(
            id=identity,
            short_id=short_id(identity),
            provider=provider.name,
            user_id=user_id,
            place=place,
            request=_request_of(video, provider.models[0]),
            created_at=now,
            due_at=now,
            started_at=now,
            state=JobState.RENDERING,
            submit_intent_at=video.created_at or now,
            remote_id=video.id,
            deadline_at=now + int(provider.pace.deadline * SECOND),
        )

    async def keep(self, job: Job) -> Job:
        """Commit the job; whoever drives jobs goes on with it."""
        return await self._store.add(job)

    def _provider(self, name: str | None) -> ListingProvider:
        provider = self._providers.get(name) if name else next(iter(self._providers.values()))
        if provider is None:
            known = ", ".join(self._providers)
            raise BotError(f"There is no video API called {name}; there are: {known}.")
        return provider

    async def _ownerless(self, provider: ListingProvider, video_id: str) -> RemoteVideo:
        owners = await self._renders.owners(provider.name, [video_id])
        if owners:
            owner = owners[video_id]
            raise BotError(f"The video {video_id} belongs to job {owner.short_id} ({owner.state}) already.")
        try:
            return await provider.poll(video_id)
        except RemoteNotFound as error:
            raise BotError(f"{provider.name} knows no video {video_id}.") from error
        except ProviderError as error:
            raise BotError(f"{provider.name} does not tell about {video_id}: {error}") from error


def _request_of(video: RemoteVideo, capabilities: Capabilities) -> VideoRequest:
    """Describe what was ordered as far as the API says so; an unknown prompt stays empty."""
    return VideoRequest(
        prompt=video.prompt or "",
        size=Size.parse(video.size) if video.size else capabilities.sizes[0],
        seconds=round(video.seconds) if video.seconds else capabilities.default_seconds,
        model=capabilities.model,
    )

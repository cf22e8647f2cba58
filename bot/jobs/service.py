"""What members can do: the use cases that the Discord side calls."""

from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.errors import (
    InvalidRequest,
    JobNotFound,
    NotYourJob,
    QuotaExceeded,
    TooLate,
    UnreadableImage,
)
from bot.domain.job import Job, JobId, Place, normalise_short_id, short_id
from bot.domain.ratings import Tally
from bot.domain.states import CANCELLABLE, JobState
from bot.domain.video import Capabilities, Size, VideoRequest
from bot.ports import Clock, JobStore, MediaTools, ProviderCatalog, RatingStore, SettingsStore, Workspace

PLACES_COUNTED = 100
"""Behind so many waiting jobs a place in line is not worth the query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a member typed, unchecked."""

    prompt: str
    size: str | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks. `moderator` may act on other members' jobs of the same server."""

    user_id: int
    guild_id: int | None
    moderator: bool = False

    def may_see(self, job: Job) -> bool:
        """Say whether the job is the actor's own or was made on this server."""
        own = job.user_id == self.user_id
        return own or (self.guild_id is not None and job.place.guild_id == self.guild_id)


class Engine(Protocol):
    """What the service needs of the runner."""

    def wake(self) -> None:
        """Look at the table now."""

    def cancel(self, job_id: JobId) -> None:
        """Tell a running job of its cancel flag."""

    def ended(self, job: Job) -> None:
        """Show the end of a job that never ran."""


class VideoService:
    """Accept, show and cancel videos."""

    def __init__(
        self,
        *,
        store: JobStore,
        settings: SettingsStore,
        ratings: RatingStore,
        catalog: ProviderCatalog,
        media: MediaTools,
        workspace: Workspace,
        engine: Engine,
        clock: Clock,
    ) -> None:
        self._store = store
        self._settings = settings
        self._ratings = ratings
        self._catalog = catalog
        self._media = media
        self._workspace = workspace
        self._engine = engine
        self._clock = clock

    @property
    def capabilities(self) -> Capabilities:
        """What can be asked for."""
        return self._catalog.default().capabilities

    def check(self, options: Options, picture: Size | None = None) -> VideoRequest:
        """Check the options without touching anything, so that a mistake is answered at once.

        Raises:
            InvalidRequest: with the sentence for the member.
        """
        return self.capabilities.request(
            prompt=options.prompt, size=options.size, seconds=options.seconds, picture=picture
        )

    async def submit(
        self,
        options: Options,
        *,
        key: JobId,
        user_id: int,
        place: Place,
        locale: str,
        picture: bytes | None = None,
    ) -> Job:
        """Accept a video: when this returns, the job is committed and will be delivered or explained.

        `key` is the interaction id: the same key is the same job. Call `start` once its message shows it.

        Raises:
            UserError: refused; nothing is kept and nothing was paid.
        """
        earlier = await self._store.get(key)
        if earlier is not None:
            return earlier
        shape = await self._picture_size(picture) if picture is not None else None
        request = self.check(options, shape)
        await self._check_limits(user_id, place.guild_id)
        await self._workspace.check_room()
        if picture is not None:
            fitted = await self._fit(picture, request.size)
            request = replace(request, picture=await self._workspace.keep_picture(key, fitted))
        now = self._clock.now()
        return await self._store.add(
            Job(
                id=key,
                short_id=short_id(key),
                provider=self._catalog.default().name,
                user_id=user_id,
                place=place,
                request=request,
                created_at=now,
                due_at=now,
                locale=locale,
            )
        )

    def start(self) -> None:
        """Let the engine look for accepted jobs."""
        self._engine.wake()

    async def place_in_line(self, job: Job) -> int | None:
        """Return the job's place in line, 1 is next; None once it has started, or far behind."""
        waiting = await self._store.line(PLACES_COUNTED)
        ids = [other.id for other in waiting if other.provider == job.provider]
        return ids.index(job.id) + 1 if job.id in ids else None

    async def show(self, typed_id: str, actor: Actor) -> tuple[Job, Tally]:
        """Return a job and its votes by the id that members see.

        Raises:
            JobNotFound: unknown, or of another server.
        """
        job = await self._store.by_short_id(normalise_short_id(typed_id))
        if job is None or not actor.may_see(job):
            raise JobNotFound(id=typed_id.strip()[:20])
        return job, await self._ratings.tally(job.id)

    async def queue(self, actor: Actor) -> list[Job]:
        """Return the jobs of this server (in direct messages: one's own) that have not ended."""
        own = actor.user_id if actor.guild_id is None else None
        return await self._store.active(guild_id=actor.guild_id, user_id=own)

    async def cancel(self, typed_id: str, actor: Actor) -> Job:
        """Cancel a job that is not paid for yet, or tell the API to stop rendering it.

        Raises:
            JobNotFound, NotYourJob, TooLate.
        """
        job, _ = await self.show(typed_id, actor)
        if job.user_id != actor.user_id and not actor.moderator:
            raise NotYourJob(id=job.short_id)
        if job.state not in CANCELLABLE:
            raise TooLate(id=job.short_id)
        flagged = await self._store.request_cancel(job.id)
        if flagged is None or flagged.state not in CANCELLABLE | {JobState.CANCELLED}:
            raise TooLate(id=job.short_id)
        if flagged.state is JobState.CANCELLED:
            self._engine.ended(flagged)
        else:
            self._engine.cancel(job.id)
        return flagged

    async def _check_limits(self, user_id: int, guild_id: int | None) -> None:
        limit = (await self._settings.guild(guild_id)).waiting_per_member
        if await self._store.count_waiting(user_id=user_id, guild_id=guild_id) >= limit:
            raise QuotaExceeded(limit=limit)

    async def _picture_size(self, data: bytes) -> Size:
        try:
            return await self._media.picture_size(data)
        except UnreadableImage as error:
            raise InvalidRequest(str(error), code=error.code, **error.facts) from error

    async def _fit(self, data: bytes, size: Size) -> bytes:
        try:
            return await self._media.fit_picture(data, size)
        except UnreadableImage as error:
            raise InvalidRequest(str(error), code=error.code, **error.facts) from error

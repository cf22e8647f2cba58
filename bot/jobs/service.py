"""What members can do: the use cases that the Discord side calls."""

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from bot.domain.capabilities import Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, NotYourJob, TooLate, UnreadableImage
from bot.domain.fit import Fit
from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.line import Turn
from bot.domain.origin import NEW, Origin, Relation
from bot.domain.progress import Progress
from bot.domain.ratings import Tally
from bot.domain.settings import GuildSettings
from bot.domain.states import CANCELLABLE, DRIVEN, JobState
from bot.domain.video import Size, VideoRequest
from bot.jobs.actor import Actor, find_job
from bot.jobs.models import Models, Options
from bot.ports import Clock, JobStore, RatingStore, SettingsStore, Workspace
from bot.ports_media import MediaTools
from bot.ports_provider import ProviderCatalog, VideoProvider

PLACES_COUNTED = 100
"""Behind so many waiting jobs a place in line is not worth the query."""


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
        self.models = Models(catalog)
        self._media = media
        self._workspace = workspace
        self._engine = engine
        self._clock = clock

    async def submit(
        self,
        options: Options,
        *,
        key: JobId,
        user_id: int,
        place: Place,
        locale: str,
        picture: bytes | None = None,
        last_picture: bytes | None = None,
        fit: Fit = Fit.CROP,
        origin: Origin = NEW,
    ) -> Job:
        """Accept a video: when this returns, the job is committed and will be delivered or explained.

        `key` is the interaction id: the same key is the same job. Call `start` once its message shows it.

        Raises:
            UserError: refused; nothing is kept and nothing was paid.
        """
        earlier = await self._store.get(key)
        if earlier is not None:
            return earlier
        provider, request = await self.check(options, picture, last_picture)
        limits = await self._check_limits(user_id, place.guild_id)
        await self._workspace.check_room()
        if picture is not None:
            request = replace(request, picture=await self._keep(key, picture, request.size, fit))
        if last_picture is not None:
            name = await self._keep(key, last_picture, request.size, fit, kind="last")
            request = replace(request, last_picture=name)
        now = self._clock.now()
        return await self._store.add(
            Job(
                id=key,
                short_id=short_id(key),
                provider=provider.name,
                user_id=user_id,
                place=place,
                request=request,
                created_at=now,
                due_at=now,
                locale=locale,
                origin=origin,
            ),
            limits,
        )

    async def check(
        self, options: Options, picture: bytes | None, last_picture: bytes | None
    ) -> tuple[VideoProvider, VideoRequest]:
        """Check the options against the pictures as they really are; nothing is kept.

        Raises:
            InvalidRequest: with the sentence for the member.
        """
        shape = await self._picture_size(picture) if picture is not None else None
        last_shape = await self._picture_size(last_picture) if last_picture is not None else None
        return self.models.check(options, shape, last_shape)

    def start(self) -> None:
        """Let the engine look for accepted jobs."""
        self._engine.wake()

    async def standing(self, job: Job) -> Progress:
        """Say where the job stands in line: nothing of it once it has started, or far behind."""
        turn = (await self.turns()).get(job.id)
        return Progress(place=turn.place, wait=turn.wait) if turn is not None else Progress()

    async def turns(self) -> dict[JobId, Turn]:
        """Say of the first jobs in line when each will start."""
        slots = {provider.name: provider.slots for provider in self._catalog.all()}
        line = await self._store.forecast(slots, self._clock.now(), PLACES_COUNTED)
        return {job.id: turn for job, turn in line}

    async def show(self, typed_id: str, actor: Actor) -> tuple[Job, Tally]:
        """Return a job and its votes by the id that members see.

        Raises:
            JobNotFound: unknown, or of another server.
        """
        job = await find_job(self._store, typed_id, actor)
        return job, await self._ratings.tally(job.id)

    async def kept_video(self, job: Job, actor: Actor) -> Path | None:
        """Return the original of a job that has no message with its video, for whom it is kept."""
        if job.result_file is None or not _hands_out(job, actor) or not self._workspace.home.may_have(job):
            return None
        path = self._workspace.path(job.result_file)
        return path if await asyncio.to_thread(path.is_file) else None

    def kept_elsewhere(self, job: Job, actor: Actor) -> str | None:
        """Return the machine that has what `kept_video` would hand out, where it is another one."""
        here = job.result_file is None or self._workspace.home.may_have(job)
        return job.kept_on if not here and _hands_out(job, actor) else None

    async def queue(self, actor: Actor, *, mine: bool = False) -> list[Job]:
        """Return the jobs of this server that have not ended, or one's own; in direct messages one's own."""
        own = actor.user_id if mine or actor.guild_id is None else None
        return await self._store.active(guild_id=actor.guild_id, user_id=own)

    async def cancel(self, typed_id: str, actor: Actor) -> Job:
        """Cancel a job that is not paid for yet, or tell the API to stop rendering it.

        A video that is paid for and finished is not held back: it comes, and can be deleted then.

        Raises:
            JobNotFound, NotYourJob, TooLate.
        """
        job = await find_job(self._store, typed_id, actor)
        if not actor.may_act_on(job):
            raise NotYourJob(id=job.short_id)
        if job.state not in CANCELLABLE:
            raise too_late_to_cancel(job)
        flagged = await self._store.request_cancel(job.id) or job
        if flagged.state not in CANCELLABLE | {JobState.CANCELLED}:
            raise too_late_to_cancel(flagged)
        if flagged.state is JobState.CANCELLED:
            self._engine.ended(flagged)
        else:
            self._engine.cancel(job.id)
        return flagged

    async def again(self, typed_id: str, actor: Actor, *, key: JobId, place: Place, locale: str) -> Job:
        """Accept the same request once more, with another seed, as the actor's own job.

        Raises:
            JobNotFound: unknown, or of another server.
            UserError: refused as `submit` refuses; also when the picture is no longer kept.
        """
        job = await find_job(self._store, typed_id, actor)
        request = job.request
        options = Options.of(job.provider, request)
        _, model = self.models.choose(options.model)
        new_seed = seed_of(key) if model.known(Option.SEED).support is Support.YES else None
        return await self.submit(
            replace(options, seed=new_seed),
            origin=Origin(parent=job.id, relation=Relation.AGAIN),
            key=key,
            user_id=actor.user_id,
            place=place,
            locale=locale,
            picture=await self._kept_picture(request.picture),
            last_picture=await self._kept_picture(request.last_picture),
        )

    async def _kept_picture(self, name: str | None) -> bytes | None:
        if name is None:
            return None
        try:
            path = await self._workspace.bring_picture(name)
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise InvalidRequest(str(error), code=Code.PICTURE_GONE) from error

    async def _check_limits(self, user_id: int, guild_id: int | None) -> GuildSettings:
        """Refuse early what `add` would refuse, before a picture is worked on."""
        limits = await self._settings.guild(guild_id)
        limits.check_waiting(
            member=await self._store.count_waiting(guild_id=guild_id, user_id=user_id),
            server=await self._store.count_waiting(guild_id=guild_id),
        )
        return limits

    async def _picture_size(self, data: bytes) -> Size:
        try:
            return await self._media.picture_size(data)
        except UnreadableImage as error:
            raise InvalidRequest(str(error), code=error.code, **error.facts) from error

    async def _keep(self, key: JobId, data: bytes, size: Size, fit: Fit, kind: str = "picture") -> str:
        """Store a picture as it is sent to the API and return its name."""
        try:
            fitted = await self._media.fit_picture(data, size, fit)
            return await self._workspace.keep_picture(key, fitted, kind)
        except UnreadableImage as error:
            raise InvalidRequest(str(error), code=error.code, **error.facts) from error


def _hands_out(job: Job, actor: Actor) -> bool:
    """Say whether the actor may have a video that stands in no message."""
    nowhere = job.state is JobState.FAILED or job.still_file is not None
    return nowhere and actor.may_act_on(job)


def too_late_to_cancel(job: Job) -> TooLate:
    """Say why a job can no longer be cancelled."""
    if job.state is JobState.UNSURE:
        return TooLate(code=Code.AWAITS_DECISION, id=job.short_id)
    return TooLate(code=Code.ON_ITS_WAY if job.state in DRIVEN else Code.TOO_LATE, id=job.short_id)


def seed_of(key: JobId) -> int:
    """Derive a seed that is another one for every press, and the same when an event comes twice."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) >> 1

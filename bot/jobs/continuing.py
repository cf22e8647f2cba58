"""Videos that go on where another ends, and joining the parts."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.capabilities import Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, MediaError
from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.join import Join
from bot.domain.origin import Origin, Relation
from bot.domain.states import TERMINAL
from bot.domain.video import SourceUse, VideoRequest
from bot.jobs.actor import Actor, find_job
from bot.jobs.models import Options
from bot.jobs.native import Children, native_source
from bot.jobs.service import VideoService, seed_of
from bot.jobs.studio import STUDIO, original
from bot.ports import Clock, JobStore, SettingsStore, Workspace
from bot.ports_media import MediaTools

MOST_PARTS = 50
"""So many steps back are gone, so that a damaged table cannot make a circle of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A video to go on from, and the words of what it ends with."""

    job: Job
    prompt: str


class Continuing:
    """The use cases around the next part."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        family: Children,
        settings: SettingsStore,
        videos: VideoService,
        media: MediaTools,
        workspace: Workspace,
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._family = family
        self._settings = settings
        self._videos = videos
        self._media = media
        self._workspace = workspace
        self._clock = clock

    async def beginning(self, typed_id: str, actor: Actor) -> Beginning:
        """Return what is gone on from.

        Raises:
            JobNotFound: unknown, or of another server.
            InvalidRequest: there is no video yet, or never was.
        """
        job = await self._made(typed_id, actor)
        last = await self._last_rendered(job)
        return Beginning(job=job, prompt=last.request.prompt)

    async def go_on(
        self,
        typed_id: str,
        actor: Actor,
        *,
        prompt: str,
        seconds: int | None,
        key: JobId,
        place: Place,
        locale: str,
    ) -> Job:
        """Accept the next part as the actor's own job; `seconds` None makes it as long as the last one.

        The API extends its own video where it can; else the last good frame becomes the first picture, its
        colours drawn towards the first part's.

        Raises:
            JobNotFound: unknown, or of another server.
            UserError: refused as `VideoService.submit` refuses; also where there is nothing to go on from.
        """
        earlier = await self._jobs.get(key)
        if earlier is not None:
            return earlier
        job = (await self.beginning(typed_id, actor)).job
        last = await self._last_rendered(job)
        options = self._options(job, last, prompt, seconds, key)
        source = await native_source(self._videos.models, self._family, job, SourceUse.EXTEND)
        picture = await self._last_frame(job, options) if source is None else None
        return await self._videos.submit(
            replace(options, source=source),
            origin=Origin(parent=job.id, relation=Relation.CONTINUATION),
            key=key,
            user_id=actor.user_id,
            place=place,
            locale=locale,
            picture=picture,
        )

    async def join(self, typed_id: str, actor: Actor, *, key: JobId, place: Place, locale: str) -> Job:
        """Accept a video of this part and all before it that are kept here, at least the one before.

        Raises:
            JobNotFound: unknown, or of another server.
            UserError: one of the two is gone, too many wait, or the disk is full.
        """
        job = await self._made(typed_id, actor)
        parts = await self._parts(job)
        if len(parts) < 2 or await self._file(job) is None:
            raise InvalidRequest(code=Code.JOIN_SOURCE_GONE)
        await self._workspace.check_room()
        now = self._clock.now()
        request = VideoRequest(
            prompt=parts[0].request.prompt,
            size=job.request.size,
            seconds=sum(part.request.seconds for part in parts),
            join=Join(sources=tuple(part.id for part in parts)),
        )
        joined = Job(
            id=key,
            short_id=short_id(key),
            provider=STUDIO,
            user_id=actor.user_id,
            place=place,
            request=request,
            created_at=now,
            due_at=now,
            locale=locale,
            origin=Origin(parent=parts[0].id, relation=Relation.JOIN),
        )
        return await self._jobs.add(joined, await self._settings.guild(place.guild_id))

    async def _made(self, typed_id: str, actor: Actor) -> Job:
        job = await find_job(self._jobs, typed_id, actor)
        # Its message stands there for a moment before the row says so.
        if job.state not in TERMINAL and job.result_file is None:
            raise InvalidRequest(code=Code.CONTINUE_TOO_EARLY, id=job.short_id)
        return job

    def _options(self, job: Job, last: Job, prompt: str, seconds: int | None, key: JobId) -> Options:
        options = Options.of(last.provider, last.request)
        _, model = self._videos.models.choose(options.model)
        same = prompt.strip() == last.request.prompt
        return replace(
            options,
            prompt=prompt,
            size=str(job.request.size),
            seconds=last.request.seconds if seconds is None else seconds,
            seed=seed_of(key) if model.known(Option.SEED).support is Support.YES else None,
            style=options.style if same else None,
            typed=options.typed if same else None,
            source=None,
        )

    async def _last_frame(self, job: Job, options: Options) -> bytes:
        """Return the last good frame, in the size that the next part will have."""
        # Refused before a frame is looked for, which takes its time.
        _, request = await self._videos.check(options, None, None)
        video = await self._file(job)
        if video is None:
            raise InvalidRequest(code=Code.NOTHING_TO_CONTINUE, id=job.short_id)
        try:
            return await self._media.good_frame(video, size=request.size, match=await self._first_part(job))
        except MediaError as error:
            raise InvalidRequest(str(error), code=Code.NOTHING_TO_CONTINUE, id=job.short_id) from error

    async def _last_rendered(self, job: Job) -> Job:
        """Return the job, or of a joined video its last part: that one has words and a model."""
        for _ in range(MOST_PARTS):
            if job.request.join is None:
                break
            part = await self._jobs.get(JobId(job.request.join.sources[-1]))
            if part is None:
                break
            job = part
        if job.request.join is not None:
            raise InvalidRequest(code=Code.NOTHING_TO_CONTINUE, id=job.short_id)
        return job

    async def _first_part(self, job: Job) -> Path | None:
        """Return the earliest part that is kept here, None where the job has no part before it."""
        found = None
        for _ in range(MOST_PARTS):
            before = await self._before(job, within_joins=True)
            if before is None:
                break
            job, found = before, await self._file(before) or found
        return found

    async def _parts(self, job: Job) -> list[Job]:
        """Return the job with the parts before it, the first one first, as far back as they are kept here.

        What an API has extended may hold what came before: it begins the whole.
        """
        parts = [job]
        while len(parts) < MOST_PARTS and parts[0].request.source is None:
            before = await self._before(parts[0])
            if before is None or await self._file(before) is None:
                break
            parts.insert(0, before)
        return parts

    async def _before(self, job: Job, *, within_joins: bool = False) -> Job | None:
        if job.request.join is not None:
            return await self._jobs.get(JobId(job.request.join.sources[0])) if within_joins else None
        if job.origin.relation is not Relation.CONTINUATION or job.origin.parent is None:
            return None
        return await self._jobs.get(JobId(job.origin.parent))

    async def _file(self, job: Job) -> Path | None:
        path = original(job, self._workspace)
        return path if path is not None and await asyncio.to_thread(path.is_file) else None


def may_be_continued(job: Job) -> bool:
    """Say whether there is, or will be in a moment, a video whose end is known; a reel tells no story."""
    return job.result_file is not None and not (job.request.join is not None and job.request.join.scores)


def has_part_before(job: Job) -> bool:
    """Say whether the video is the next part of another, which a board would join by itself.

    What an API has extended may hold the part before already.
    """
    continues = job.origin.relation is Relation.CONTINUATION and job.origin.board is None
    return continues and job.request.source is None and job.result_file is not None

"""Pictures that fit badly: the member sees what could be done before anything is ordered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.capabilities import lost_by_crop
from bot.domain.codes import Code
from bot.domain.draft import DRAFT_KEPT, Draft
from bot.domain.errors import InvalidRequest, UnreadableImage
from bot.domain.fit import Fit
from bot.domain.job import Job, JobId, Place
from bot.domain.video import Size, VideoRequest
from bot.jobs.models import Options
from bot.ports import Clock, DraftStore, MediaTools, Workspace
from bot.ports_provider import VideoProvider

MOST_LOST = 0.25
"""What a crop may take of a picture before the member is asked."""
PREVIEW_SIDE = 384
"""The longer side of a preview, pixels."""


class Videos(Protocol):
    """What drafts need of the service."""

    async def check(
        self, options: Options, picture: bytes | None, last_picture: bytes | None
    ) -> tuple[VideoProvider, VideoRequest]:
        """Check the options against the real pictures."""

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
    ) -> Job:
        """Accept a video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A draft, and what each way of fitting makes of the picture that loses most: small JPEGs."""

    draft: Draft
    previews: Mapping[Fit, bytes]


class Drafts:
    """Keep what was asked for until its author has chosen how the picture is fitted."""

    def __init__(
        self, *, store: DraftStore, videos: Videos, media: MediaTools, workspace: Workspace, clock: Clock
    ) -> None:
        self._store = store
        self._videos = videos
        self._media = media
        self._workspace = workspace
        self._clock = clock
        self._in_decision: set[JobId] = set()

    async def open(
        self,
        options: Options,
        *,
        key: JobId,
        user_id: int,
        picture: bytes,
        last_picture: bytes | None,
        anyway: bool = False,
    ) -> Offer | None:
        """Keep a draft if a crop would lose too much (or `anyway`); None where there is nothing to ask.

        Raises:
            UserError: the request cannot be taken at all.
        """
        provider, request = await self._videos.check(options, picture, last_picture)
        lost = {
            lost_by_crop(request.size, await self._media.picture_size(data)): data
            for data in (last_picture, picture)
            if data is not None
        }
        if not anyway and max(lost) <= MOST_LOST:
            return None
        await self._workspace.check_room()
        previews = await self._previews(preview_size(request.size), lost[max(lost)])
        draft = await self._keep(provider, request, key, user_id, picture, last_picture)
        return Offer(draft=draft, previews=previews)

    async def keep(
        self,
        options: Options,
        *,
        key: JobId,
        user_id: int,
        picture: bytes | None,
        last_picture: bytes | None,
    ) -> Draft:
        """Keep a request that its author decides about later, whatever its pictures.

        Raises:
            UserError: the request cannot be taken at all.
        """
        provider, request = await self._videos.check(options, picture, last_picture)
        await self._workspace.check_room()
        return await self._keep(provider, request, key, user_id, picture, last_picture)

    async def accept(self, draft_id: JobId, fit: Fit, *, user_id: int, place: Place, locale: str) -> Job:
        """Order the draft's video with its picture fitted so; the draft is gone then.

        Raises:
            InvalidRequest: the draft is decided, too old or somebody else's.
            UserError: refused as any video; the draft stays.
        """
        async with self._deciding(draft_id, user_id) as draft:
            job = await self._videos.submit(
                Options.of(draft.provider, draft.request),
                key=draft.id,
                user_id=user_id,
                place=place,
                locale=locale,
                picture=await self._given(draft.request.picture),
                last_picture=await self._given(draft.request.last_picture),
                fit=fit,
            )
            await self._forget(draft)
        if job.place != place:  # another process was quicker: the message of its press shows the job
            raise InvalidRequest(code=Code.DRAFT_GONE)
        return job

    async def drop(self, draft_id: JobId, *, user_id: int) -> None:
        """Forget the draft.

        Raises:
            InvalidRequest: there is none, or it is somebody else's.
        """
        async with self._deciding(draft_id, user_id) as draft:
            await self._forget(draft)

    async def _keep(
        self,
        provider: VideoProvider,
        request: VideoRequest,
        key: JobId,
        user_id: int,
        picture: bytes | None,
        last_picture: bytes | None,
    ) -> Draft:
        if picture is not None:
            request = replace(request, picture=await self._workspace.keep_given(key, picture))
        if last_picture is not None:
            name = await self._workspace.keep_given(key, last_picture, "last")
            request = replace(request, last_picture=name)
        draft = Draft(
            id=key, user_id=user_id, provider=provider.name, request=request, created_at=self._clock.now()
        )
        await self._store.add(draft)
        return draft

    async def _previews(self, size: Size, picture: bytes) -> Mapping[Fit, bytes]:
        try:
            return {fit: await self._media.fit_picture(picture, size, fit) for fit in Fit}
        except UnreadableImage as error:
            raise InvalidRequest(str(error), code=error.code, **error.facts) from error

    @contextlib.asynccontextmanager
    async def _deciding(self, draft_id: JobId, user_id: int) -> AsyncIterator[Draft]:
        """Give the draft to one press alone: two would write the same files."""
        if draft_id in self._in_decision:
            raise InvalidRequest(code=Code.DRAFT_GONE)
        self._in_decision.add(draft_id)
        try:
            draft = await self._store.get(draft_id)
            age = self._clock.now() - draft.created_at if draft is not None else 0
            if draft is None or draft.user_id != user_id or age > DRAFT_KEPT:
                raise InvalidRequest(code=Code.DRAFT_GONE)
            yield draft
        finally:
            self._in_decision.discard(draft_id)

    async def _given(self, name: str | None) -> bytes | None:
        if name is None:
            return None
        try:
            return await asyncio.to_thread(self._workspace.path(name).read_bytes)
        except OSError as error:
            raise InvalidRequest(str(error), code=Code.DRAFT_GONE) from error

    async def _forget(self, draft: Draft) -> None:
        await self._store.remove(draft.id)
        await self._workspace.discard([draft.request.picture, draft.request.last_picture])


def loses_much(size: Size, picture: Size) -> bool:
    """Say whether a crop to this size takes so much of the picture that the member should see it first."""
    return lost_by_crop(size, picture) > MOST_LOST


def preview_size(size: Size) -> Size:
    """Return the same shape, small."""
    scale = PREVIEW_SIDE / max(size.width, size.height)
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))

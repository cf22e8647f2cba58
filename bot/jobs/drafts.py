"""Pictures that fit badly, words that could be better: the member sees it before anything is ordered."""

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
from bot.ports import Clock, DraftStore, Workspace
from bot.ports_media import MediaTools
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a draft asks for, with its pictures as they were given."""

    options: Options
    picture: bytes | None
    last_picture: bytes | None


class Drafts:
    """Keep what was asked for until its author has chosen the words, and how the picture is fitted."""

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
        lost = await self._lost(request.size, picture, last_picture)
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
        enhanced: str | None = None,
    ) -> Draft:
        """Keep a request that its author decides about later, whatever its pictures.

        Raises:
            UserError: the request cannot be taken at all, or not with the enhanced words.
        """
        provider, request = await self._videos.check(options, picture, last_picture)
        if enhanced is not None:
            _, better = await self._videos.check(replace(options, prompt=enhanced), picture, last_picture)
            enhanced = better.prompt
        await self._workspace.check_room()
        return await self._keep(provider, request, key, user_id, picture, last_picture, enhanced)

    async def reword(self, draft_id: JobId, enhanced: str, *, user_id: int) -> Draft:
        """Keep other words beside the author's own.

        Raises:
            InvalidRequest: they cannot be taken, or the draft is decided, too old or somebody else's.
        """
        async with self._deciding(draft_id, user_id) as draft:
            kept = await self._kept(draft, draft.request)
            options = replace(kept.options, prompt=enhanced)
            _, better = await self._videos.check(options, kept.picture, kept.last_picture)
            changed = replace(draft, enhanced=better.prompt)
            await self._store.change(changed)
        return changed

    async def look(self, draft_id: JobId, *, user_id: int) -> Draft:
        """Return the draft.

        Raises:
            InvalidRequest: it is decided, too old or somebody else's.
        """
        async with self._deciding(draft_id, user_id) as draft:
            return draft

    async def read(self, draft_id: JobId, *, user_id: int, enhanced: bool) -> Kept:
        """Return what the draft asks for, with the enhanced words or the author's own.

        Raises:
            InvalidRequest: it is decided, too old or somebody else's.
        """
        async with self._deciding(draft_id, user_id) as draft:
            return await self._kept(draft, draft.request_enhanced if enhanced else draft.request)

    async def fits_badly(self, size: Size, *pictures: bytes | None) -> bool:
        """Say whether a crop would lose too much of one of the pictures, which were checked before."""
        return max(await self._lost(size, *pictures), default=0.0) > MOST_LOST

    async def accept(
        self,
        draft_id: JobId,
        fit: Fit,
        *,
        user_id: int,
        place: Place,
        locale: str,
        enhanced: bool = False,
    ) -> Job:
        """Order the draft's video with its picture fitted so, and `enhanced` in those words; it is gone then.

        Raises:
            InvalidRequest: the draft is decided, too old or somebody else's.
            UserError: refused as any video; the draft stays.
        """
        async with self._deciding(draft_id, user_id) as draft:
            kept = await self._kept(draft, draft.request_enhanced if enhanced else draft.request)
            job = await self._videos.submit(
                kept.options,
                key=draft.id,
                user_id=user_id,
                place=place,
                locale=locale,
                picture=kept.picture,
                last_picture=kept.last_picture,
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
        enhanced: str | None = None,
    ) -> Draft:
        if picture is not None:
            request = replace(request, picture=await self._workspace.keep_given(key, picture))
        if last_picture is not None:
            name = await self._workspace.keep_given(key, last_picture, "last")
            request = replace(request, last_picture=name)
        draft = Draft(
            id=key,
            user_id=user_id,
            provider=provider.name,
            request=request,
            created_at=self._clock.now(),
            enhanced=enhanced,
        )
        await self._store.add(draft)
        return draft

    async def _lost(self, size: Size, *pictures: bytes | None) -> dict[float, bytes]:
        return {
            lost_by_crop(size, await self._media.picture_size(data)): data
            for data in reversed(pictures)
            if data is not None
        }

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

    async def _kept(self, draft: Draft, request: VideoRequest) -> Kept:
        return Kept(
            options=Options.of(draft.provider, request),
            picture=await self._given(request.picture),
            last_picture=await self._given(request.last_picture),
        )

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

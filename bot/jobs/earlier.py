"""Earlier videos of exactly the same request: they can be shown for nothing."""

import asyncio
from typing import Protocol

from bot.domain.errors import InvalidRequest, UnreadableImage
from bot.domain.job import Job
from bot.domain.video import VideoRequest
from bot.jobs.drafts import Videos
from bot.jobs.models import Options
from bot.ports import Clock, Workspace
from bot.ports_media import MediaTools

LOOKED_BACK = 30 * 24 * 3_600_000
"""An older video is not offered, milliseconds."""


class EarlierStore(Protocol):
    """The jobs table, asked for what was asked for before; raises `DatabaseUnavailable`."""

    async def alike(self, *, guild_id: int, provider: str, request: VideoRequest, since: int) -> list[Job]:
        """Return jobs of the server that were delivered there since then (ms), newest first.

        They are equal in everything but their pictures, which only their files tell.
        """


class EarlierVideos:
    """Finds the video that an order would make once more."""

    def __init__(
        self,
        *,
        store: EarlierStore,
        videos: Videos,
        media: MediaTools,
        workspace: Workspace,
        clock: Clock,
    ) -> None:
        self._store = store
        self._videos = videos
        self._media = media
        self._workspace = workspace
        self._clock = clock

    async def find(
        self, options: Options, *, guild_id: int, picture: bytes | None, last_picture: bytes | None
    ) -> list[Job]:
        """Return the server's jobs of the same request, newest first; seed and pictures count.

        Raises:
            InvalidRequest: the options or the pictures cannot be used.
        """
        provider, request = await self._videos.check(options, picture, last_picture)
        since = self._clock.now() - LOOKED_BACK
        jobs = await self._store.alike(
            guild_id=guild_id, provider=provider.name, request=request, since=since
        )
        if not jobs:
            return []
        wanted = [await self._fitted(data, request) for data in (picture, last_picture)]
        return [
            job
            for job in jobs
            if [await self._kept(name) for name in (job.request.picture, job.request.last_picture)] == wanted
        ]

    async def _fitted(self, data: bytes | None, request: VideoRequest) -> bytes | None:
        if data is None:
            return None
        try:
            return await self._media.fit_picture(data, request.size)
        except UnreadableImage as error:
            raise InvalidRequest(str(error), code=error.code, **error.facts) from error

    async def _kept(self, name: str | None) -> bytes | None:
        """Return a job's picture; what is no longer kept equals none."""
        if name is None:
            return None
        try:
            return await asyncio.to_thread(self._workspace.path(name).read_bytes)
        except OSError:
            return b""

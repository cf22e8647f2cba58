"""The provider of joined videos: this machine itself. A join is an ordinary job, so nothing of it is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.domain.capabilities import Capabilities
from bot.domain.codes import Code
from bot.domain.errors import CannotFit, ProviderError
from bot.domain.job import Job, JobId
from bot.domain.join import Caption
from bot.domain.remote import PollPace, RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.video import VideoRequest
from bot.ports import JobStore, Workspace
from bot.ports_media import MediaTools
from bot.ports_provider import ProviderCatalog, VideoProvider

STUDIO = "(join)"
"""The name in jobs; no card can have it."""
SLOTS = 2
Captions = Callable[[Job], Awaitable[Sequence[Caption]]]
"""Writes the captions of a reel's clips."""


class Studio:
    """Implements `bot.ports_provider.VideoProvider`: takes no orders from members, joins what a job names."""

    def __init__(
        self,
        *,
        store: JobStore,
        media: MediaTools,
        workspace: Workspace,
        captions: Captions | None = None,
    ) -> None:
        self._store = store
        self._media = media
        self._workspace = workspace
        self._captions = captions

    name = STUDIO
    label = STUDIO
    models: Sequence[Capabilities] = ()
    retired: str | None = None
    submit_safety = SubmitSafety.KEY
    pace = PollPace(first=1.0, longest=1.0)
    slots = SLOTS

    def capabilities(self, model: str) -> Capabilities | None:
        """Members cannot ask for any."""
        return None

    async def submit(
        self, request: VideoRequest, *, picture: Path | None, last_picture: Path | None = None, key: str
    ) -> RemoteVideo:
        """Take the order: the job itself says what is to be joined."""
        return RemoteVideo(id=key, status=RemoteStatus.DONE)

    async def poll(self, remote_id: str) -> RemoteVideo:
        """Nothing has to be waited for: the work is done when the result is fetched."""
        return RemoteVideo(id=remote_id, status=RemoteStatus.DONE)

    async def find(self, request: VideoRequest, *, since: int) -> list[RemoteVideo]:
        """Nothing is in doubt here."""
        return []

    async def download(
        self,
        video: RemoteVideo,
        *,
        into: Path,
        limit: int,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> int:
        """Join the videos into the file; a part of an earlier process is begun anew.

        Raises:
            ProviderError: a source is gone, or the videos cannot be joined; trying again would not help.
        """
        job = await self._store.get(JobId(video.id))
        if job is None or job.request.join is None:
            raise ProviderError("no job of this id joins anything", code=Code.JOIN_IMPOSSIBLE)
        join = job.request.join
        sources = [await self._source(JobId(source)) for source in join.sources]
        captions = await self._captions(job) if join.scores and self._captions is not None else ()

        def told(percent: int) -> None:
            if progress is not None:
                progress(percent, 100)

        try:
            await self._media.join_videos(
                sources,
                into,
                fade=join.fade,
                title=join.title,
                limit=limit,
                progress=told,
                captions=captions,
                longest=join.longest,
            )
        except CannotFit as error:
            raise ProviderError(str(error), code=Code.JOIN_IMPOSSIBLE) from error
        return (await asyncio.to_thread(into.stat)).st_size

    async def cancel(self, remote_id: str) -> bool:
        """A join is not worth stopping."""
        return False

    async def _source(self, job_id: JobId) -> Path:
        job = await self._store.get(job_id)
        path = None if job is None else original(job, self._workspace)
        if path is None:
            raise ProviderError(f"the video of {job_id} is not here", code=Code.JOIN_SOURCE_GONE)
        return path


def original(job: Job, workspace: Workspace) -> Path | None:
    """Return the file of a job's video, None where it is no longer kept or on another machine."""
    if job.result_file is None or not workspace.home.may_have(job):
        return None
    return workspace.path(job.result_file)


class WithStudio:
    """The configured providers, and the studio for joins: implements `ProviderCatalog`."""

    def __init__(self, catalog: ProviderCatalog, studio: Studio) -> None:
        self._catalog = catalog
        self._studio = studio

    def default(self) -> VideoProvider:
        """Return the provider that is used when the member chose none."""
        return self._catalog.default()

    def get(self, name: str) -> VideoProvider | None:
        """Return the provider of this name."""
        return self._studio if name == STUDIO else self._catalog.get(name)

    def all(self) -> Sequence[VideoProvider]:
        """Return every provider, the default first and the studio last."""
        return (*self._catalog.all(), self._studio)

    def find(self, model: str) -> tuple[VideoProvider, Capabilities] | None:
        """Return the model that a member names."""
        return self._catalog.find(model)

"""Hand-written stand-ins for the edges of the job machine: the provider, Discord, the clock, the disk."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.domain.capabilities import Capabilities
from bot.domain.chart import Chart
from bot.domain.container import Container
from bot.domain.errors import MediaError, NotAVideo, UnreadableImage
from bot.domain.fit import Fit
from bot.domain.job import Job, JobId, Posted, Venue
from bot.domain.join import Caption
from bot.domain.lineage import FamilyMember
from bot.domain.progress import Progress
from bot.domain.remote import PollPace, RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.states import JobState
from bot.domain.video import Size, VideoRequest
from bot.ports_provider import VideoProvider
from tests.factories import NOW, make_capabilities, make_remote


class FakeClock:
    """Time moves only when every task waits: sleeping is instant and in order."""

    def __init__(self, now: int = NOW) -> None:
        self._now = now
        self._order = itertools.count()
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._mover: asyncio.Task[None] | None = None
        self.slept: list[float] = []

    def now(self) -> int:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += int(seconds * 1000)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        until = self._now + max(0, int(seconds * 1000))
        heapq.heappush(self._sleepers, (until, next(self._order), future))
        if self._mover is None or self._mover.done():
            self._mover = asyncio.create_task(self._move())
        await future

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        waits = [asyncio.ensure_future(self.sleep(seconds)), asyncio.ensure_future(event.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _move(self) -> None:
        while self._sleepers:
            for _ in range(20):  # let everyone else run first
                await asyncio.sleep(0)
            await asyncio.sleep(0.002)
            until, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                self._now = max(self._now, until)
                future.set_result(None)


async def _nothing() -> None: ...


class FakeProvider:
    """A video API that does as it is told. Scripts are lists of answers or errors, used up one a call."""

    def __init__(
        self,
        *,
        name: str = "preview",
        safety: SubmitSafety = SubmitSafety.KEY,
        slots: int = 2,
        pace: PollPace | None = None,
        models: Sequence[Capabilities] = (),
        retired: str | None = None,
    ) -> None:
        self._name = name
        self.models = tuple(models) or (make_capabilities(),)
        self.retired = retired
        self._safety = safety
        self._slots = slots
        self._pace = pace or PollPace(first=1, longest=4, deadline=600)
        self.submits: list[str] = []
        self.created: dict[str, RemoteVideo] = {}
        self.cancelled: list[str] = []
        self.downloads = 0
        self.downloaded: list[str | None] = []
        self.before_find: Callable[[], Awaitable[None]] = _nothing
        self.before_download: Callable[[Path], object] = lambda into: None
        self.submit_script: list[Exception | Callable[[], None]] = []
        self.poll_script: list[RemoteVideo | Exception] = []
        self.download_script: list[Exception] = []
        self.lose_reply = False
        self.content = b"not really an mp4"
        self.hold: asyncio.Event | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def label(self) -> str:
        return self._name

    def capabilities(self, model: str) -> Capabilities | None:
        return next((found for found in self.models if found.model == model), None)

    @property
    def submit_safety(self) -> SubmitSafety:
        return self._safety

    @property
    def pace(self) -> PollPace:
        return self._pace

    @property
    def slots(self) -> int:
        return self._slots

    async def submit(
        self, request: VideoRequest, *, picture: Path | None, last_picture: Path | None = None, key: str
    ) -> RemoteVideo:
        self.submits.append(key)
        if self.submit_script:
            answer = self.submit_script.pop(0)
            if isinstance(answer, Exception):
                if self.lose_reply:
                    self._create(request, key)
                raise answer
            answer()
        return self._create(request, key)

    def _create(self, request: VideoRequest, key: str) -> RemoteVideo:
        if self._safety is SubmitSafety.KEY and key in self.created:
            return self.created[key]
        number = len(self.created) + 1
        video = make_remote(id=f"video_{number}", prompt=request.prompt, status=RemoteStatus.QUEUED)
        self.created[key if key not in self.created else f"{key}+{number}"] = video
        return video

    async def poll(self, remote_id: str) -> RemoteVideo:
        if self.hold is not None and not self.hold.is_set():
            return make_remote(id=remote_id, progress=10)
        if self.poll_script:
            answer = self.poll_script.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        return make_remote(id=remote_id, status=RemoteStatus.DONE, progress=100)

    async def find(self, request: VideoRequest, *, since: int) -> list[RemoteVideo]:
        await self.before_find()
        return [video for video in self.created.values() if video.prompt == request.prompt]

    async def download(
        self,
        video: RemoteVideo,
        *,
        into: Path,
        limit: int,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> int:
        self.downloads += 1
        self.downloaded.append(video.url)
        self.before_download(into)
        if self.download_script:
            raise self.download_script.pop(0)
        await asyncio.to_thread(into.parent.mkdir, parents=True, exist_ok=True)
        return await asyncio.to_thread(into.write_bytes, self.content)

    async def cancel(self, remote_id: str) -> bool:
        self.cancelled.append(remote_id)
        return True


class FakeCatalog:
    """One or more fake providers; the first is the default."""

    def __init__(self, *providers: FakeProvider) -> None:
        self.providers = {provider.name: provider for provider in providers}

    def default(self) -> VideoProvider:
        return next(iter(self.providers.values()))

    def get(self, name: str) -> VideoProvider | None:
        return self.providers.get(name)

    def all(self) -> Sequence[VideoProvider]:
        return list(self.providers.values())

    def find(self, model: str) -> tuple[VideoProvider, Capabilities] | None:
        for provider in self.providers.values():
            for found in provider.models:
                if model in (f"{provider.name}/{found.model}", found.model, found.shown_as):
                    return provider, found
        return None


class FakeAnnouncer:
    """A channel that remembers what it was shown; posts are de-duplicated by job, as a nonce does."""

    def __init__(self) -> None:
        self.shown: list[tuple[JobState, Progress]] = []
        self.forgotten: list[JobId] = []
        self.closed: list[tuple[JobId, JobState]] = []
        self.posts: dict[str, int] = {}
        self.posted_files: list[Path] = []
        self.deliver_script: list[Exception] = []
        self.close_script: list[Exception] = []
        self.limit = 10 << 20
        self.rated: list[JobId] = []
        self.in_history: dict[str, int] = {}
        self.history_refused: Exception | None = None
        self.venues: list[Venue] = []
        self.doubts: list[bool] = []
        self.channels = {Venue.PLACE: 200, Venue.PARENT: 201, Venue.DIRECT: 202}
        self.limits: dict[Venue, int | Exception] = {}

    def progress(self, job: Job, progress: Progress) -> None:
        self.shown.append((job.state, progress))

    def forget(self, job_id: JobId) -> None:
        self.forgotten.append(job_id)

    async def close(self, job: Job) -> None:
        if self.close_script:
            raise self.close_script.pop(0)
        self.closed.append((job.id, job.state))

    async def upload_limit(self, job: Job) -> int:
        limit = self.limits.get(job.venue, self.limit)
        if isinstance(limit, Exception):
            raise limit
        return limit

    async def deliver(self, job: Job, file: Path, *, in_doubt: bool) -> Posted:
        self.venues.append(job.venue)
        if self.deliver_script:
            raise self.deliver_script.pop(0)
        self.posted_files.append(file)
        self.doubts.append(in_doubt)
        message_id = self.posts.setdefault(job.id, 9000 + len(self.posts))
        return Posted(channel_id=self.channels[job.venue], message_id=message_id)

    async def find_delivery(self, job: Job) -> Posted | None:
        if self.history_refused is not None:
            raise self.history_refused
        message_id = self.in_history.get(job.id)
        return Posted(channel_id=200, message_id=message_id) if message_id is not None else None

    async def invite_rating(self, job: Job) -> None:
        self.rated.append(job.id)


class FakeMedia:
    """Takes every picture and video unless told otherwise."""

    def __init__(self) -> None:
        self.picture = Size(800, 600)
        self.video_script: list[MediaError] = []
        self.foreign = False
        self.fits: list[tuple[bytes, Size, Fit]] = []
        self.shrunk: list[int] = []
        self.shrink_script: list[MediaError] = []
        self.still_script: list[MediaError] = []
        self.joined: list[tuple[list[str], bool, str | None]] = []
        self.captioned: list[tuple[list[Caption], float | None]] = []
        self.join_script: list[MediaError] = []
        self.frames: list[tuple[str, str | None]] = []
        self.frame_script: list[MediaError] = []
        self.sheets: list[tuple[tuple[str, ...], tuple[int, ...]]] = []
        self.filled: list[list[int]] = []
        self.charts: list[Chart] = []

    async def picture_size(self, data: bytes) -> Size:
        if data == b"not a picture":
            raise UnreadableImage("not a picture")
        return self.picture

    async def fit_picture(self, data: bytes, size: Size, fit: Fit = Fit.CROP) -> bytes:
        self.fits.append((data, size, fit))
        return b"fitted"

    async def check_video(self, path: Path) -> Container:
        if self.video_script:
            raise self.video_script.pop(0)
        if not await asyncio.to_thread(path.exists):
            raise NotAVideo("missing")
        return Container.MP4

    async def needs_conversion(self, path: Path) -> bool:
        return self.foreign

    async def join_videos(
        self,
        sources: Sequence[Path],
        target: Path,
        *,
        fade: bool,
        title: str | None,
        limit: int,
        progress: Callable[[int], None],
        captions: Sequence[Caption] = (),
        longest: float | None = None,
    ) -> None:
        self.joined.append(([source.name for source in sources], fade, title))
        self.captioned.append((list(captions), longest))
        if self.join_script:
            raise self.join_script.pop(0)
        await asyncio.to_thread(target.write_bytes, b"joined video")

    async def good_frame(self, video: Path, *, size: Size, match: Path | None = None) -> bytes:
        self.frames.append((video.name, None if match is None else match.name))
        if self.frame_script:
            raise self.frame_script.pop(0)
        return b"frame of " + video.name.encode()

    async def contact_sheet(
        self, videos: Sequence[Path | None], *, captions: Sequence[str] = (), numbers: Sequence[int] = ()
    ) -> bytes:
        self.sheets.append((tuple(captions), tuple(numbers)))
        self.filled.append([number for number, video in enumerate(videos, start=1) if video is not None])
        return b"sheet of %d" % sum(video is not None for video in videos)

    async def family_picture(self, members: Sequence[FamilyMember]) -> bytes:
        return b"family of %d" % len(members)

    async def chart(self, chart: Chart) -> bytes:
        self.charts.append(chart)
        return b"chart"

    async def shrink_video(
        self, source: Path, target: Path, *, limit: int, progress: Callable[[int], None]
    ) -> None:
        self.shrunk.append(limit)
        if self.shrink_script:
            raise self.shrink_script.pop(0)
        progress(50)
        await asyncio.to_thread(target.write_bytes, b"small")

    async def take_still(self, source: Path, target: Path, *, limit: int) -> None:
        if self.still_script:
            raise self.still_script.pop(0)
        await asyncio.to_thread(target.write_bytes, b"\xff\xd8 a picture \xff\xd9")

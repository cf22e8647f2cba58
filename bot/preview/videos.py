"""Videos: the table of jobs, and the one render that runs at a time.

The table lives in memory and stands on the shelf: a client hears of a new job or of an end only when it is
written there. So a server that starts again, even after a kill, goes on: ended jobs are as they were, those
that waited or rendered are rendered anew in their order, which gives the same video.

Two words in a prompt play out failures for demos and tests: `[[moderated]]` ends as `moderation_blocked`
without a frame, `[[fail]]` ends as `internal_error` half way.
"""

import asyncio
import itertools
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from bot.preview.clip import FPS, Clip
from bot.preview.errors import ApiError, VideoError, invalid, not_found, too_many
from bot.preview.forms import SIZES, CreateVideo, RemixVideo
from bot.preview.picture import rgb_rows
from bot.preview.render import render
from bot.preview.shelf import Shelf
from bot.preview.video import LIFETIME, Video

log = logging.getLogger(__name__)

SWEEP_SECONDS = 60.0
RETRY_AFTER = 2
MODERATED, FAILING = "[[moderated]]", "[[fail]]"
BLOCKED = VideoError(code="moderation_blocked", message="Your request was blocked by our moderation system.")
BROKEN = VideoError(code="internal_error", message="The video could not be generated. Please try again.")


class RenderStopped(Exception):
    """The render was told to stop."""


class RenderFailed(Exception):
    """The prompt asked for a failure."""


class Videos:
    """All jobs of one server. `close` must be called from the loop that called `start`."""

    def __init__(self, *, folder: Path, concurrent: int, pace: float, clock: Callable[[], float]) -> None:
        self._shelf = Shelf(folder)
        self._concurrent = concurrent
        self._pace = pace
        self._clock = clock
        self._jobs: dict[str, Video] = {}
        self._waiting: asyncio.Queue[Video] = asyncio.Queue()
        self._numbers = itertools.count(1)
        self._accepting = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._renders = ThreadPoolExecutor(1, thread_name_prefix="preview-render")

    async def start(self) -> None:
        """Take up the jobs of earlier runs, and begin to render.

        Raises OSError with a sentence if the folder cannot be used, or another server uses it.
        """
        for video in await self._shelf.open():
            self._jobs[video.id] = video
            self._numbers = itertools.count(video.number + 1)
            if video.is_pending:
                self._waiting.put_nowait(video)
        await self.sweep()
        self._tasks = [asyncio.create_task(self._render_all()), asyncio.create_task(self._sweep_all())]

    async def close(self) -> None:
        """Stop the running render within a frame and wait for all threads; may be called twice."""
        for video in self._jobs.values():
            video.stopped.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._renders.shutdown, wait=True, cancel_futures=True)
        await self._shelf.close()

    def __len__(self) -> int:
        return len(self._jobs)

    def path_of(self, video: Video) -> Path:
        """Return where the MP4 of a job lies."""
        return self._shelf.path_of(video.id, ".mp4")

    async def create(self, request: CreateVideo, idempotency_key: str | None = None) -> Video:
        """Accept a job, or return the one that the same key made before.

        Raises ApiError: 400 for a bad picture or a key that was used for another request, 429 at the limit;
        OSError if the job cannot be written.
        """
        fingerprint = await asyncio.to_thread(request.fingerprint)
        await self.sweep()
        if (earlier := self._earlier(idempotency_key, fingerprint)) is not None:
            return earlier
        self._check_room()
        size = SIZES[request.size]
        rows = None if request.picture is None else await asyncio.to_thread(rgb_rows, request.picture, size)
        video_id = _new_id()
        picture = None if rows is None else await self._shelf.keep_picture(video_id, rows)
        clip = Clip(
            prompt=request.prompt,
            negative_prompt=request.negative_prompt,
            seed=secrets.randbits(63) if request.seed is None else request.seed,
            width=size[0],
            height=size[1],
            seconds=request.seconds,
            picture=picture,
        )
        video = self._new(video_id, clip, request.model, request.size)
        video.idempotency_key, video.fingerprint = idempotency_key, fingerprint
        return await self._accept(video)

    async def remix(self, request: RemixVideo, idempotency_key: str | None = None) -> Video:
        """Accept a job of the same size, length and picture; without a seed of its own that too is the same.

        Raises ApiError, as `create`; OSError if the job cannot be written.
        """
        await self.sweep()
        if (earlier := self._earlier(idempotency_key, request.fingerprint())) is not None:
            return earlier
        source = await self.get(request.source)
        if source.status != "completed":
            raise ApiError(
                status=400,
                message="Only a completed video can be remixed.",
                code="video_not_ready",
                param="video_id",
            )
        self._check_room()
        new_id = _new_id()
        picture = None
        if source.clip.picture is not None:
            try:
                picture = await self._shelf.copy_picture(source.clip.picture, new_id)
            except FileNotFoundError as exc:  # deleted meanwhile
                raise not_found(source.id) from exc
        seed = source.clip.seed if request.seed is None else request.seed
        clip = replace(source.clip, prompt=request.prompt, seed=seed, picture=picture)
        video = self._new(new_id, clip, source.model, source.size)
        video.remixed_from = source.id
        video.idempotency_key, video.fingerprint = idempotency_key, request.fingerprint()
        return await self._accept(video)

    async def get(self, video_id: str) -> Video:
        """Return a job. Raises ApiError 404 if it is unknown, deleted or expired."""
        await self.sweep()
        if (video := self._jobs.get(video_id)) is None:
            raise not_found(video_id)
        return video

    async def page(self, *, after: str | None, limit: int, newest_first: bool) -> tuple[list[Video], bool]:
        """Return up to `limit` jobs after the job `after`, and whether there are more. Raises ApiError."""
        await self.sweep()
        videos = list(self._jobs.values())
        if newest_first:
            videos.reverse()
        if after is not None:
            places = [place for place, video in enumerate(videos) if video.id == after]
            if not places:
                raise invalid("after", "after must be the id of a video")
            videos = videos[places[0] + 1 :]
        return videos[:limit], len(videos) > limit

    async def delete(self, video_id: str) -> None:
        """Forget a job and its files; a job that waits or renders is cancelled. Raises ApiError 404."""
        video = await self.get(video_id)
        await self._forget([video])

    async def sweep(self) -> None:
        """Forget every job that ended more than 24 hours ago."""
        now = self._clock()
        old = [
            video
            for video in self._jobs.values()
            if video.ended_at is not None and now >= video.ended_at + LIFETIME
        ]
        if old:
            await self._forget(old)

    async def _forget(self, videos: list[Video]) -> None:
        for video in videos:
            video.stopped.set()
            self._jobs.pop(video.id, None)
            if video.is_pending:
                video.status = "cancelled"
        await self._shelf.remove(videos)

    def _earlier(self, key: str | None, fingerprint: str) -> Video | None:
        if key is None:
            return None
        for video in self._jobs.values():
            if video.idempotency_key == key:
                if video.fingerprint != fingerprint:
                    message = "This Idempotency-Key was used for a different request."
                    raise ApiError(status=400, message=message, code="idempotency_key_reused")
                return video
        return None

    def _check_room(self) -> None:
        if sum(video.is_pending for video in self._jobs.values()) >= self._concurrent:
            raise too_many(self._concurrent, RETRY_AFTER)

    def _new(self, video_id: str, clip: Clip, model: str, size: str) -> Video:
        return Video(id=video_id, clip=clip, model=model, size=size, created_at=self._clock())

    async def _accept(self, video: Video) -> Video:
        """Write a job and put it into the table, unless another came first while its picture was decoded."""
        try:
            # One after the other: nobody is told of a job that is not yet written, and the order is the same.
            async with self._accepting:
                if (earlier := self._earlier(video.idempotency_key, video.fingerprint)) is None:
                    self._check_room()
                    video.number = next(self._numbers)
                    await self._shelf.keep(video)
                    self._jobs[video.id] = video
                    self._waiting.put_nowait(video)
                    return video
        except (ApiError, OSError):
            await self._shelf.remove([video])
            raise
        await self._shelf.remove([video])
        return earlier

    async def _sweep_all(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self.sweep()

    async def _render_all(self) -> None:
        """Render one job after the other; two at a time would each take twice as long."""
        loop = asyncio.get_running_loop()
        while True:
            video = await self._waiting.get()
            if video.id not in self._jobs:
                continue
            video.status = "in_progress"
            ending = await loop.run_in_executor(self._renders, self._render, video)
            if video.id not in self._jobs:
                await self._shelf.remove([video])
                continue
            await self._end(video, ending)

    async def _end(self, video: Video, ending: int | VideoError) -> None:
        """Write the end of a job, and only then show it."""
        if isinstance(ending, VideoError):
            ended = replace(video, status="failed", ended_at=self._clock(), error=ending)
        else:
            ended = replace(video, status="completed", ended_at=self._clock(), length=ending)
        try:
            await self._shelf.keep(ended)
        except OSError:
            log.exception("the end of %s cannot be written; after a restart it is rendered anew", video.id)
        if video.id in self._jobs:  # not deleted meanwhile
            self._jobs[video.id] = ended

    def _render(self, video: Video) -> int | VideoError:
        """Render one job in a thread; return the length of its MP4 in bytes, or why it failed."""
        prompt, started = video.clip.prompt, time.monotonic()
        if MODERATED in prompt:
            return BLOCKED

        def on_frame(done: int) -> None:
            video.frames_done = done
            wait = started + self._pace * done / FPS - time.monotonic()
            if video.stopped.wait(wait) if wait > 0 else video.stopped.is_set():
                raise RenderStopped
            if FAILING in prompt and done >= video.clip.frames // 2:
                raise RenderFailed

        try:
            render(video.clip, self.path_of(video), on_frame=on_frame)
            return self.path_of(video).stat().st_size
        except (RenderFailed, RenderStopped):  # of a stopped one nobody hears
            return BROKEN
        except Exception:
            log.exception("render of %s failed", video.id)
            return BROKEN


def _new_id() -> str:
    return f"video_{secrets.token_hex(16)}"

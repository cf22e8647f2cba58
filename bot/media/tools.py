"""`MediaTools` for the bot: pictures in two threads, videos in a process, nothing on the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.domain.chart import Chart
from bot.domain.container import Container
from bot.domain.fit import Fit
from bot.domain.join import Caption
from bot.domain.lineage import FamilyMember
from bot.domain.video import Size
from bot.media.charts import draw_chart
from bot.media.child import Allowance
from bot.media.continuing import contact_sheet, good_frame
from bot.media.family import family_picture
from bot.media.heif import as_jpeg, is_heif
from bot.media.join import join
from bot.media.picture import fit_picture, picture_size
from bot.media.shrink import shrink
from bot.media.still import take_still
from bot.media.tracks import needs_conversion
from bot.media.whole import check_whole

_PICTURES_AT_ONCE = 2  # each may hold 400 MB while it is flattened
_DECODES_AT_ONCE = 1  # each may take two gigabytes before it is ended
_LOOKS_AT_ONCE = 1
_CHARTS_AT_ONCE = 1  # each holds 150 MB for a second or two
_SHRINKS_AT_ONCE = 1  # the encoder has a thread for each core already


class Media:
    """Implements `bot.ports.MediaTools`."""

    def __init__(self, *, allowance: Allowance | None = None) -> None:
        self._threads = ThreadPoolExecutor(_PICTURES_AT_ONCE, thread_name_prefix="picture")
        self._decodes = asyncio.Semaphore(_DECODES_AT_ONCE)
        self._looks = asyncio.Semaphore(_LOOKS_AT_ONCE)
        self._charts = asyncio.Semaphore(_CHARTS_AT_ONCE)
        self._shrinks = asyncio.Semaphore(_SHRINKS_AT_ONCE)
        self._allowance = allowance or Allowance()

    async def picture_size(self, data: bytes) -> Size:
        """Read a picture's size after rotation from its header; see `bot.media.picture`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, picture_size, data)

    async def fit_picture(self, data: bytes, size: Size, fit: Fit = Fit.CROP) -> bytes:
        """Turn any picture into a JPEG of exactly this size; see `bot.media.picture`."""
        if is_heif(data):
            await self.picture_size(data)  # what its header admits needs no process
            async with self._decodes:
                data = await as_jpeg(data)
        return await asyncio.get_running_loop().run_in_executor(self._threads, fit_picture, data, size, fit)

    async def check_video(self, path: Path) -> Container:
        """Check that the file is a whole video and name its container; see `bot.media.whole`."""
        return await asyncio.to_thread(check_whole, path)

    async def needs_conversion(self, path: Path) -> bool:
        """Say whether the video is anything else than H.264 and AAC in an MP4; see `bot.media.tracks`."""
        return await asyncio.to_thread(needs_conversion, path)

    async def shrink_video(
        self, source: Path, target: Path, *, limit: int, progress: Callable[[int], None]
    ) -> None:
        """Write an MP4 of at most `limit` bytes; see `bot.media.shrink`. One at a time, the others wait."""
        async with self._shrinks:
            await shrink(source, target, limit=limit, progress=progress, allowance=self._allowance)

    async def take_still(self, source: Path, target: Path, *, limit: int) -> None:
        """Write a JPEG of a good frame, of at most `limit` bytes; see `bot.media.still`."""
        async with self._shrinks:
            await take_still(source, target, limit=limit)

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
        """Write one MP4 of the videos in order; see `bot.media.join`. It takes turns with `shrink_video`."""
        async with self._shrinks:
            await join(
                sources,
                target,
                fade=fade,
                title=title,
                limit=limit,
                progress=progress,
                captions=captions,
                longest=longest,
                allowance=self._allowance,
            )

    async def good_frame(self, video: Path, *, size: Size, match: Path | None = None) -> bytes:
        """Return a JPEG of the last good frame; see `bot.media.continuing`."""
        async with self._looks:
            return await good_frame(video, size=size, match=match)

    async def contact_sheet(
        self, videos: Sequence[Path | None], *, captions: Sequence[str] = (), numbers: Sequence[int] = ()
    ) -> bytes:
        """Return a JPEG with a numbered frame of each video; see `bot.media.continuing`."""
        async with self._looks:
            return await contact_sheet(videos, captions=captions, numbers=numbers)

    async def family_picture(self, members: Sequence[FamilyMember]) -> bytes:
        """Return a JPEG of the family as a tree; see `bot.media.family`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, family_picture, members)

    async def chart(self, chart: Chart) -> bytes:
        """Return a JPEG of figures; see `bot.media.charts`. One at a time, the others wait."""
        async with self._charts:
            return await draw_chart(chart)

    def close(self) -> None:
        """End the threads; pictures in work are finished, waiting ones dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

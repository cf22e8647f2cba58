"""The seam to the work on pictures and videos."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from bot.domain.chart import Chart
from bot.domain.container import Container
from bot.domain.fit import Fit
from bot.domain.join import Caption
from bot.domain.lineage import FamilyMember
from bot.domain.video import Size


class MediaTools(Protocol):
    """Work on pictures and videos, off the event loop."""

    async def picture_size(self, data: bytes) -> Size:
        """Read a picture's size after rotation from its header.

        Raises:
            UnreadableImage: not a JPEG, PNG, WebP or GIF, or a bomb; code and facts say which.
        """

    async def fit_picture(self, data: bytes, size: Size, fit: Fit = Fit.CROP) -> bytes:
        """Turn any picture into a JPEG of exactly this size: upright, opaque.

        Raises:
            UnreadableImage: as above, or truncated.
        """

    async def check_video(self, path: Path) -> Container:
        """Check that the file is a whole video and name its container.

        Raises:
            NotAVideo: it is not.
        """

    async def needs_conversion(self, path: Path) -> bool:
        """Say whether the video is anything else than H.264 and AAC in an MP4.

        Raises:
            NotAVideo: it is none.
        """

    async def shrink_video(
        self, source: Path, target: Path, *, limit: int, progress: Callable[[int], None]
    ) -> None:
        """Write an MP4 of at most `limit` bytes; `progress` is called on the loop with 0 to 100.

        Raises:
            CannotFit: not possible at a watchable quality, or the encoder failed or took too long.
        """

    async def take_still(self, source: Path, target: Path, *, limit: int) -> None:
        """Write a JPEG of a good frame, of at most `limit` bytes; raise `CannotFit` if there is none."""

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
        """Write one MP4 of the videos in order, of at most `limit` bytes; `progress` is called as above.

        `fade` blends each into the next over half a second, a `title` stands for two seconds first.
        `captions`, one a video, stand in the first three seconds of each; of none more than `longest` seconds
        are shown. Raises CannotFit: a source is no whole video, the whole gets too large, or it took too
        long.
        """

    async def good_frame(self, video: Path, *, size: Size, match: Path | None = None) -> bytes:
        """Return a JPEG of exactly this size: a frame near the end, from which a next video can go on.

        Its colours are drawn towards the beginning of `match`. Raises CannotFit: there is none, or too slow.
        """

    async def contact_sheet(
        self, videos: Sequence[Path | None], *, captions: Sequence[str] = (), numbers: Sequence[int] = ()
    ) -> bytes:
        """Return a JPEG of a numbered frame of each of 2 to 10 videos; raise CannotFit if one has none.

        None stands for a video that is no longer kept: its cell is empty.
        """

    async def family_picture(self, members: Sequence[FamilyMember]) -> bytes:
        """Return a JPEG of the family as a tree, of up to 40 members in the order of their making."""

    async def chart(self, chart: Chart) -> bytes:
        """Return a JPEG of figures, 1080 pixels wide; raise CannotFit if it cannot be drawn in time."""

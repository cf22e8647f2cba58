"""Pictures out of videos, made in child processes: one to go on from, or several to choose from."""

from collections.abc import Sequence
from pathlib import Path

from bot.domain.errors import CannotFit
from bot.domain.video import Size
from bot.media.child import Allowance
from bot.media.order import absolute, picture_of
from bot.media.sheet import FEWEST, MOST

_LARGEST = 8 << 20
"""Bytes of a picture; none of these needs more."""


async def good_frame(
    video: Path, *, size: Size, match: Path | None = None, allowance: Allowance | None = None
) -> bytes:
    """Return a JPEG of exactly this size: the last good frame of the video.

    Its colours are drawn towards the first second of the video `match`. Cancelling kills the process.

    Raises:
        CannotFit: no frame can be read, or it took too long.
    """
    order = {
        "video": absolute([video])[0],
        "match": None if match is None else absolute([match])[0],
        "width": size.width,
        "height": size.height,
    }
    limits = allowance or Allowance(per_second=2.0)
    return await picture_of("bot.media.good_frame_process", order, _LARGEST, limits)


async def contact_sheet(
    videos: Sequence[Path | None],
    *,
    captions: Sequence[str] = (),
    numbers: Sequence[int] = (),
    allowance: Allowance | None = None,
) -> bytes:
    """Return a JPEG with a numbered frame of each of 2 to 10 videos. Cancelling kills the process.

    Without `numbers` they count from 1. A video that is None has an empty cell.

    Raises:
        CannotFit: one has no frame, there are too few or too many, or it took too long.
    """
    if not FEWEST <= len(videos) <= MOST:
        raise CannotFit(f"{len(videos)} videos make no sheet")
    order = {
        "videos": [None if video is None else str(video.absolute()) for video in videos],
        "captions": list(captions),
        "numbers": list(numbers),
    }
    limits = allowance or Allowance(per_second=0.5)
    return await picture_of("bot.media.sheet_process", order, _LARGEST, limits)

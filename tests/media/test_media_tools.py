"""`Media` keeps its work off the event loop."""

import asyncio
import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.errors import CannotFit, NotAVideo, UnreadableImage
from bot.domain.video import Size
from bot.media.child import Allowance
from bot.media.tools import Media
from bot.ports_media import MediaTools


def large_png() -> bytes:
    """Forty megapixels with transparency: most of a second of work."""
    out = io.BytesIO()
    Image.new("RGBA", (8000, 5000), (10, 20, 30, 128)).save(out, "PNG", compress_level=1)
    return out.getvalue()


@pytest.fixture
def media() -> MediaTools:
    return Media(allowance=Allowance(start=0))


async def test_the_loop_goes_on_while_a_large_picture_is_fitted(media: MediaTools) -> None:
    work, turns = asyncio.create_task(media.fit_picture(large_png(), Size(1280, 720))), 0
    while not work.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert Image.open(io.BytesIO(await work)).size == (1280, 720)
    assert turns > 5, "work on the loop itself would leave it two turns"


async def test_at_most_two_pictures_are_in_work(media: MediaTools) -> None:
    data, others = large_png(), set(threading.enumerate())
    await asyncio.gather(*(media.fit_picture(data, Size(64, 64)) for _ in range(5)))
    started = set(threading.enumerate()) - others
    assert sum(thread.name.startswith("picture") for thread in started) == 2


async def test_the_tools_pass_results_and_errors_on(
    media: MediaTools, small_clip: Path, tmp_path: Path
) -> None:
    data = large_png()
    assert await media.picture_size(data) == Size(8000, 5000)
    await media.check_video(small_clip)
    with pytest.raises(UnreadableImage):
        await media.picture_size(b"no picture")
    with pytest.raises(UnreadableImage):
        await media.fit_picture(data[:-100_000], Size(64, 64))
    with pytest.raises(NotAVideo):
        await media.check_video(tmp_path / "missing.mp4")
    with pytest.raises(CannotFit, match="too long"):
        await media.shrink_video(
            small_clip, tmp_path / "fitted.mp4", limit=10**6, progress=lambda percent: None
        )


async def test_videos_are_shrunk_one_after_the_other(small_clip: Path, tmp_path: Path) -> None:
    media = Media()
    told: list[str] = []

    async def one(name: str) -> None:
        await media.shrink_video(
            small_clip,
            tmp_path / name,
            limit=small_clip.stat().st_size // 2,
            progress=lambda _: told.append(name),
        )

    await asyncio.gather(one("a"), one("b"))
    assert told == sorted(told)
    assert {"a", "b"} == set(told)
    media.close()

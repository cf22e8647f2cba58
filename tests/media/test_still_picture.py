"""A picture out of a real video, taken in a real child process."""

import asyncio
import io
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from bot.domain.errors import CannotFit
from bot.media.child import Allowance
from bot.media.still import take_still
from bot.media.tools import Media
from tests.media.children import children_running

MIB = 1 << 20


def opened(path: Path) -> Image.Image:
    with Image.open(io.BytesIO(path.read_bytes())) as picture:
        picture.load()
        return picture


async def test_a_frame_of_the_video_becomes_a_jpeg(clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "still.jpg"
    await take_still(clip, target, limit=10 * MIB)
    picture = opened(target)
    assert (picture.format, picture.size) == ("JPEG", (640, 360))
    assert np.asarray(picture).std() > 20
    assert target.stat().st_size <= MIB
    assert list(tmp_path.iterdir()) == [target]


async def test_a_large_picture_is_made_smaller(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "still.jpg"
    await take_still(make_clip(seconds=1, width=1920, height=1080), target, limit=10 * MIB)
    assert opened(target).size == (1280, 720)


@pytest.mark.parametrize("limit", [60_000, 8_000])
async def test_it_fits_even_a_small_limit(clip: Path, tmp_path: Path, limit: int) -> None:
    target = tmp_path / "still.jpg"
    await take_still(clip, target, limit=limit)
    assert 0 < target.stat().st_size <= limit
    opened(target)


async def test_a_dark_moment_is_not_chosen(tmp_path: Path) -> None:
    """Black from the beginning past the first moment that is looked at, stripes afterwards."""
    source, target = tmp_path / "film.mp4", tmp_path / "still.jpg"
    stripes = np.zeros((96, 128, 3), np.uint8)
    stripes[:, ::16] = stripes[:, 1::16] = 250
    with av.open(str(source), "w", format="mp4") as out:
        video = out.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 128, 96, "yuv420p"
        for number in range(40):
            pixels = np.zeros_like(stripes) if number < 18 else stripes
            out.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(video.encode(None))
    await take_still(source, target, limit=MIB)
    assert np.asarray(opened(target)).std() > 30


@pytest.mark.parametrize("content", [b"", b"no video", b"\0" * 100_000, None])
async def test_what_is_no_video_has_no_picture(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "video.mp4"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(CannotFit):
        await take_still(source, tmp_path / "still.jpg", limit=MIB)
    assert not (tmp_path / "still.jpg").exists()


async def test_a_limit_below_any_picture_leaves_nothing(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotFit):
        await take_still(clip, tmp_path / "still.jpg", limit=100)
    assert list(tmp_path.iterdir()) == []


async def test_a_child_that_takes_too_long_is_ended(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotFit, match="too long"):
        await take_still(clip, tmp_path / "still.jpg", limit=MIB, allowance=Allowance(start=0))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_cancelling_leaves_no_process_and_no_file(clip: Path, tmp_path: Path) -> None:
    task = asyncio.create_task(take_still(clip, tmp_path / "still.jpg", limit=MIB))
    async with asyncio.timeout(60):
        while not children_running("still_process"):
            await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children_running("still_process") == []
    assert list(tmp_path.iterdir()) == []


async def test_media_takes_stills(small_clip: Path, tmp_path: Path) -> None:
    await Media().take_still(small_clip, tmp_path / "still.jpg", limit=MIB)
    assert opened(tmp_path / "still.jpg").size == (64, 48)

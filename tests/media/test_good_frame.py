"""The last good frame, found in real videos by a real child process."""

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFilter

from bot.domain.errors import CannotFit
from bot.domain.video import Size
from bot.media.child import Allowance
from bot.media.continuing import good_frame
from bot.media.good_frame import Look, last_good
from bot.preview.clip import Clip
from bot.preview.render import render
from tests.media.children import children_running

SIZE = Size(640, 360)
Pixels = npt.NDArray[np.uint8]


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert picture.format == "JPEG"
    return picture.convert("RGB")


def motif() -> Pixels:
    """Return a picture with edges at every scale, of middle brightness."""
    noise = np.random.default_rng(5)
    picture = np.zeros((SIZE.height, SIZE.width, 3))
    for cell in (4, 20, 40):
        rough = noise.uniform(20, 70, (SIZE.height // cell, SIZE.width // cell, 3))
        picture += np.repeat(np.repeat(rough, cell, axis=0), cell, axis=1)
    return picture.astype(np.uint8)


def shoot(path: Path, frames: Iterator[Pixels] | list[Pixels], fps: int = 24) -> Path:
    with av.open(str(path), "w", format="mp4") as out:
        video = out.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "crf": "8"})
        video.width, video.height, video.pix_fmt = SIZE.width, SIZE.height, "yuv420p"
        for pixels in frames:
            out.mux(video.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")))
        out.mux(video.encode(None))
    return path


def marked(pixels: Pixels, index: int) -> Pixels:
    """Write the number of a picture into it: a light or dark square a bit, so that all are equally sharp."""
    copy = pixels.copy()
    copy[:48, :328] = 128
    for bit in range(8):
        copy[8:40, 12 + bit * 40 : 36 + bit * 40] = 236 if index >> bit & 1 else 20
    return copy


def number_in(picture: Image.Image) -> int:
    grey = np.asarray(picture.convert("L"), np.float32)
    ground = grey[2:6, 8:320].mean()
    return sum(1 << bit for bit in range(8) if grey[16:32, 18 + bit * 40 : 30 + bit * 40].mean() > ground)


def blurred(pixels: Pixels) -> Pixels:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(4)))


def darkened(pixels: Pixels, share: float) -> Pixels:
    return (pixels * share).astype(np.uint8)


async def test_where_all_are_alike_it_is_the_very_last(tmp_path: Path) -> None:
    video = shoot(tmp_path / "a.mp4", [marked(motif(), index) for index in range(72)])
    assert number_in(opened(await good_frame(video, size=SIZE))) == 71


async def test_the_sharpest_of_the_last_half_second_is_taken(tmp_path: Path) -> None:
    frames = [marked(motif() if index in {30, 64} else blurred(motif()), index) for index in range(72)]
    video = shoot(tmp_path / "a.mp4", frames)
    assert number_in(opened(await good_frame(video, size=SIZE))) == 64


@pytest.mark.parametrize("length", [12, 24, 48])
async def test_a_fade_to_black_is_left_out(tmp_path: Path, length: int) -> None:
    shares = [1.0] * (96 - length) + list(np.linspace(1, 0, length))
    frames = [darkened(marked(motif(), index), share) for index, share in enumerate(shares)]
    video = shoot(tmp_path / "a.mp4", frames)
    found = number_in(opened(await good_frame(video, size=SIZE)))
    assert 96 - length - 4 <= found <= 96 - length + 4


async def test_a_fade_that_stays_black_is_left_out(tmp_path: Path) -> None:
    shares = [1.0] * 60 + list(np.linspace(1, 0, 12)) + [0.0] * 20
    frames = [darkened(marked(motif(), index), share) for index, share in enumerate(shares)]
    video = shoot(tmp_path / "a.mp4", frames)
    assert 56 <= number_in(opened(await good_frame(video, size=SIZE))) <= 62


async def test_a_cut_to_a_dark_scene_is_no_fade(tmp_path: Path) -> None:
    frames = [marked(motif() if index < 40 else darkened(motif(), 0.4), index) for index in range(72)]
    video = shoot(tmp_path / "a.mp4", frames)
    assert number_in(opened(await good_frame(video, size=SIZE))) == 71


async def test_a_fade_to_white_is_left_out(tmp_path: Path) -> None:
    shares = [0.0] * 60 + list(np.linspace(0, 1, 16))
    frames = [
        (marked(motif(), index) * (1 - share) + 255 * share).astype(np.uint8)
        for index, share in enumerate(shares)
    ]
    video = shoot(tmp_path / "a.mp4", frames)
    assert 56 <= number_in(opened(await good_frame(video, size=SIZE))) <= 62


async def test_a_white_end_is_left_out(tmp_path: Path) -> None:
    white = np.full_like(motif(), 255)
    frames = [marked(motif(), index) if index < 60 else white for index in range(72)]
    video = shoot(tmp_path / "a.mp4", frames)
    assert number_in(opened(await good_frame(video, size=SIZE))) == 59


async def test_nothing_but_black_has_no_good_frame(tmp_path: Path) -> None:
    video = shoot(tmp_path / "a.mp4", [np.zeros_like(motif())] * 30)
    with pytest.raises(CannotFit, match="no picture"):
        await good_frame(video, size=SIZE)


async def test_it_has_exactly_the_size_and_the_colours_of_the_video(tmp_path: Path) -> None:
    video = shoot(tmp_path / "a.mp4", [motif()] * 30)
    picture = opened(await good_frame(video, size=Size(480, 480)))
    assert picture.size == (480, 480)
    whole = opened(await good_frame(video, size=SIZE))
    assert np.abs(np.asarray(whole, np.float32) - motif()).mean() < 6


async def test_colours_are_drawn_towards_the_match(tmp_path: Path) -> None:
    first = shoot(tmp_path / "first.mp4", [motif()] * 24)
    drifted = np.clip(motif() * [1.1, 1.08, 0.98] + 4, 0, 255).astype(np.uint8)
    second = shoot(tmp_path / "second.mp4", [drifted] * 30)
    matched = np.asarray(opened(await good_frame(second, size=SIZE, match=first)), np.float32)
    assert matched.mean(axis=(0, 1)) == pytest.approx(motif().mean(axis=(0, 1)), abs=3)
    assert drifted.mean() > motif().mean() * 1.07


async def test_another_scene_keeps_its_own_colours(tmp_path: Path) -> None:
    first = shoot(tmp_path / "first.mp4", [np.full_like(motif(), 220)] * 24)
    second = shoot(tmp_path / "second.mp4", [darkened(motif(), 0.6)] * 30)
    matched = np.asarray(opened(await good_frame(second, size=SIZE, match=first)), np.float32)
    assert matched.mean() == pytest.approx(float(darkened(motif(), 0.6).mean()), rel=0.04)


@pytest.mark.parametrize("content", [b"", b"no video", b"\0" * 100_000, None])
async def test_what_is_no_video_has_no_frame(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "video.mp4"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(CannotFit):
        await good_frame(source, size=SIZE)


async def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    video = shoot(tmp_path / "a.mp4", [motif()] * 10)
    with pytest.raises(CannotFit, match="too long"):
        await good_frame(video, size=SIZE, allowance=Allowance(start=0))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_cancelling_leaves_no_process_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video, folder = shoot(tmp_path / "a.mp4", [motif()] * 10), tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    task = asyncio.create_task(good_frame(video, size=SIZE))
    async with asyncio.timeout(60):
        while not children_running("good_frame_process"):
            await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children_running("good_frame_process") == []
    assert list(folder.iterdir()) == []


def look(index: int, mean: float = 100.0, sharpness: float = 50.0) -> Look:
    return Look(time=index / 24, mean=mean, dark=mean * 0.2, light=min(255.0, mean * 2), sharpness=sharpness)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([], None),
        ([look(0)], 0),
        ([look(index) for index in range(10)], 9),
        ([look(index, mean=5) for index in range(10)], None),
        ([look(index, mean=100 - index * 0.5) for index in range(40)], 39),
        ([*(look(index) for index in range(10)), look(10, mean=30), look(11)], 11),
        ([*(look(index) for index in range(11)), look(11, mean=30)], 10),
    ],
    ids=["nothing", "one", "alike", "dark", "a slow dusk", "a flash back", "a dark last one"],
)
def test_the_choice_by_figures(looks: list[Look], expected: int | None) -> None:
    assert last_good(looks) == expected


def likeness(one: Pixels, other: Pixels) -> float:
    """Return the structural similarity of two grey pictures: mean over blocks of eight pixels."""
    blocks = [
        picture[: picture.shape[0] // 8 * 8, : picture.shape[1] // 8 * 8]
        .astype(np.float64)
        .reshape(picture.shape[0] // 8, 8, -1, 8)
        .transpose(0, 2, 1, 3)
        for picture in (one, other)
    ]
    (a, b), c1, c2 = blocks, (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_a, mean_b = a.mean(axis=(2, 3)), b.mean(axis=(2, 3))
    covariance = (a * b).mean(axis=(2, 3)) - mean_a * mean_b
    score = ((2 * mean_a * mean_b + c1) * (2 * covariance + c2)) / (
        (mean_a**2 + mean_b**2 + c1) * (a.var(axis=(2, 3)) + b.var(axis=(2, 3)) + c2)
    )
    return float(score.mean())


def ends(video: Path) -> tuple[Pixels, Pixels, float]:
    """Return the first and the last picture in grey, and the mean brightness of the first second."""
    with video.open("rb") as file, av.open(file, "r", format="mp4") as container:
        frames = container.decode(video=0)
        greys = [np.asarray(frame.reformat(format="gray").to_ndarray(), np.uint8) for frame in frames]
    return greys[0], greys[-1], float(np.mean([grey.mean() for grey in greys[:24]]))


@pytest.mark.parametrize("matched", [True, False])
async def test_five_hops_keep_their_brightness(
    tmp_path: Path, matched: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model that makes everything 2 % brighter with each clip is held back by the match."""
    prompt = "A lighthouse on a cliff at golden hour, waves rolling in, gulls drifting"
    videos = [tmp_path / "0.mp4"]
    clip: Callable[..., Clip] = lambda number, picture=None: Clip(  # noqa: E731
        prompt=prompt, seed=number, width=SIZE.width, height=SIZE.height, seconds=2, picture=picture
    )
    render(clip(0), videos[0], on_frame=lambda _frame: None)
    drifts, likenesses = [], []
    _, before, start = ends(videos[0])
    for hop in range(1, 6):
        data = await good_frame(videos[-1], size=SIZE, match=videos[0] if matched else None)
        brighter = np.asarray(opened(data), np.float32) * 1.02
        raw = tmp_path / f"{hop}.rgb"
        raw.write_bytes(np.clip(brighter, 0, 255).astype(np.uint8).tobytes())
        videos.append(tmp_path / f"{hop}.mp4")
        render(clip(hop, raw), videos[-1], on_frame=lambda _frame: None)
        first, last, mean = ends(videos[-1])
        likenesses.append(likeness(before, first))
        drifts.append(mean / start - 1)
        before = last
    with capsys.disabled():
        rows = " ".join(f"{drift:+.2%}/{ssim:.3f}" for drift, ssim in zip(drifts, likenesses, strict=True))
        sys.stdout.write(f"\nfive hops, {matched=}, drift/SSIM: {rows}\n")
    assert min(likenesses) > 0.9
    if matched:
        assert max(map(abs, drifts)) < 0.03
    else:
        assert drifts[-1] > 0.05, "without the match it drifts, so the figures above say something"

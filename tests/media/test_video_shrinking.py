"""Shrinking real videos in a real child process."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from bot.domain.codes import Code
from bot.domain.errors import CannotFit
from bot.media.child import Allowance, Child
from bot.media.mp4 import check_mp4
from bot.media.shrink import shrink
from tests.media.children import children_running

MIB = 1 << 20
PROCESS = "shrink_process"

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def silent(_percent: int) -> None:
    """Take the progress and do nothing."""


def decoded(path: Path) -> Iterator[av.VideoFrame]:
    with path.open("rb") as file, av.open(file, "r", format="mp4") as container:
        yield from container.decode(video=0)


def length(path: Path, kind: str) -> float:
    """Seconds of a track, by what its packets hold."""
    with path.open("rb") as file, av.open(file, "r", format="mp4") as container:
        track = next(stream for stream in container.streams if stream.type == kind)
        ends = [
            (packet.pts + (packet.duration or 0)) * track.time_base
            for packet in container.demux(track)
            if packet.pts is not None and track.time_base is not None
        ]
        return float(max(ends))


def payloads(path: Path, kind: str) -> list[bytes]:
    with path.open("rb") as file, av.open(file, "r", format="mp4") as container:
        track = next(stream for stream in container.streams if stream.type == kind)
        return [bytes(packet) for packet in container.demux(track) if packet.dts is not None]


async def test_a_noisy_video_fits_into_a_mebibyte_and_plays(clip: Path, tmp_path: Path) -> None:
    assert clip.stat().st_size > 3 * MIB
    target, percents = tmp_path / "fitted.mp4", list[int]()
    await shrink(clip, target, limit=MIB, progress=percents.append)
    assert 0.5 * MIB < target.stat().st_size <= MIB
    assert check_mp4(target).faststart
    frames = list(decoded(target))
    assert len(frames) == 4 * 24
    assert (frames[0].width, frames[0].height, frames[0].format.name) == (640, 360, "yuv420p")
    assert length(target, "video") == pytest.approx(4.0, abs=0.05)
    assert payloads(target, "audio") == payloads(clip, "audio")
    assert percents == sorted(set(percents))
    assert (len(percents) > 5, percents[-1]) == (True, 100)
    assert list(tmp_path.iterdir()) == [target]


async def test_the_picture_stays_close_to_the_original(clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "fitted.mp4"
    await shrink(clip, target, limit=2 * MIB, progress=silent)
    for before, after in zip(decoded(clip), decoded(target), strict=True):
        assert after.time == pytest.approx(before.time, abs=0.001)
        difference = abs(before.to_ndarray(format="gray").astype(int) - after.to_ndarray(format="gray"))
        assert difference.mean() < 12  # the grain is lost, the shapes are not


async def test_rich_audio_is_encoded_anew_and_keeps_its_length(
    make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    rich = make_clip(audio_rate=320_000, layout="stereo")
    target = tmp_path / "fitted.mp4"
    await shrink(rich, target, limit=MIB, progress=silent)
    assert target.stat().st_size <= MIB
    assert length(target, "audio") == pytest.approx(length(rich, "audio"), abs=0.1)
    assert sum(map(len, payloads(target, "audio"))) < 0.6 * sum(map(len, payloads(rich, "audio")))


@pytest.mark.parametrize("limit", [MIB // 8, MIB // 4])
async def test_a_silent_film_fits_by_a_smaller_picture(
    make_clip: Callable[..., Path], tmp_path: Path, limit: int
) -> None:
    film = make_clip(audio_rate=0, width=1280, height=720, fps=30)
    target = tmp_path / "fitted.mp4"
    await shrink(film, target, limit=limit, progress=silent)
    assert target.stat().st_size <= limit
    frame = next(decoded(target))
    assert 240 <= frame.height < 720
    assert frame.width / frame.height == pytest.approx(16 / 9, rel=0.02)


async def test_odd_sizes_and_other_pixel_formats_become_playable(
    make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    odd = make_clip(seconds=2, width=321, height=241, pix_fmt="yuv444p")
    target = tmp_path / "fitted.mp4"
    await shrink(odd, target, limit=odd.stat().st_size // 2, progress=silent)
    frame = next(decoded(target))
    assert (frame.width, frame.height, frame.format.name) == (320, 240, "yuv420p")


async def test_a_small_enough_video_is_only_repacked(small_clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "fitted.mp4"
    assert not check_mp4(small_clip).faststart
    await shrink(small_clip, target, limit=small_clip.stat().st_size + 100, progress=silent)
    assert check_mp4(target).faststart
    for kind in ("video", "audio"):
        assert payloads(target, kind) == payloads(small_clip, kind)


@pytest.mark.parametrize("limit", [0, 1000, 50_000])
async def test_a_limit_below_the_watchable_cannot_fit_and_leaves_nothing(
    clip: Path, tmp_path: Path, limit: int
) -> None:
    with pytest.raises(CannotFit) as caught:
        await shrink(clip, tmp_path / "fitted.mp4", limit=limit, progress=silent)
    assert caught.value.code is Code.RESULT_TOO_LARGE
    assert list(tmp_path.iterdir()) == []


async def test_a_script_in_a_video_name_opens_no_other_file(small_clip: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.mp4").write_bytes(small_clip.read_bytes())
    script = tmp_path / "video.mp4"
    script.write_text("ffconcat version 1.0\nfile secret.mp4\n")
    with pytest.raises(CannotFit):
        await shrink(script, tmp_path / "fitted.mp4", limit=10 * MIB, progress=silent)
    assert not (tmp_path / "fitted.mp4").exists()


@pytest.mark.parametrize("content", [b"", b"no video", b"\0" * 100_000, None])
async def test_what_is_no_video_cannot_fit(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "video.mp4"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(CannotFit):
        await shrink(source, tmp_path / "fitted.mp4", limit=50_000, progress=silent)
    assert not (tmp_path / "fitted.mp4").exists()


async def test_sound_alone_cannot_fit(tmp_path: Path) -> None:
    source = tmp_path / "video.mp4"
    with av.open(str(source), "w", format="mp4") as out:
        track = out.add_stream("aac", rate=44_100)
        sound = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        sound.sample_rate = 44_100
        out.mux(track.encode(sound))
        out.mux(track.encode(None))
    with pytest.raises(CannotFit, match="no video track"):
        await shrink(source, tmp_path / "fitted.mp4", limit=10 * MIB, progress=silent)


@linux
async def test_cancelling_leaves_no_process_and_no_file(clip: Path, tmp_path: Path) -> None:
    moving = asyncio.Event()
    task = asyncio.create_task(
        shrink(clip, tmp_path / "fitted.mp4", limit=MIB, progress=lambda _: moving.set())
    )
    await asyncio.wait_for(moving.wait(), 60)
    assert len(children_running(PROCESS)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["fitted.mp4.part"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children_running(PROCESS) == []
    assert list(tmp_path.iterdir()) == []


@linux
@pytest.mark.parametrize(
    "allowance",
    [
        pytest.param(Allowance(start=0), id="to start"),
        pytest.param(Allowance(longest=0), id="for its length"),
    ],
)
async def test_a_process_that_takes_too_long_is_killed(
    clip: Path, tmp_path: Path, allowance: Allowance
) -> None:
    with pytest.raises(CannotFit, match="too long"):
        await shrink(clip, tmp_path / "fitted.mp4", limit=MIB, progress=silent, allowance=allowance)
    assert children_running(PROCESS) == []
    assert list(tmp_path.iterdir()) == []


@linux
async def test_a_codec_that_crashes_takes_only_its_process_along(clip: Path, tmp_path: Path) -> None:
    def crash(_percent: int) -> None:
        for child in children_running(PROCESS):
            os.kill(child, signal.SIGSEGV)

    with pytest.raises(CannotFit, match="code -11"):
        await shrink(clip, tmp_path / "fitted.mp4", limit=MIB, progress=crash)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("seconds", "total"),
    [(0.0, 60.0), (4.0, 180.0), (1e9, 1800.0), (-5.0, 60.0), (float("nan"), 60.0), (float("inf"), 1800.0)],
)
def test_the_time_grows_with_the_length_up_to_a_limit(seconds: float, total: float) -> None:
    assert Allowance().total(seconds) == total


def test_the_child_ends_when_nobody_listens_any_more(clip: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "bot.media.shrink_process",
        str(clip),
        str(tmp_path / "part"),
        str(MIB),
        "60",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        assert b"seconds" in child.stdout.readline()
        child.stdout.close()
        assert child.wait(60) != 0


class Hijacked(Child):
    """A child that a hostile video has taken over: it runs this code instead."""

    def __init__(self, code: str) -> None:
        super().__init__("bot.media.shrink_process", silent, Allowance())
        self.code = code

    def _command(self, source: Path, target: Path, limit: int) -> tuple[str, ...]:
        return sys.executable, "-c", self.code


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("print('no json')", id="no JSON"),
        pytest.param("print('[' * 50_000)", id="deep JSON"),
        pytest.param("print('x' * 1_000_000)", id="a line without end"),
        pytest.param("import os; os.write(1, b'\\xff\\xfe\\n')", id="no UTF-8"),
        pytest.param("print('[1]\\n7\\nnull')", id="other JSON"),
        pytest.param('print(\'{"percent": 1e999, "seconds": "4"}\')', id="wrong types"),
        pytest.param("print('{\"seconds\": NaN}')", id="NaN"),
        pytest.param("", id="silence"),
        pytest.param("raise SystemExit(3)", id="exit code"),
    ],
)
async def test_a_child_that_speaks_nonsense_is_an_encoder_that_failed(tmp_path: Path, code: str) -> None:
    with pytest.raises(CannotFit):
        await Hijacked(code).run(tmp_path / "a", tmp_path / "b", MIB)


async def test_the_child_gets_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    code = "import json, os; print(json.dumps({'error': ' '.join(os.environ)}))"
    with pytest.raises(CannotFit) as caught:
        await Hijacked(code).run(tmp_path / "a", tmp_path / "b", MIB)
    assert "PATH" in str(caught.value)
    assert "DISCORD_TOKEN" not in str(caught.value)


@linux
async def test_the_child_limits_its_memory_and_time(tmp_path: Path) -> None:
    code = (
        "import json, resource as r; from bot.media.confined import limit_resources as limit; "
        "limit(7); "
        "kinds = r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE; "
        "print(json.dumps({'error': str([r.getrlimit(kind)[0] for kind in kinds])}))"
    )
    with pytest.raises(CannotFit) as caught:
        await Hijacked(code).run(tmp_path / "a", tmp_path / "b", MIB)
    assert str(caught.value) == str([3 << 30, 7, 0])

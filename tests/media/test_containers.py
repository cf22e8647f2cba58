"""Videos of other kinds: told by their headers, and made to play everywhere."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from bot.domain.container import Container, container_of
from bot.domain.errors import CannotFit, NotAVideo
from bot.media.shrink import shrink
from bot.media.still import take_still
from bot.media.tools import Media
from bot.media.tracks import needs_conversion
from bot.media.whole import check_whole

MIB = 1 << 20
CHEAP = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
}


@contextmanager
def ordinary_priority() -> Iterator[None]:
    """Give the thread back its priority: run by root, SVT-AV1 raises it to the highest real-time one.

    Every later test of the process and all their children would have kept it, and starved the machine.
    """
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


@ordinary_priority()
def film(path: Path, container: str, codec: str, audio: str | None = None, pix_fmt: str = "yuv420p") -> Path:
    """Film two seconds of a bright bar that wanders over noise, with a tone."""
    noise = np.random.default_rng(1)
    with av.open(str(path), "w", format=container) as out:
        video = cast("VideoStream", out.add_stream(codec, rate=12, options=CHEAP.get(codec, {})))
        video.width, video.height, video.pix_fmt = 160, 96, pix_fmt
        video.codec_context.time_base = Fraction(1, 12)
        sound = cast("AudioStream", out.add_stream(audio, rate=48_000, layout="stereo")) if audio else None
        for number in range(24):
            pixels = noise.integers(0, 60, (96, 160, 3), dtype=np.uint8)
            pixels[:, number * 6 : number * 6 + 12] = 250
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = number
            out.mux(video.encode(frame.reformat(format=pix_fmt)))
        out.mux(video.encode(None))
        if sound is not None:
            wave = (np.sin(np.arange(96_000) * 0.05) * 8000).astype(np.int16)
            for start in range(0, 96_000, 960):
                samples = np.repeat(wave[start : start + 960], 2)[None]
                block = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
                block.sample_rate, block.pts, block.time_base = 48_000, start, Fraction(1, 48_000)
                out.mux(sound.encode(block))
            out.mux(sound.encode(None))
    return path


FOREIGN = [
    pytest.param(Container.MATROSKA, "webm", "libvpx-vp9", "libopus", "yuv420p", id="WebM, VP9 and Opus"),
    pytest.param(Container.MATROSKA, "webm", "libvpx", "libopus", "yuv420p", id="WebM of VP8"),
    pytest.param(Container.MATROSKA, "webm", "libvpx-vp9", None, "yuva420p", id="WebM with transparency"),
    pytest.param(Container.MATROSKA, "webm", "libvpx-vp9", None, "gbrp", id="WebM of RGB"),
    pytest.param(Container.MATROSKA, "webm", "libsvtav1", "libopus", "yuv420p10le", id="WebM of AV1"),
    pytest.param(Container.MATROSKA, "matroska", "libx264", "aac", "yuv420p", id="Matroska, H.264 and AAC"),
    pytest.param(Container.MATROSKA, "matroska", "libx265", "flac", "yuv420p", id="Matroska, HEVC and FLAC"),
    pytest.param(Container.AVI, "avi", "mpeg4", "libmp3lame", "yuv420p", id="AVI, MPEG-4 and MP3"),
    pytest.param(Container.AVI, "avi", "mjpeg", "pcm_s16le", "yuvj420p", id="AVI, motion JPEG"),
    pytest.param(Container.MP4, "mp4", "libsvtav1", "aac", "yuv420p", id="MP4, AV1"),
    pytest.param(Container.MP4, "mp4", "libx265", "aac", "yuv420p", id="MP4, HEVC"),
    pytest.param(Container.MP4, "mp4", "libx264", "libopus", "yuv420p", id="MP4 with Opus"),
    pytest.param(Container.MP4, "mp4", "libx264", "aac", "yuv444p", id="MP4, H.264 of 4:4:4"),
    pytest.param(Container.MP4, "mp4", "libx264", None, "yuv420p10le", id="MP4, H.264 of 10 bits"),
    pytest.param(Container.MP4, "mov", "libx264", "pcm_s16le", "yuv420p", id="MOV with PCM"),
]


@pytest.mark.parametrize(("container", "kind", "codec", "audio", "pix_fmt"), FOREIGN)
async def test_a_video_of_another_kind_becomes_an_mp4_that_plays_everywhere(
    container: Container, kind: str, codec: str, audio: str | None, pix_fmt: str, tmp_path: Path
) -> None:
    source, target = film(tmp_path / "source", kind, codec, audio, pix_fmt), tmp_path / "target.mp4"
    assert check_whole(source) is container
    assert needs_conversion(source)
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
    steps: list[int] = []
    await shrink(source, target, limit=10 * MIB, progress=steps.append)
    assert steps[-1] == 100
    assert check_whole(target) is Container.MP4
    assert not needs_conversion(target)
    with av.open(str(target)) as video:
        picture = video.streams.video[0].codec_context
        assert (picture.name, picture.width, picture.height) == ("h264", 160, 96)
        assert picture.pix_fmt in {"yuv420p", "yuvj420p"}
        assert [track.codec_context.name in {"aac", "mp3float"} for track in video.streams.audio] == (
            [True] if audio else []
        )
        frames = list(video.decode(video=0))
        assert len(frames) == 24
        times = [round(float(frame.time) * 12) for frame in frames]
        assert times == sorted(set(times)), "no two at the same time"
        assert all(abs(time - number) <= 1 for number, time in enumerate(times)), "an AVI starts late"
        for number in (2, 20):  # the bar is where it was, as bright as it was
            pixels = frames[number].to_ndarray(format="rgb24").mean(axis=(0, 2))
            assert abs(int(pixels.argmax()) - number * 6 - 6) < 10
            assert pixels.max() > 200
            assert pixels.min() < 80


async def test_sound_is_carried_over(tmp_path: Path) -> None:
    source = film(tmp_path / "source", "webm", "libvpx-vp9", "libopus")
    await shrink(source, tmp_path / "target", limit=MIB, progress=lambda _: None)
    with av.open(str(tmp_path / "target")) as video:
        parts = [frame.to_ndarray().mean(axis=0) for frame in video.decode(audio=0)]
        sound = np.concatenate(parts)
    assert abs(len(sound) / 48_000 - 2) < 0.1
    spectrum = np.abs(np.fft.rfft(sound[10_000:80_000]))
    heard = spectrum.argmax() * 48_000 / 70_000
    assert abs(heard - 0.05 * 48_000 / (2 * np.pi)) < 5


def test_an_mp4_of_h264_and_aac_stays_as_it_is(clip: Path, make_clip: Callable[..., Path]) -> None:
    assert not needs_conversion(clip)
    assert not needs_conversion(make_clip(seconds=1, width=64, height=48, fps=12, crf=30, audio_rate=0))


async def test_h264_in_another_container_is_copied_not_encoded(tmp_path: Path) -> None:
    source = film(tmp_path / "source", "matroska", "libx264", "aac")
    await shrink(source, tmp_path / "target", limit=MIB, progress=lambda _: None)

    def pictures(path: Path) -> list[bytes]:
        with av.open(str(path)) as video:
            return [frame.to_ndarray().tobytes() for frame in video.decode(video=0)]

    assert pictures(tmp_path / "target") == pictures(source)


async def test_a_webm_is_shrunk_to_a_small_limit_too(tmp_path: Path) -> None:
    source = film(tmp_path / "source", "webm", "libvpx-vp9", "libopus")
    await shrink(source, tmp_path / "target", limit=60_000, progress=lambda _: None)
    assert (tmp_path / "target").stat().st_size <= 60_000


async def test_a_webm_that_does_not_say_its_length_is_measured(tmp_path: Path) -> None:
    """As browsers and streaming servers write them: an open segment without a duration."""
    source = tmp_path / "source"
    with source.open("wb") as pipe:
        whole = film(tmp_path / "whole", "webm", "libvpx-vp9").read_bytes()
        at = whole.index(b"\x44\x89\x88")  # Duration, eight bytes
        segment = whole.index(b"\x18\x53\x80\x67")
        void = b"\xec\x89" + bytes(9)
        open_length = b"\x01" + b"\xff" * 7
        pipe.write(whole[: segment + 4] + open_length + whole[segment + 12 : at] + void + whole[at + 11 :])
    with av.open(str(source)) as video:
        assert video.duration is None or video.duration < 0
    assert check_whole(source) is Container.MATROSKA
    await shrink(source, tmp_path / "target", limit=MIB, progress=lambda _: None)
    with av.open(str(tmp_path / "target")) as video:
        assert len(list(video.decode(video=0))) == 24


async def test_a_webm_has_a_still_picture(tmp_path: Path) -> None:
    source = film(tmp_path / "source", "webm", "libvpx-vp9")
    await take_still(source, tmp_path / "still.jpg", limit=MIB)
    assert (tmp_path / "still.jpg").read_bytes().startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("kind", "codec"), [("webm", "libvpx-vp9"), ("matroska", "libx264"), ("avi", "mpeg4")]
)
def test_a_video_cut_anywhere_is_not_whole(kind: str, codec: str, tmp_path: Path) -> None:
    data = film(tmp_path / "source", kind, codec).read_bytes()
    for end in [*range(0, len(data), 211), len(data) - 1]:
        (tmp_path / "cut").write_bytes(data[:end])
        with pytest.raises(NotAVideo):
            check_whole(tmp_path / "cut")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"ffconcat version 1.0\nfile source\n", id="ffconcat"),
        pytest.param(b"#EXTM3U\n#EXTINF:2,\nsource\n", id="HLS"),
        pytest.param(b"\x1a\x45\xdf\xa3", id="EBML without a header"),
        pytest.param(b"\x1a\x45\xdf\xa3\x80" * 200, id="EBML headers without end"),
        pytest.param(b"\x1a\x45\xdf\xa3\x80\x00\x00", id="no element"),
        pytest.param(b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x80", id="an empty segment"),
        pytest.param(b"\x1a\x45\xdf\xa3\x01" + b"\xfe" * 7, id="a header longer than any file"),
        pytest.param(b"RIFF\xff\xff\xff\xffAVI ", id="an AVI of 4 GiB"),
        pytest.param(b"RIFF\x04\0\0\0WEBP", id="a picture"),
    ],
)
async def test_what_is_no_video_is_refused(data: bytes, tmp_path: Path) -> None:
    film(tmp_path / "source", "webm", "libvpx-vp9")
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(NotAVideo):
        check_whole(tmp_path / "file")
    with pytest.raises(CannotFit):
        await shrink(tmp_path / "file", tmp_path / "target", limit=MIB, progress=lambda _: None)
    assert not (tmp_path / "target").exists()


def test_an_mp4_whose_tracks_cannot_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    boxes = b"".join(
        length.to_bytes(4) + kind + body
        for length, kind, body in [
            (16, b"ftyp", b"isom\0\0\0\0"),
            (16, b"moov", b"\0\0\0\x40trak"),
            (16, b"mdat", b"\0" * 8),
        ]
    )
    (tmp_path / "file").write_bytes(boxes)
    assert not needs_conversion(tmp_path / "file")
    assert not needs_conversion(tmp_path / "missing")


def test_an_mp4_that_ends_in_an_empty_description_of_its_codec_is_converted(tmp_path: Path) -> None:
    def box(kind: bytes, *inside: bytes) -> bytes:
        body = b"".join(inside)
        return (8 + len(body)).to_bytes(4) + kind + body

    entry = box(b"avc1", bytes(78), box(b"avcC"))
    table = box(b"minf", box(b"stbl", box(b"stsd", bytes(8), entry)))
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"vide"), table))
    head = box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", b"\0")
    (tmp_path / "file").write_bytes(head + box(b"moov", track))
    assert needs_conversion(tmp_path / "file")


async def test_media_names_the_container_and_says_what_is_to_be_done(tmp_path: Path) -> None:
    source, media = await asyncio.to_thread(film, tmp_path / "source", "webm", "libvpx-vp9"), Media()
    assert await media.check_video(source) is Container.MATROSKA
    assert await media.needs_conversion(source)
    media.close()


@pytest.mark.parametrize("opening", [b"", b"ftyp", b"\0\0\0\x18ftyp", b"\x1aE\xdf\xa3", b"RIFF\0\0\0\0AVI "])
def test_the_first_bytes_tell_the_container(opening: bytes) -> None:
    expected = {b"\0\0\0\x18": Container.MP4, b"\x1aE\xdf\xa3": Container.MATROSKA, b"RIFF": Container.AVI}
    assert container_of(opening) is expected.get(opening[:4])

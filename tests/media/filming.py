"""Clips whose every picture and sound can be told apart, and what is read back from a joined video."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from bot.media.steady import matrix_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A bar wanders over a plain ground, a tone sounds. `rate` 0 is silent; `heard` of the seconds sound.

    `last_at` moves the last picture to that second.
    """

    seconds: float = 2.0
    width: int = 320
    height: int = 180
    fps: int = 24
    ground: tuple[int, int, int] = (70, 110, 160)
    tone: float = 440.0
    rate: int = 44_100
    layout: str = "mono"
    heard: float = 1.0
    grain: float = 0.0
    bframes: int = 0
    pix_fmt: str = "yuv420p"
    codec: str = "libx264"
    container: str = "mp4"
    last_at: float | None = None


def film(path: Path, shot: Film) -> Path:
    """Write the film and return its path."""
    options = {"preset": "veryfast", "crf": "16", "x264-params": f"bframes={shot.bframes}:keyint=48"}
    with av.open(str(path), "w", format=shot.container) as out:
        video = out.add_stream(
            shot.codec, rate=shot.fps, options=options if shot.codec == "libx264" else {"cpu-used": "8"}
        )
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = shot.width, shot.height, shot.pix_fmt
        audio: av.AudioStream | None = None
        if shot.rate:
            sound_codec = "libopus" if shot.container == "webm" else "aac"
            track = out.add_stream(sound_codec, rate=shot.rate, layout=shot.layout)
            assert isinstance(track, av.AudioStream)
            audio = track
        count = round(shot.seconds * shot.fps)
        for index in range(count):
            frame = av.VideoFrame.from_ndarray(_picture(shot, index), format="rgb24")
            frame.pts = index
            if shot.last_at is not None and index == count - 1:
                frame.pts = round(shot.last_at * shot.fps)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if audio is not None:
            length = round(shot.seconds * shot.heard * shot.rate)
            tone = np.sin(2 * np.pi * shot.tone * np.arange(length) / shot.rate).astype(np.float32) * 0.4
            channels = 2 if shot.layout == "stereo" else 1
            for start in range(0, length, 960):
                part = np.ascontiguousarray(np.repeat(tone[None, start : start + 960], channels, axis=0))
                sound = av.AudioFrame.from_ndarray(part, format="fltp", layout=shot.layout)
                sound.sample_rate, sound.pts, sound.time_base = shot.rate, start, Fraction(1, shot.rate)
                out.mux(audio.encode(sound))
            out.mux(audio.encode(None))
    return path


def _picture(shot: Film, index: int) -> npt.NDArray[np.uint8]:
    picture = np.full((shot.height, shot.width, 3), shot.ground, np.uint8)
    step = max(2, shot.width // 40)
    left = index * step % (shot.width - 2 * step)
    picture[shot.height // 4 : shot.height // 2, left : left + 2 * step] = 245
    if shot.grain:
        noise = np.random.default_rng(index).normal(0, shot.grain, picture.shape)
        picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    return picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A packet as it stands in a file, its times in the track's ticks."""

    pts: int
    dts: int
    data: bytes


def packets(path: Path, kind: str) -> list[Packet]:
    """Return the packets of a track."""
    with path.open("rb") as file, av.open(file, "r") as container:
        track = next(stream for stream in container.streams if stream.type == kind)
        return [
            Packet(pts=packet.pts, dts=packet.dts, data=bytes(packet))
            for packet in container.demux(track)
            if packet.pts is not None and packet.dts is not None
        ]


def pictures(path: Path) -> Iterator[av.VideoFrame]:
    """Yield the decoded pictures."""
    with path.open("rb") as file, av.open(file, "r") as container:
        yield from container.decode(video=0)


def greys(path: Path) -> npt.NDArray[np.float32]:
    """Return all pictures, small and grey."""
    return np.stack(
        [frame.reformat(160, 90, "gray").to_ndarray().astype(np.float32) for frame in pictures(path)]
    )


def mean_colour(frame: av.VideoFrame) -> tuple[float, float, float]:
    """Return the middle colour of the lower half, where no bar wanders."""
    pixels = frame.reformat(format="rgb24", src_colorspace=matrix_of(frame)).to_ndarray()
    high, wide = pixels.shape[:2]
    part = pixels[high * 5 // 8 : high * 7 // 8, wide * 2 // 5 : wide * 3 // 5]
    red, green, blue = part.reshape(-1, 3).mean(axis=0)
    return float(red), float(green), float(blue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The decoded sound of a file: one channel, placed at the time of its packets."""

    samples: npt.NDArray[np.float32]
    rate: int
    widest_hole: float

    def level(self, begin: float, end: float) -> float:
        """Return the effective value between two times."""
        part = self.samples[round(begin * self.rate) : round(end * self.rate)]
        return float(np.sqrt(np.mean(part**2)))

    def tone(self, begin: float, end: float) -> float:
        """Return the loudest frequency between two times, in Hz."""
        part = self.samples[round(begin * self.rate) : round(end * self.rate)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
        return float(np.argmax(spectrum) * self.rate / (1 << 16))


def heard(path: Path) -> Heard:
    """Decode the sound; `widest_hole` is the longest time between the end of one block and the next."""
    blocks: list[npt.NDArray[np.float32]] = []
    hole, at = 0.0, 0.0
    with path.open("rb") as file, av.open(file, "r") as container:
        rate = container.streams.audio[0].codec_context.sample_rate
        for frame in container.decode(audio=0):
            hole = max(hole, abs((frame.time or 0.0) - at))
            at = (frame.time or 0.0) + frame.samples / rate
            blocks.append(frame.to_ndarray()[0])
    return Heard(samples=np.concatenate(blocks), rate=rate, widest_hole=hole)

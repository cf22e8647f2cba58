"""Encode a video so that it fits. It runs in the child process only: it decodes bytes from outside."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, NoReturn

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from bot.domain.container import container_of
from bot.domain.errors import CannotFit
from bot.domain.video import Size
from bot.media.plan import Footage, Plan, plan

_ATTEMPTS = 5
_SMALLER = 0.93
_THREADS = min(4, os.cpu_count() or 1)
_EVERYWHERE = frozenset({"yuv420p", "yuvj420p"})
_RGB = 0  # AVCOL_SPC_RGB
_LOOK_EVERY = 10  # frames between looks at progress and file size


def transcode(
    source: Path, target: Path, limit: int, *, footage: Footage, report: Callable[[int], None]
) -> None:
    """Write a copy of at most `limit` bytes, the index first. `report` gets percents, anew with each attempt.

    Raises:
        CannotFit: no attempt became small enough, or none can.
        av.FFmpegError: the source is damaged.
    """
    if footage.plays_everywhere and source.stat().st_size <= limit:
        _remux(source, target)
        if target.stat().st_size <= limit:
            return
    share = 1.0
    for _ in range(_ATTEMPTS):
        _Encode(plan(footage, limit, share), footage, limit, report).run(source, target)
        if target.stat().st_size <= limit:
            return
        share *= _SMALLER
    raise CannotFit(f"{_ATTEMPTS} attempts did not get below {limit} bytes")


def read_footage(source: Path) -> Footage:
    """Read the figures that a plan needs.

    Raises:
        CannotFit: there is no video track.
        av.FFmpegError: the file is no video.
    """
    with reading(source) as container:
        video, audio = _tracks(container)
        return Footage(
            seconds=float(_length(container, video)),
            fps=min(float(video.average_rate or video.guessed_rate or 30), 120.0),
            size=Size(video.width, video.height),
            audio_rate=None if audio is None else audio.bit_rate or 0,
            audio_is_aac=audio is not None and audio.codec_context.name == "aac",
            plays_everywhere=(
                video.codec_context.name == "h264"
                and video.codec_context.pix_fmt in _EVERYWHERE
                and (audio is None or audio.codec_context.name in {"aac", "mp3", "mp3float"})
            ),
        )


def _length(container: InputContainer, video: VideoStream) -> Fraction:
    """Return seconds; where no header says them, by a walk over the packets."""
    if video.duration and video.time_base:
        return video.duration * video.time_base
    if container.duration:
        return Fraction(container.duration, av.time_base)
    ends = [(packet.pts or 0) + (packet.duration or 0) for packet in container.demux(video)]
    return max(ends, default=0) * (video.time_base or Fraction(0))


def _remux(source: Path, target: Path) -> None:
    with reading(source) as container, writing(target) as out:
        tracks: list[Stream] = [track for track in _tracks(container) if track is not None]
        copies = {track.index: out.add_stream_from_template(track) for track in tracks}
        for packet in container.demux(*tracks):
            if packet.dts is not None:  # the demuxer's last, empty packets have none
                packet.stream = copies[packet.stream.index]
                out.mux(packet)


class _Encode:
    """One attempt: H.264 with a quality ceiling and a rate ceiling, audio copied or AAC."""

    def __init__(self, aim: Plan, footage: Footage, limit: int, report: Callable[[int], None]) -> None:
        self._aim = aim
        self._footage = footage
        self._limit = limit
        self._report = report
        self._scaler = VideoReformatter()

    def run(self, source: Path, target: Path) -> None:
        """Write the target; stop as soon as it is over the limit."""
        with reading(source) as container, writing(target) as out:
            video, audio = _tracks(container)
            video.thread_type = "AUTO"
            video.thread_count = _THREADS
            video_out = self._add_video(out, video)
            audio_out = self._add_audio(out, audio)
            frames = 0
            for packet in container.demux(*(track for track in (video, audio) if track is not None)):
                if packet.stream.index != video.index:
                    self._pass_audio(out, packet, audio_out)
                    continue
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame):
                        out.mux(video_out.encode(self._scaled(frame)))
                        frames += 1
                        if frames % _LOOK_EVERY == 0 and not self._goes_on(target, frame):
                            return
            out.mux(video_out.encode(None))
            if audio_out is not None and self._aim.audio_rate:
                out.mux(audio_out.encode(None))

    def _add_video(self, out: OutputContainer, source: VideoStream) -> VideoStream:
        rate = Fraction(self._footage.fps).limit_denominator(1001)
        options = {
            "preset": "veryfast",
            "crf": "20",
            "maxrate": str(self._aim.video_rate),
            "bufsize": str(self._aim.buffer),
        }
        stream = out.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height = self._aim.size.width, self._aim.size.height
        stream.pix_fmt = "yuv420p"
        context, origin = stream.codec_context, source.codec_context
        if source.time_base is not None:
            context.time_base = source.time_base  # frames keep their times, also where the rate varies
        context.gop_size = max(1, round(self._footage.fps * 4))
        context.thread_count = _THREADS
        if origin.sample_aspect_ratio is not None:
            context.sample_aspect_ratio = origin.sample_aspect_ratio
        context.color_range = origin.color_range
        if origin.colorspace != _RGB:  # its numbers are converted below
            context.colorspace = origin.colorspace
        context.color_primaries, context.color_trc = origin.color_primaries, origin.color_trc
        return stream

    def _add_audio(self, out: OutputContainer, source: AudioStream | None) -> AudioStream | None:
        if source is None:
            return None
        if self._aim.audio_rate is None:
            return out.add_stream_from_template(source)
        stream = out.add_stream("aac", rate=48_000)
        stream.layout = "mono" if source.layout.nb_channels == 1 else "stereo"
        stream.bit_rate = self._aim.audio_rate
        return stream

    def _pass_audio(self, out: OutputContainer, packet: "Packet[Stream]", stream: AudioStream | None) -> None:
        if stream is None:
            return
        if self._aim.audio_rate is None:
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
            return
        for frame in packet.decode():
            if isinstance(frame, AudioFrame):
                if (
                    frame.pts is not None and frame.time_base is not None
                ):  # in samples: a coarser clock gives two blocks the same time
                    frame.pts = round(frame.pts * frame.time_base * frame.sample_rate)
                    frame.time_base = Fraction(1, frame.sample_rate)
                out.mux(stream.encode(frame))

    def _scaled(self, frame: VideoFrame) -> VideoFrame:
        size = self._aim.size
        if (frame.width, frame.height, frame.format.name) != (size.width, size.height, "yuv420p"):
            pts, time_base = frame.pts, frame.time_base
            frame = self._scaler.reformat(
                frame, size.width, size.height, "yuv420p", interpolation=Interpolation.BICUBIC
            )
            frame.pts, frame.time_base = pts, time_base
        frame.pict_type = 0  # else every key frame of the source stays one
        return frame

    def _goes_on(self, target: Path, frame: VideoFrame) -> bool:
        if frame.pts is not None:
            self._report(max(0, min(99, int(frame.time / self._footage.seconds * 100))))
        return target.stat().st_size <= self._limit


def _tracks(container: InputContainer) -> tuple[VideoStream, AudioStream | None]:
    if not container.streams.video:
        raise CannotFit("the file has no video track")
    return container.streams.video[0], next(iter(container.streams.audio), None)


@contextmanager
def reading(path: Path, *, probe: bool = True) -> Iterator[InputContainer]:
    """Open a video so that nothing in it can name another file (reference: media, security).

    Without `probe` only the headers are read, a tenth of the work: enough for packets, not for decoding.
    """
    with path.open("rb") as file:
        kind = container_of(file.read(16))
        file.seek(0)
        if kind is None:
            raise CannotFit("the file is no video")
        hurry = {} if probe else {"probesize": "32", "analyzeduration": "0", "fpsprobesize": "0"}
        with av.open(file, "r", format=kind.value, container_options=hurry, io_open=_refuse) as container:
            yield container


@contextmanager
def writing(path: Path) -> Iterator[OutputContainer]:
    """Open a new MP4 with its index in front; for that the muxer reads its own output once more."""

    def reopen(_url: str, _flags: int, _options: dict[str, str]) -> BinaryIO:
        return path.open("rb")

    with (
        path.open("wb", buffering=0) as file,
        av.open(file, "w", format="mp4", options={"movflags": "+faststart"}, io_open=reopen) as container,
    ):
        yield container


def _refuse(url: str, _flags: int, _options: dict[str, str]) -> NoReturn:
    raise PermissionError(f"the video refers to another file: {url[:80]}")

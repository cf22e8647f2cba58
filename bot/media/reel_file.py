"""Read what matters of a clip that is to be joined. It runs in the child process only."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from bot.domain.errors import CannotFit
from bot.domain.video import Size
from bot.media.reel import Reel, Sound
from bot.media.transcode import reading

_EVERYWHERE = frozenset({"yuv420p", "yuvj420p"})


@dataclass(slots=True)
class _Walk:
    """What the packets of one track tell, in its own ticks. `clean`: every packet is there to be shown."""

    begin: int | None = None
    end: int = 0
    first_is_key: bool = False
    clean: bool = True
    longest: int = 0

    def step(self, packet: "Packet[Stream]", usual: int) -> None:
        """Note one packet; `usual` is the length of one that does not say it."""
        if packet.pts is None or packet.dts is None or packet.is_corrupt:
            self.clean = False
            return
        length = packet.duration or usual
        if self.begin is None:
            self.first_is_key = packet.is_keyframe
            self.begin = packet.pts
        self.begin = min(self.begin, packet.pts)
        self.end = max(self.end, packet.pts + length)
        self.longest = max(self.longest, length)
        # An AAC track begins with a packet that only warms the decoder up.
        if packet.is_discard and packet.pts >= 0:
            self.clean = False


def read_reel(path: Path) -> Reel:
    """Walk over the packets of a clip, without decoding; headers are often wrong about lengths.

    Raises:
        CannotFit: there are no pictures.
        av.FFmpegError: the file is no video.
    """
    with reading(path) as container:
        if not container.streams.video:
            raise CannotFit("the file has no video track")
        video = container.streams.video[0]
        audio = next(iter(container.streams.audio), None)
        tracks: list[Stream] = [video] if audio is None else [video, audio]
        pace = video.average_rate or video.guessed_rate or Fraction(24)
        tick = video.time_base or Fraction(1, 90_000)
        usual = {video.index: round(1 / pace / tick)}
        walks = {track.index: _Walk() for track in tracks}
        for packet in container.demux(*tracks):
            if packet.size:
                index = packet.stream.index
                walks[index].step(packet, usual.get(index, 0))
        seen = walks[video.index]
        if seen.begin is None or seen.end <= seen.begin:
            raise CannotFit("the file has no pictures")
        start = seen.begin * tick
        return Reel(
            kind=_picture_kind(video),
            copyable=(
                video.codec_context.name == "h264"
                and video.codec_context.pix_fmt in _EVERYWHERE
                and seen.clean
                and seen.first_is_key
            ),
            size=_size(video),
            fps=pace.limit_denominator(1001),
            tick=tick,
            start=start,
            seconds=seen.end * tick - start,
            sound=None if audio is None else _sound(audio, walks[audio.index], start),
        )


def _sound(audio: AudioStream, walk: _Walk, start: Fraction) -> Sound | None:
    if walk.begin is None or audio.time_base is None:
        return None  # a track without packets
    context = audio.codec_context
    return Sound(
        kind=(
            context.name,
            context.profile,
            context.sample_rate,
            context.layout.name,
            bytes(context.extradata or b""),
        ),
        copyable=context.name == "aac" and walk.clean,
        rate=context.sample_rate,
        channels=context.layout.nb_channels,
        begin=walk.begin * audio.time_base - start,
        end=walk.end * audio.time_base - start,
        block=walk.longest * audio.time_base,
        tick=audio.time_base,
    )


def _picture_kind(video: VideoStream) -> tuple[object, ...]:
    context = video.codec_context
    return (
        context.name,
        context.width,
        context.height,
        context.pix_fmt,
        round(float(video.average_rate or 0), 2),
        context.sample_aspect_ratio,
        (context.color_range, context.colorspace, context.color_primaries, context.color_trc),
        bytes(context.extradata or b""),
    )


def _size(video: VideoStream) -> Size:
    """Return the size in square pixels, in even numbers."""
    stretch = video.codec_context.sample_aspect_ratio or Fraction(1)
    return Size(_even(video.width * stretch), _even(video.height))


def _even(pixels: Fraction | int) -> int:
    return max(16, round(pixels / 2) * 2)

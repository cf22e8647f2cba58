"""Clips that match, joined as they are: packets one after the other, without decoding."""

from fractions import Fraction

from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from bot.domain.errors import CannotFit
from bot.media.reel import Reel, Splice, plain


class CannotCopy(CannotFit):
    """The packets do not fit behind each other after all."""


class CopiedPicture:
    """Packets as they are, each clip where the pictures of the one before end."""

    def __init__(self, out: OutputContainer, template: VideoStream, splice: Splice) -> None:
        self._out = out
        self._stream = out.add_stream_from_template(template)
        self._splice = splice
        self._time_base = template.time_base or Fraction(1, 90_000)
        self._ratio: Fraction | int = 1  # of the clip's ticks to the whole's
        self._shift = 0
        self._last: int | None = None

    def begin(self, number: int, reel: Reel) -> None:
        """Begin the clip of this number."""
        self._ratio = plain(reel.tick / self._time_base)
        self._shift = round((self._splice.begins[number] - reel.start) / self._time_base)

    def take(self, packet: "Packet[Stream]") -> None:
        """Move the packet to its place.

        Raises:
            CannotCopy: it would have to be shown before it is decoded.
        """
        if packet.pts is None or packet.dts is None:
            return
        pts, dts = (round(at * self._ratio) + self._shift for at in (packet.pts, packet.dts))
        if self._last is not None and dts <= self._last:  # a clip that reorders more than the one before
            dts = self._last + 1
        if dts > pts:
            raise CannotCopy("the packets overlap")
        duration = round((packet.duration or 0) * self._ratio)
        packet.time_base = self._time_base
        packet.pts, packet.dts, packet.duration = pts, dts, duration
        packet.stream = self._stream
        self._last = dts
        self._out.mux(packet)

    def end(self) -> None:
        """Do nothing: every packet is written."""

    def close(self) -> None:
        """Do nothing: every packet is written."""


class CopiedSound:
    """Packets as they are, on one grid of blocks without a hole.

    A clip's sound therefore starts up to half a block (12 ms) early or late. Of a later clip's priming
    packets, which come before its start, one is used where the clip before ends too early.
    """

    def __init__(self, out: OutputContainer, template: AudioStream, splice: Splice) -> None:
        self._out = out
        self._stream = out.add_stream_from_template(template)
        self._splice = splice
        self._rate = template.codec_context.sample_rate
        self._number = 0
        self._begin = self._end = self._start = 0
        self._block = 0
        self._ratio: Fraction | int = 1  # of the clip's ticks to samples
        self._shift: int | None = None
        self._cursor = 0
        self._tick = Fraction(1, self._rate)

    def begin(self, number: int, reel: Reel) -> None:
        """Begin the clip of this number."""
        assert reel.sound is not None  # noqa: S101 - all clips have sound that matches
        self._number, self._shift = number, None
        self._start = round(reel.start * self._rate)
        self._ratio = plain(reel.sound.tick * self._rate)
        self._block = round(reel.sound.block * self._rate)
        begin = self._splice.begins[number]
        self._begin, self._end = (
            round(at * self._rate) for at in (begin, begin + self._splice.lengths[number])
        )

    def take(self, packet: "Packet[Stream]") -> None:
        """Put the packet onto the grid, or drop it where it sounds outside its clip."""
        if packet.pts is None or packet.dts is None:
            return
        own = round(packet.pts * self._ratio) - self._start
        if self._shift is None:
            if self._number == 0:
                self._shift = self._begin
            elif own + self._begin < self._cursor - self._block // 2:
                return
            else:
                self._shift = self._cursor - own
        at = own + self._shift
        is_last = self._number == len(self._splice.begins) - 1
        if not is_last and at + self._block // 2 > self._end:
            return
        packet.time_base = self._tick
        packet.pts = packet.dts = at
        packet.duration = self._block  # also of a clip's last one, which may call itself shorter
        packet.stream = self._stream
        self._out.mux(packet)
        self._cursor = at + self._block

    def end(self) -> None:
        """Do nothing: the next clip goes on at the cursor."""

    def close(self) -> None:
        """Do nothing: every packet is written."""

"""The pictures of a join, encoded anew."""

import os
from collections.abc import Callable, Sequence
from fractions import Fraction

from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from bot.domain.errors import CannotFit
from bot.media.plan import Plan
from bot.media.reel import Reel, Splice
from bot.media.steady import Stage, Steady, blend

_THREADS = min(4, os.cpu_count() or 1)
_BT709, _LIMITED = 1, 1  # AVCOL_SPC_BT709 (also primaries and transfer), AVCOL_RANGE_MPEG
_LIFT = Fraction(2, 5)  # seconds in which a title's backdrop becomes the first picture

Card = Callable[[VideoFrame], VideoFrame]
Sign = Callable[[VideoFrame, Fraction, Fraction], VideoFrame]
"""Puts a caption into a picture of this second of its clip, which has so many seconds left for itself."""


class EncodedPicture:
    """Every clip's pictures in one size and at one rate, blended where the clips fade, after a title.

    `signs`, one a clip, stand in the first seconds of each.
    """

    def __init__(
        self,
        out: OutputContainer,
        splice: Splice,
        aim: Plan,
        card: Card | None,
        signs: Sequence[Sign] = (),
    ) -> None:
        self._out = out
        self._splice = splice
        self._fps = splice.fps
        self._card = card
        self._signs = signs
        self._stage = Stage(aim.size)
        self._stream = self._add(aim)
        self._overlap = round(splice.fade * splice.fps)
        self._tail: list[VideoFrame] = []
        self._written = 0
        self._number = 0
        self._shown = 0  # pictures of this clip
        self._steady = Steady(self._fps, 0, Fraction(0))

    def begin(self, number: int, reel: Reel) -> None:
        """Begin the clip of this number."""
        self._number, self._shown = number, 0
        self._stage.adapt(reel.size)
        self._steady = Steady(self._fps, round(self._splice.lengths[number] * self._fps), reel.start)

    def take(self, packet: "Packet[Stream]") -> None:
        """Decode the packet and show its pictures."""
        for frame in packet.decode():
            if isinstance(frame, VideoFrame):
                for steady in self._steady.pictures(self._stage.fitted, frame):
                    self._show(steady)

    def end(self) -> None:
        """Show the last picture to the clip's end.

        Raises:
            CannotFit: the clip had none.
        """
        for frame in self._steady.rest():
            self._show(frame)
        if not self._shown:
            raise CannotFit("a clip has no picture that can be read")

    def close(self) -> None:
        """Write what the encoder holds."""
        self._out.mux(self._stream.encode(None))

    def _add(self, aim: Plan) -> VideoStream:
        options = {
            "preset": "veryfast",
            "crf": "18",  # what comes in has been compressed once already
            "maxrate": str(aim.video_rate),
            "bufsize": str(aim.buffer),
        }
        stream = self._out.add_stream("libx264", rate=self._fps, options=options)
        stream.width, stream.height, stream.pix_fmt = aim.size.width, aim.size.height, "yuv420p"
        context = stream.codec_context
        context.time_base = 1 / self._fps
        context.gop_size = max(1, round(self._fps * 4))
        context.thread_count = _THREADS
        context.color_range = _LIMITED
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        return stream

    def _show(self, frame: VideoFrame) -> None:
        """Write one picture of the clip, or hold it back for the next clip to blend over."""
        index, length = self._shown, round(self._splice.lengths[self._number] * self._fps)
        self._shown += 1
        plain = frame
        if self._number < len(self._signs):
            left = (length - self._overlap - index) / self._fps
            frame = self._signs[self._number](frame, index / self._fps, left)
        if index == 0 and self._number == 0 and self._card is not None:
            self._show_title(self._card(plain), frame)
        if self._number and index < self._overlap:
            frame = blend(self._tail.pop(0), frame, Fraction(index + 1, self._overlap + 1))
        if self._number < len(self._splice.lengths) - 1 and index >= length - self._overlap:
            self._tail.append(frame)
        else:
            self._write(frame)

    def _show_title(self, card: VideoFrame, first: VideoFrame) -> None:
        frames, lift = round(self._splice.begins[0] * self._fps), max(1, round(_LIFT * self._fps))
        for index in range(frames):
            share = Fraction(max(0, index + 1 + lift - frames), lift + 1)
            self._write(blend(card, first, share) if share else card)

    def _write(self, frame: VideoFrame) -> None:
        frame.pts, frame.time_base = self._written, 1 / self._fps
        frame.colorspace, frame.color_range = _BT709, _LIMITED  # the encoder believes the picture
        frame.pict_type = 0  # else every key frame of the sources stays one
        self._written += 1
        self._out.mux(self._stream.encode(frame))

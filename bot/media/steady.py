"""Pictures of any size and at any pace, brought to one size, one set of colours and a steady pace."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import floor
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from bot.domain.video import Size

Plane = npt.NDArray[np.uint8]

_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED
# Said outright, since not every PyAV looks into the frame: AVCOL_SPC_BT709, _BT470BG, _SMPTE170M, _SMPTE240M.
_MATRICES: Mapping[int, Colorspace] = MappingProxyType(
    {1: Colorspace.ITU709, 5: Colorspace.ITU601, 6: Colorspace.ITU601, 7: Colorspace.SMPTE240M}
)
_STANDARD = (1280, 576)  # sides up to which players take unmarked colours for BT.601
_BLACK = (16, 128, 128)


class Stage:
    """Shows every picture whole in one size, in BT.709 of limited range."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._inside = size
        self._scaler = VideoReformatter()

    def adapt(self, source: Size) -> None:
        """Prepare for pictures of this shape, given in square pixels."""
        share = min(self._size.width / source.width, self._size.height / source.height)
        self._inside = Size(
            _near(source.width * share, self._size.width), _near(source.height * share, self._size.height)
        )

    def fitted(self, frame: VideoFrame) -> VideoFrame:
        """Return the picture in the middle of the stage, with black beside it where it has another shape."""
        scaled = self._scaler.reformat(
            frame,
            self._inside.width,
            self._inside.height,
            "yuv420p",
            src_colorspace=matrix_of(frame),
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC,
        )
        if self._inside == self._size:
            return scaled
        stage = VideoFrame(self._size.width, self._size.height, "yuv420p")
        left, top = (self._size.width - scaled.width) // 2, (self._size.height - scaled.height) // 2
        for part, (target, source) in enumerate(zip(planes(stage), planes(scaled), strict=True)):
            x, y = (left, top) if part == 0 else (left // 2, top // 2)
            target[...] = _BLACK[part]
            target[y : y + source.shape[0], x : x + source.shape[1]] = source
        return stage


class Steady:
    """Gives `count` pictures at a steady pace: each one stands until the next one's time.

    `start` is when the clip begins, on its own clock.
    """

    def __init__(self, fps: Fraction, count: int, start: Fraction) -> None:
        self._fps = fps
        self._count = count
        self._start = start
        self._next = 0
        self._held: VideoFrame | None = None

    def pictures(self, fitted: Callable[[VideoFrame], VideoFrame], frame: VideoFrame) -> Iterator[VideoFrame]:
        """Take a picture; yield those that stand before it."""
        time = Fraction(0)
        if frame.pts is not None and frame.time_base is not None:
            time = frame.pts * frame.time_base - self._start
        slot = min(floor(time * self._fps + Fraction(1, 2)), self._count)
        if self._held is not None:
            while self._next < slot:
                self._next += 1
                yield self._held
        if slot < self._count:
            self._held = fitted(frame)

    def rest(self) -> Iterator[VideoFrame]:
        """Yield the last picture to the end."""
        while self._held is not None and self._next < self._count:
            self._next += 1
            yield self._held


def blend(before: VideoFrame, after: VideoFrame, share: Fraction) -> VideoFrame:
    """Return a picture between two of the same size; 0 is the first, 1 the second."""
    mixed = VideoFrame(before.width, before.height, "yuv420p")
    weight = np.uint16(round(share * 256))
    for target, old, new in zip(planes(mixed), planes(before), planes(after), strict=True):
        target[...] = (old * (np.uint16(256) - weight) + new * weight + np.uint16(128)) >> np.uint16(8)
    return mixed


def planes(frame: VideoFrame) -> list[Plane]:
    """Return views of the Y, U and V planes of a yuv420p picture."""
    views = []
    for plane in frame.planes:
        rows = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]
        views.append(rows.reshape(-1, plane.line_size)[: plane.height, : plane.width])
    return views


def matrix_of(frame: VideoFrame) -> Colorspace | None:
    """Return how the colours are meant; of those that say nothing, as players guess; None for rare kinds."""
    if frame.colorspace != _UNSPECIFIED:
        return _MATRICES.get(frame.colorspace)
    sides = max(frame.width, frame.height), min(frame.width, frame.height)
    is_standard = sides[0] < _STANDARD[0] and sides[1] <= _STANDARD[1]
    return Colorspace.ITU601 if is_standard else Colorspace.ITU709


def _near(length: float, most: int) -> int:
    """Return an even number that leaves no line of black where only rounding asks for it."""
    return most if most - length < 2 else max(2, round(length / 2) * 2)

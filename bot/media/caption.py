"""The caption of a clip in a reel: its place, whose it is, and what the votes say.

It stands in the upper left corner: words that belong to the video itself stand at its foot.
"""

from fractions import Fraction

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image, ImageDraw

from bot.domain.join import Caption
from bot.domain.video import Size
from bot.media.lettering import drawable, font_for, lines_of
from bot.media.steady import planes

SECONDS = 3
"""So long a caption stands."""
_GOING = Fraction(3, 10)  # seconds in which it goes
_NAME, _FACTS = 0.085, 0.062  # letters, as parts of the short side: legible on a phone
_WIDEST = 0.86  # of the picture's width
_MARGIN = 0.05  # of the short side
_BOARD, _SHADE = (14, 15, 18), 184  # the ground of the words, and how opaque it is
_MEDALS = {1: (255, 204, 77), 2: (204, 214, 221), 3: (222, 160, 108)}
_OTHERS = (114, 137, 218)
_INK, _SOFT = (255, 255, 255), (220, 222, 226)

Plane = npt.NDArray[np.uint8]
Weight = npt.NDArray[np.float32]


class Sign:
    """A caption ready to be put into pictures of one size."""

    def __init__(self, caption: Caption, size: Size) -> None:
        margin = round(min(size.width, size.height) * _MARGIN)
        board = _drawn(caption, size)
        board = board.crop((0, 0, min(board.width, size.width), min(board.height, size.height)))
        # The chroma planes have half the size: everything stands at even places.
        self._left = min(margin, size.width - board.width) // 2 * 2
        self._top = min(margin, size.height - board.height) // 2 * 2
        alpha = np.asarray(board.getchannel("A"), np.float32) / 255
        colours = VideoFrame.from_ndarray(np.asarray(board.convert("RGB")), format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        coarse = alpha.reshape(board.height // 2, 2, board.width // 2, 2).mean(axis=(1, 3))
        self._layers: list[tuple[Plane, Weight]] = [
            (plane.copy(), weight)
            for plane, weight in zip(planes(colours), (alpha, coarse, coarse), strict=True)
        ]

    def on(self, frame: VideoFrame, at: Fraction, left: Fraction) -> VideoFrame:
        """Return the picture of second `at` of the clip with the caption, while it stands.

        `left` is how many seconds the clip still has for itself.
        """
        share = min(Fraction(1), (SECONDS - at) / _GOING, left / _GOING)
        if share <= 0:
            return frame
        # The same picture may be shown more than once: it stays as it is.
        signed = VideoFrame(frame.width, frame.height, "yuv420p")
        for part, (target, source, (colour, weight)) in enumerate(
            zip(planes(signed), planes(frame), self._layers, strict=True)
        ):
            target[...] = source
            x, y = (self._left, self._top) if part == 0 else (self._left // 2, self._top // 2)
            place = target[y : y + colour.shape[0], x : x + colour.shape[1]]
            place[...] = np.rint(place + (colour.astype(np.float32) - place) * (weight * float(share)))
        return signed


def _drawn(caption: Caption, size: Size) -> Image.Image:
    """Return the caption with its ground, in even measures, no wider than the picture has room for."""
    short = min(size.width, size.height)
    most = size.width * _WIDEST
    place, name, facts = str(caption.place), drawable(caption.name), drawable(caption.facts)
    large, small = max(11.0, short * _NAME), max(9.0, short * _FACTS)
    pad, badge = large * 0.45, large * 1.7
    lines = []
    for text, letters, ink in ((name, large, _INK), (facts, small, _SOFT)):
        if text:
            font = font_for(text, letters)
            lines.append((lines_of(text, font, most - badge - 3 * pad, 1)[0], font, letters, ink))
    words = max((font.getlength(line) for line, font, _, _ in lines), default=0.0)
    heights = [letters * 1.3 for _, _, letters, _ in lines]
    high = _even(max(badge, sum(heights)) + 2 * pad * 0.7)
    wide = _even(min(most, badge + words + (3 if lines else 2) * pad))
    board = Image.new("RGBA", (wide, high), (*_BOARD, 0))
    draw = ImageDraw.Draw(board)
    draw.rounded_rectangle((0, 0, wide - 1, high - 1), large * 0.4, (*_BOARD, _SHADE))
    colour = _MEDALS.get(caption.place, _OTHERS)
    top = (high - badge) / 2
    draw.ellipse((pad, top, pad + badge, top + badge), (*colour, 255))
    middle = (pad + badge / 2, high / 2)
    draw.text(middle, place, (*_BOARD, 255), font_for(place, large), "mm", stroke_width=large * 0.02)
    at = (high - sum(heights)) / 2
    for (line, font, _, ink), height in zip(lines, heights, strict=True):
        draw.text((2 * pad + badge, at + height / 2), line, (*ink, 255), font, "lm")
        at += height
    return board


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)

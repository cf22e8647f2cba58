"""The title that stands before a joined video: its words over the soft, darkened first picture."""

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from bot.media.lettering import drawable, font_for, lines_of

_COARSE = 8  # the backdrop is blurred at this part of the size, where it costs nothing
_DARK = 0.42
_INSET = 0.84  # of the width, for the words
_LARGEST, _SMALLEST = 0.12, 0.045  # letters, as parts of the short side
_MOST_LINES = 4
_LEADING = 1.32
_NARROWER = 0.95


def title_card(title: str, first: VideoFrame) -> VideoFrame:
    """Return the card as a yuv420p picture of the first one's size."""
    image = _backdrop(
        Image.fromarray(first.reformat(format="rgb24", src_colorspace=Colorspace.ITU709).to_ndarray())
    )
    text = drawable(title)
    if text:
        _write(image, text)
    card = VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
    return card.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)


def _backdrop(image: Image.Image) -> Image.Image:
    coarse = (max(1, image.width // _COARSE), max(1, image.height // _COARSE))
    small = image.resize(coarse, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(max(coarse) * 0.04))
    return ImageEnhance.Brightness(small).enhance(_DARK).resize(image.size, Image.Resampling.BICUBIC)


def _write(image: Image.Image, text: str) -> None:
    """Write as large as the words allow: on two lines if possible, on four at the most."""
    short, width = min(image.size), image.width * _INSET
    size = short * _LARGEST
    lines: list[str] = []
    while size >= short * _SMALLEST:
        font = font_for(text, size)
        lines = lines_of(text, font, width, _MOST_LINES)
        if len(lines) <= 2 or (size <= short * _LARGEST * 0.6 and not lines[-1].endswith("…")):
            break
        size *= 0.9
    lines = _balanced(text, lines, font_for(text, size), width)
    draw = ImageDraw.Draw(image)
    leading = size * _LEADING
    top = (image.height - leading * len(lines)) / 2
    for number, line in enumerate(lines):
        middle = (image.width / 2, top + leading * (number + 0.5))
        draw.text((middle[0], middle[1] + size * 0.04), line, (0, 0, 0), font, "mm", stroke_width=size * 0.05)
        draw.text(middle, line, (255, 255, 255), font, "mm", stroke_width=size * 0.015)


def _balanced(text: str, lines: list[str], font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break so that the lines are about as long as each other; what separates two parts goes at a break."""
    words = " ".join(lines).split()
    while len(lines) > 1:
        width *= _NARROWER
        narrower = lines_of(text, font, width, _MOST_LINES)
        if len(narrower) > len(lines) or " ".join(narrower).split() != words:  # none is cut for it
            break
        lines = narrower
    return [line.strip(" ·") for line in lines]

"""Put a decoded picture into a frame of another shape."""

from PIL import Image, ImageFilter, ImageOps

from bot.domain.fit import Fit

_BARS = (0, 0, 0)  # as in films: video models know black bars for what they are
_COARSE = 8  # the backdrop is blurred at this part of the size, where it costs nothing
_SOFTNESS = 0.03  # of the frame's longer side


def scale(image: Image.Image, box: tuple[int, int], fit: Fit) -> Image.Image:
    """Return the picture at its size in the frame: cut to fill it, or whole."""
    if fit is Fit.CROP:
        return ImageOps.fit(image, box, Image.Resampling.LANCZOS)
    share = min(box[0] / image.width, box[1] / image.height)
    inside = (_side(image.width * share, box[0]), _side(image.height * share, box[1]))
    return image.resize(inside, Image.Resampling.LANCZOS)


def frame(image: Image.Image, box: tuple[int, int], fit: Fit) -> Image.Image:
    """Return an RGB picture of exactly the frame's size with the scaled one in its middle."""
    if image.size == box:
        return image
    backdrop = _blurred(image, box) if fit is Fit.BLUR else Image.new("RGB", box, _BARS)
    backdrop.paste(image, ((box[0] - image.width) // 2, (box[1] - image.height) // 2))
    return backdrop


def _blurred(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Return a soft copy that covers the frame."""
    coarse = (max(1, box[0] // _COARSE), max(1, box[1] // _COARSE))
    small = ImageOps.fit(image, coarse, Image.Resampling.BOX)
    soft = small.filter(ImageFilter.GaussianBlur(max(coarse) * _SOFTNESS))
    return soft.resize(box, Image.Resampling.BICUBIC)


def _side(length: float, most: int) -> int:
    return min(most, max(1, round(length)))

"""Draw the colours of a picture towards those of another, gently: against the drift from clip to clip."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt
from PIL import Image

_SMALL = (320, 180)
_ALIKE, _OTHER = log(1.18), log(1.6)
"""Up to the first difference in brightness it is drift, from the second on it is another scene."""
_TINT_ALIKE, _TINT_OTHER = 10.0, 30.0  # the same for each kind of colour, of 255
_CONTRAST = 1.1
_TINT_CONTRAST = 1.08
_ROUNDS = 2  # what is cut off at black and white shifts the mean a little

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Colours:
    """Mean and spread of brightness and of the two colour differences, of 255."""

    means: tuple[float, float, float]
    spreads: tuple[float, float, float]


def colours_of(images: Sequence[Image.Image]) -> Colours:
    """Measure some RGB pictures of one scene together."""
    values = np.stack([_values(image.resize(_SMALL, Image.Resampling.BOX)) for image in images])
    means, spreads = values.mean(axis=(0, 1, 2)), values.std(axis=(0, 1, 2))
    return Colours(tuple(map(float, means)), tuple(map(float, spreads)))  # type: ignore[arg-type]


def drawn_towards(image: Image.Image, aim: Colours) -> Image.Image:
    """Return the RGB picture with its colours closer to the aim; where they are far apart it stays itself."""
    own = colours_of([image])
    values = _values(image)
    for channel in range(3):
        share = _share(channel, own.means[channel], aim.means[channel])
        if not share:
            continue
        most = _TINT_CONTRAST if channel else _CONTRAST
        gain = min(max(aim.spreads[channel] / max(own.spreads[channel], 1.0), 1 / most), most)
        wanted = own.means[channel] + share * (aim.means[channel] - own.means[channel])
        plane = values[..., channel]
        plane -= own.means[channel]
        plane *= np.float32(1 + share * (gain - 1))
        plane += wanted
        for _ in range(_ROUNDS):
            np.clip(plane, 0, 255, out=plane)
            plane += np.float32(wanted - plane.mean())
        np.clip(plane, 0, 255, out=plane)
    return Image.fromarray(np.rint(values).astype(np.uint8), "YCbCr").convert("RGB")


def _share(channel: int, own: float, aim: float) -> float:
    """Return how much of the difference is taken away, from 1 for drift to 0 for another scene."""
    if channel:
        return _falling(abs(aim - own), _TINT_ALIKE, _TINT_OTHER)
    return _falling(abs(log(max(aim, 1.0) / max(own, 1.0))), _ALIKE, _OTHER)


def _falling(value: float, whole: float, none: float) -> float:
    return min(1.0, max(0.0, (none - value) / (none - whole)))


def _values(image: Image.Image) -> Values:
    return np.array(image.convert("YCbCr"), np.float32)

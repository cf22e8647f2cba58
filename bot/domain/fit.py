"""How a picture of one shape becomes one of another."""

from enum import StrEnum


class Fit(StrEnum):
    """What happens to what does not fit; the whole picture is kept by all but the first."""

    CROP = "crop"
    """Covers the frame; what sticks out is cut off on both sides."""
    PAD = "pad"
    """Stands whole in the frame, with even bars beside it."""
    BLUR = "blur"
    """Stands whole in the frame, before a blurred copy that covers it."""

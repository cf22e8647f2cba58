"""The child process that decodes a picture: `python -m bot.media.heif_process` (see `bot.media.child`)."""

import sys
from pathlib import Path

from bot.domain.video import Size
from bot.media.confined import Say, confined
from bot.media.picture import fit_picture, picture_size

_LONGEST_SIDE = 4096
_MEMORY = 2 << 30  # bytes of address space; fifty honest megapixels take half of it


def decode_here(source: Path, target: Path, _limit: int, _say: Say) -> None:
    """Write the picture as a JPEG, at its own size if that is not huge."""
    data = source.read_bytes()
    size = picture_size(data)
    share = min(1.0, _LONGEST_SIDE / max(size.width, size.height))
    smaller = Size(max(1, round(size.width * share)), max(1, round(size.height * share)))
    target.write_bytes(fit_picture(data, smaller))


if __name__ == "__main__":
    sys.exit(confined(sys.argv[1:], decode_here, memory=_MEMORY))

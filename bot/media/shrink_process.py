"""The child process that shrinks one video: `python -m bot.media.shrink_process` (see `bot.media.child`)."""

import sys
from pathlib import Path

from bot.media.confined import Say, confined
from bot.media.transcode import read_footage, transcode


def shrink_here(source: Path, target: Path, limit: int, say: Say) -> None:
    """Write a copy of at most `limit` bytes."""
    footage = read_footage(source)
    say(seconds=footage.seconds)
    transcode(source, target, limit, footage=footage, report=lambda percent: say(percent=percent))


if __name__ == "__main__":
    sys.exit(confined(sys.argv[1:], shrink_here))

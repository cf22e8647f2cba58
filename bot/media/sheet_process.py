"""The child process that makes a contact sheet: `python -m bot.media.sheet_process`.

Its source is an order: `{"videos": ["/a.mp4", "/b.mp4"], "captions": ["a", "b"], "numbers": [1, 2]}`;
without numbers they count from 1, and null has an empty cell.
"""

import io
import json
import sys
from pathlib import Path

from PIL import Image, JpegImagePlugin

from bot.domain.errors import CannotFit
from bot.media.confined import Say, confined
from bot.media.sheet import contact_sheet
from bot.media.still import LARGEST
from bot.media.still_process import still_here

_QUALITIES = (90, 80, 60)


def sheet_here(order: Path, target: Path, limit: int, say: Say) -> None:
    """Write the sheet as a JPEG of at most `limit` bytes."""
    wish = json.loads(order.read_text(encoding="utf-8"))
    say(seconds=60.0 * len(wish["videos"]))  # how long one may be looked at, whatever it claims
    stills = [None if video is None else _still(Path(video), target) for video in wish["videos"]]
    sheet = contact_sheet(stills, wish["captions"], wish["numbers"])
    for quality in _QUALITIES:
        out = io.BytesIO()
        sheet.save(out, "JPEG", quality=quality, subsampling=0)
        if out.tell() <= limit:
            target.write_bytes(out.getvalue())
            return
    raise CannotFit(f"the sheet has more than {limit} bytes")


def _still(video: Path, target: Path) -> Image.Image:
    still_here(video, target, LARGEST, _say_nothing)
    return JpegImagePlugin.JpegImageFile(io.BytesIO(target.read_bytes()))


def _say_nothing(**_message: object) -> None:
    """Keep one video's length for itself."""


if __name__ == "__main__":
    sys.exit(confined(sys.argv[1:], sheet_here))

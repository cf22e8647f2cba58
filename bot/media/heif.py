"""AVIF and HEIC become JPEG in a child process before anything else is done with them.

Their headers need not tell the truth: two kilobytes that claim 64x64 pixels can take more than a gigabyte
while they are decoded, and the decoders are video codecs, which hostile bytes make crash.
"""

import asyncio
import tempfile
from pathlib import Path

from bot.domain.disk import disk_error
from bot.domain.errors import CannotFit, UnreadableImage
from bot.media.child import Allowance, Child
from bot.media.header import MAX_BYTES

_ALLOWANCE = Allowance(start=30.0)


def is_heif(data: bytes) -> bool:
    """Say whether the picture comes in an ISO file, as AVIF and HEIC do."""
    return data[4:8] == b"ftyp"


async def as_jpeg(data: bytes, *, allowance: Allowance = _ALLOWANCE) -> bytes:
    """Return the picture as a JPEG of its own size, but at most 4096 pixels a side: upright, opaque, sRGB.

    Raises:
        UnreadableImage: it cannot be decoded, takes too much memory, or too long.
        NoRoom, StorageError: the disk does not take it for the moment of decoding.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="reelbot-picture-") as folder:
            source, target = Path(folder, "source"), Path(folder, "target")
            await asyncio.to_thread(source.write_bytes, data)
            child = Child("bot.media.heif_process", lambda _percent: None, allowance)
            await child.run(source, target, MAX_BYTES)
            return await asyncio.to_thread(_read, target)
    except CannotFit as exc:
        raise UnreadableImage(f"the picture cannot be decoded: {exc}") from exc
    except OSError as exc:
        raise disk_error(exc, "the picture cannot be put aside to be decoded") from exc


def _read(path: Path) -> bytes:
    """Read what the child left, which is not trusted to be small."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)

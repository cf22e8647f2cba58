"""A fitted picture, read for an order."""

import asyncio
from pathlib import Path

from bot.domain.codes import Code
from bot.domain.errors import UnsupportedRequest

PICTURE_LIMIT = 32 * 1024 * 1024


async def read_picture(path: Path, *, provider: str) -> bytes:
    """Return the file's bytes.

    Raises:
        UnsupportedRequest: it cannot be read, or is over `PICTURE_LIMIT` bytes; nothing was sent.
    """

    def read() -> bytes:
        with path.open("rb") as file:
            return file.read(PICTURE_LIMIT + 1)

    try:
        content = await asyncio.to_thread(read)
    except OSError as exc:
        raise UnsupportedRequest(
            f"the picture cannot be read: {exc.strerror}", provider=provider, code=Code.PICTURE_UNREADABLE
        ) from exc
    if len(content) > PICTURE_LIMIT:
        raise UnsupportedRequest(
            f"the picture is over {PICTURE_LIMIT} bytes", provider=provider, code=Code.PICTURE_TOO_LARGE
        )
    return content

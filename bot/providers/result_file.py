"""A result on its way from the network to the disk."""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import BadResponse, Code, NoRoom, StorageError, Unavailable

CHUNK = 1024 * 1024
"""Bytes written at once: a hop into a thread costs as much as reading 100 kB."""
OPENING = 16
"""Bytes by which a video is told from a page or a message."""
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFile:
    """Where a result goes, and what is demanded of it.

    `opening` gets the first bytes and raises what it thinks of them. `progress` gets the bytes so far and in
    all, the latter None where the server does not say.
    """

    path: Path
    limit: int
    opening: Callable[[bytes], None]
    progress: Callable[[int, int | None], None] | None = None

    async def fill(self, parts: AsyncIterator[bytes], total: int | None) -> int:
        """Write the file anew and return its length; one that was begun is left behind.

        Raises:
            Unavailable: it is shorter than `total`. BadResponse: it is longer than `limit`.
            NoRoom, StorageError: the disk does not take it.
        """
        self._check_length(total or 0)
        file = await self._on_disk(self._open)
        length, writing = 0, None
        try:
            async for chunk in _gathered(parts):
                if not length:
                    self.opening(bytes(chunk[:OPENING]))
                length += len(chunk)
                self._check_length(length)
                if writing is not None:
                    await writing
                # The disk takes this chunk while the socket gives the next.
                writing = asyncio.create_task(self._on_disk(_write_all, file, chunk))
                if self.progress is not None:
                    self.progress(length, total)
            if writing is not None:
                await writing
        finally:
            if writing is not None:
                await asyncio.wait({writing})  # also when cancelled: the thread lets go of the file first
            file.close()
        if total is not None and length != total:
            raise Unavailable(f"the result stopped after {length} of {total} bytes")
        if not length:
            self.opening(b"")
        return length

    def _open(self) -> FileIO:
        return FileIO(self.path, "w")

    def _check_length(self, length: int) -> None:
        if length > self.limit:
            raise BadResponse(f"a result of over {self.limit} bytes", code=Code.RESULT_TOO_LARGE)

    async def _on_disk(self, work: Callable[..., _R], *args: object) -> _R:
        try:
            return await asyncio.to_thread(work, *args)
        except OSError as exc:
            if exc.errno in _NO_SPACE:
                raise NoRoom("the disk is full") from exc
            raise StorageError(f"the result cannot be written: {exc.strerror}") from exc


def _write_all(file: FileIO, chunk: bytearray) -> None:
    view = memoryview(chunk)
    while view:
        view = view[file.write(view) :]


async def _gathered(parts: AsyncIterator[bytes]) -> AsyncIterator[bytearray]:
    """Join what the socket gives into chunks worth a hop into a thread."""
    chunk = bytearray()
    async for part in parts:
        chunk += part
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = bytearray()
    if chunk:
        yield chunk

"""A result on its way from the network to the disk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TypeVar

from bot.domain.codes import Code
from bot.domain.disk import disk_error
from bot.domain.errors import BadResponse, Unavailable
from bot.providers.begun import Begun, Edition, Headers, Span

CHUNK = 1024 * 1024
"""Bytes written at once: a hop into a thread costs as much as reading 100 kB."""
OPENING = 16
"""Bytes by which a video is told from a page or a message."""

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

    @property
    def note(self) -> Path:
        """Where it is written down which file the part is of, so that a later process can go on with it."""
        return self.path.with_name(self.path.name + ".note")

    async def begun(self) -> Begun:
        """Return what an earlier attempt left here, perhaps one of an earlier process."""
        return await self._on_disk(self._look)

    async def take(self, begun: Begun, status: int, headers: Headers, parts: AsyncIterator[bytes]) -> int:
        """Write what came with a 200, 206 or 416, behind what is here or anew, and return the file's length.

        Nothing that is here is touched before the answer has proven to be a video.

        Raises:
            Unavailable: it stopped early, or is not the rest of what is here: the next attempt begins anew.
            BadResponse: it is longer than `limit`, or no video.
            NoRoom, StorageError: the disk does not take it.
        """
        span = Span.of(headers) if status == 206 else None
        if status == 200 or (span is not None and span.first == 0):
            return await self._fill(parts, Edition.of(headers), after=0)
        if status == 206 and begun.goes_on_with(headers):
            return await self._fill(parts, begun.edition, after=begun.length)
        await self._on_disk(self._forget)
        raise Unavailable(f"the result cannot be gone on with after {begun.length} bytes (status {status})")

    async def _fill(self, parts: AsyncIterator[bytes], edition: Edition | None, *, after: int) -> int:
        total = None if edition is None else edition.total
        self._check_length(total or 0)
        chunks = _gathered(parts)
        chunk = await anext(chunks, None)
        if not after:
            self.opening(bytes(chunk[:OPENING]) if chunk else b"")
        file = await self._on_disk(self._open, edition, after)
        length, writing = after, None
        try:
            while chunk:
                length += len(chunk)
                self._check_length(length)
                if writing is not None:
                    await asyncio.shield(writing)
                # The disk takes this chunk while the socket gives the next.
                writing = asyncio.create_task(self._on_disk(_write_all, file, chunk))
                if self.progress is not None:
                    self.progress(length, total)
                chunk = await anext(chunks, None)
            if writing is not None:
                await asyncio.shield(writing)
        finally:
            if writing is not None:  # also when cancelled: the thread lets go of the file first
                await asyncio.wait({writing})
                if not writing.cancelled():
                    writing.exception()  # seen; where it is the first that went wrong, it is on its way up
            file.close()
        if total is not None and length != total:
            raise Unavailable(f"the result stopped after {length} of {total} bytes")
        return length

    def _look(self) -> Begun:
        try:
            edition = Edition.from_note(self.note.read_text(encoding="utf-8"))
            length = self.path.stat().st_size
        except (FileNotFoundError, ValueError):
            return Begun()
        return Begun(length=length, edition=edition) if 0 < length <= edition.total else Begun()

    def _open(self, edition: Edition | None, after: int) -> FileIO:
        if after:
            file = FileIO(self.path, "r+")
            file.seek(after)
            return file
        # In this order: the note must never speak of another file than the part's.
        self._forget()
        file = FileIO(self.path, "w")
        try:
            if edition is not None:
                self.note.write_text(edition.note(), encoding="utf-8")
        except BaseException:
            file.close()
            raise
        return file

    def _forget(self) -> None:
        self.note.unlink(missing_ok=True)

    def _check_length(self, length: int) -> None:
        if length > self.limit:
            raise BadResponse(f"a result of over {self.limit} bytes", code=Code.RESULT_TOO_LARGE)

    async def _on_disk(self, work: Callable[..., _R], *args: object) -> _R:
        try:
            return await asyncio.to_thread(work, *args)
        except OSError as exc:
            raise disk_error(exc, "the result cannot be written") from exc


def _write_all(file: FileIO, chunk: bytearray) -> None:
    view = memoryview(chunk)
    while view:
        view = view[file.write(view) :]


async def _gathered(parts: AsyncIterator[bytes]) -> AsyncIterator[bytearray]:
    """Join what the socket gives into chunks worth a hop into a thread; what came before it breaks counts."""
    chunk = bytearray()
    try:
        async for part in parts:
            chunk += part
            if len(chunk) >= CHUNK:
                yield chunk
                chunk = bytearray()
    except Exception:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk

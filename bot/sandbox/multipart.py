"""Request bodies: JSON, or multipart with files that stream to disk.

https://discord.com/developers/docs/reference#uploading-files
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from aiohttp import BodyPartReader, web

from bot.sandbox.errors import ApiError, too_large
from bot.sandbox.files import UPLOADING, Upload

# The largest request that Discord is known to take (reference: discord, uploads).
REQUEST_LIMIT = 200 * 1024 * 1024
JSON_LIMIT = 2 * 1024 * 1024
CHUNK = 1024 * 1024
FILES_LIMIT = 10


@dataclass(slots=True, kw_only=True)
class Body:
    """A read request: the JSON payload (None where there is none) and the files beside it."""

    payload: Any = None
    uploads: list[Upload] = field(default_factory=list)


@asynccontextmanager
async def read_body(request: web.Request, directory: Path, file_limit: int) -> AsyncIterator[Body]:
    """Read a request's body; leftover temporary files are removed at the end.

    A file over `file_limit` bytes is read to its end but not kept, and marked as truncated. Raises ApiError
    413 for a request that is too large as a whole and 400/50109 for broken JSON.
    """
    body = Body()
    if (request.content_length or 0) > REQUEST_LIMIT:
        raise too_large()
    try:
        if request.content_type.startswith("multipart/"):
            await _read_parts(request, body, directory, file_limit)
        elif request.body_exists:
            body.payload = _parse(await _read_limited(request))
        yield body
    finally:
        for upload in body.uploads:
            upload.path.unlink(missing_ok=True)


async def _read_limited(request: web.Request) -> bytes:
    data = bytearray()
    async for chunk in request.content.iter_chunked(CHUNK):
        data += chunk
        if len(data) > JSON_LIMIT:
            raise too_large()
    return bytes(data)


def _parse(data: bytes) -> Any:
    if not data:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from exc


async def _read_parts(request: web.Request, body: Body, directory: Path, file_limit: int) -> None:
    left = REQUEST_LIMIT
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise ApiError(400, 50035, "Invalid Form Body")
            if part.name == "payload_json":
                data = await part.read_chunk(JSON_LIMIT + 1)
                while not part.at_eof() and len(data) <= JSON_LIMIT:
                    data += await part.read_chunk(CHUNK)
                if len(data) > JSON_LIMIT:
                    raise too_large()
                body.payload = _parse(bytes(data))
            elif part.filename is not None:
                if len(body.uploads) >= FILES_LIMIT:
                    raise ApiError(400, 50035, "Invalid Form Body")
                upload = await _store_part(part, directory, file_limit, left)
                body.uploads.append(upload)
                left -= upload.size
    except (ValueError, AssertionError) as exc:  # aiohttp's answers to a malformed multipart body
        raise ApiError(400, 50035, "Invalid Form Body") from exc


async def _store_part(part: BodyPartReader, directory: Path, file_limit: int, left: int) -> Upload:
    file = await asyncio.to_thread(_temporary, directory)
    path = Path(file.name)
    size = 0
    try:
        with file:
            pending = bytearray()
            while chunk := await part.read_chunk(CHUNK):
                size += len(chunk)
                if size > left:
                    raise too_large()
                if size <= file_limit:
                    pending += chunk
                if len(pending) >= CHUNK:
                    await asyncio.to_thread(file.write, bytes(pending))
                    pending.clear()
            await asyncio.to_thread(file.write, bytes(pending))
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    return Upload(
        field=part.name or "",
        filename=part.filename or "unknown",
        content_type=part.headers.get("Content-Type"),
        path=path,
        size=size,
        truncated=size > file_limit,
    )


def _temporary(directory: Path) -> BinaryIO:
    return tempfile.NamedTemporaryFile(dir=directory, prefix=UPLOADING, delete=False)  # type: ignore[return-value]

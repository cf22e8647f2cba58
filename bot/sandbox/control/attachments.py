"""Files that a person attaches: base64 in JSON, decoded to disk beside the event loop."""

import asyncio
import base64
import binascii
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.sandbox.control.errors import ControlError
from bot.sandbox.files import UPLOADING, Upload


@asynccontextmanager
async def received(values: dict[str, Any], directory: Path) -> AsyncIterator[dict[str, Any]]:
    """Give the values with every {"filename", "content_type", "base64"} turned into an Upload.

    Files that nobody kept by the end are removed. Raises ControlError for broken base64.
    """
    uploads: list[Upload] = []

    def receive(name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [receive(name, item) for item in value]
        if not isinstance(value, dict) or not isinstance(value.get("base64"), str):
            return value
        uploads.append(_store(name, value, directory))
        return uploads[-1]

    try:
        yield {
            name: await asyncio.to_thread(receive, name, value) if isinstance(value, dict | list) else value
            for name, value in values.items()
        }
    finally:
        for upload in uploads:
            upload.path.unlink(missing_ok=True)


def _store(name: str, value: dict[str, Any], directory: Path) -> Upload:
    try:
        data = base64.b64decode(value["base64"], validate=True)
    except (binascii.Error, ValueError) as exc:
        raise ControlError(f"{name!r} is not valid base64") from exc
    path = directory / f"{UPLOADING}{secrets.token_hex(8)}"
    path.write_bytes(data)
    return Upload(
        field=name,
        filename=str(value.get("filename") or "unknown"),
        content_type=str(value["content_type"]) if value.get("content_type") else None,
        path=path,
        size=len(data),
    )

"""Uploaded files: kept on disk, served under signed addresses that expire as Discord's do.

https://discord.com/developers/docs/reference#signed-attachment-cdn-urls
"""

import contextlib
import hashlib
import hmac
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.image_size import image_size
from bot.sandbox.snowflake import Snowflakes
from bot.sandbox.video_size import video_size

LINK_LIFETIME_S = 24 * 3600
UPLOADING = "upload-"  # how temporary files begin
UNSAFE_IN_NAME = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it arrived: a temporary path, its size in bytes and what the sender said about it.

    `truncated` means that it was over the limit given to the reader; `size` then still counts every byte.
    """

    field: str
    filename: str
    content_type: str | None
    path: Path
    size: int
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A kept file with the facts that an attachment object shows."""

    id: str
    filename: str
    content_type: str
    size: int
    path: Path
    channel_id: str
    description: str | None = None
    title: str | None = None
    spoiler: bool = False
    width: int | None = None
    height: int | None = None
    ephemeral: bool = False


class Files:
    """Keep files in one directory, named by attachment id."""

    def __init__(self, directory: Path, *, clock: Clock, ids: Snowflakes, key: bytes) -> None:
        self.directory = directory
        self._clock = clock
        self._ids = ids
        self.key = key
        self._stored: dict[str, StoredFile] = {}
        self.base_url = ""

    def keep(
        self,
        upload: Upload,
        *,
        channel_id: str,
        description: str | None = None,
        filename: str | None = None,
        spoiler: bool = False,
        ephemeral: bool = False,
    ) -> StoredFile:
        """Take over an upload's temporary file and return what is now stored."""
        file_id = self._ids.next()
        path = self.directory / file_id
        upload.path.replace(path)
        wanted = filename or upload.filename
        name = safe_name(wanted)
        content_type = mimetypes.guess_type(name)[0] or upload.content_type or "application/octet-stream"
        size = _pixels(path, content_type)
        stored = StoredFile(
            id=file_id,
            filename=name,
            content_type=content_type,
            size=upload.size,
            path=path,
            channel_id=channel_id,
            description=description,
            title=Path(wanted).stem if name != wanted else None,
            spoiler=spoiler or name.startswith("SPOILER_"),
            width=size[0] if size else None,
            height=size[1] if size else None,
            ephemeral=ephemeral,
        )
        self._stored[file_id] = stored
        return stored

    def restore(self, stored: StoredFile) -> None:
        """Take back a file that was kept earlier and still lies in the directory."""
        self._stored[stored.id] = stored

    def sweep(self) -> None:
        """Remove what lies in the directory under a name of ours but was never, or is no longer, kept."""
        for path in self.directory.iterdir():
            ours = path.name.startswith(UPLOADING) or path.name.isdecimal()
            if ours and path.name not in self._stored:
                with contextlib.suppress(OSError):  # it may go next time
                    path.unlink()

    def of_channel(self, channel_id: str) -> list[StoredFile]:
        """Return the files of a channel, oldest first."""
        return [stored for stored in self._stored.values() if stored.channel_id == channel_id]

    def find(self, file_id: str) -> StoredFile | None:
        """Return a stored file, or None."""
        return self._stored.get(file_id)

    def url(self, stored: StoredFile) -> str:
        """Return an address that works for a day of the sandbox's time."""
        path = f"attachments/{stored.channel_id}/{stored.id}/{stored.filename}"
        issued = int(self._clock.now())
        expires = f"{issued + LINK_LIFETIME_S:x}"
        return f"{self.base_url}/{path}?ex={expires}&is={issued:x}&hm={self._sign(stored.id, expires)}&"

    def is_signed(self, file_id: str, query: Mapping[str, str]) -> bool:
        """Tell whether an address is one of ours and has not expired."""
        expires = query.get("ex", "")
        if not hmac.compare_digest(self._sign(file_id, expires).encode(), query.get("hm", "").encode()):
            return False
        return int(expires, 16) > self._clock.now()

    def payload(self, stored: StoredFile) -> dict[str, Any]:
        """Render an attachment object with a fresh address."""
        url = self.url(stored)
        payload: dict[str, Any] = {
            "id": stored.id,
            "filename": stored.filename,
            "size": stored.size,
            "url": url,
            "proxy_url": url,
            "content_type": stored.content_type,
            "flags": 1 << 3 if stored.spoiler else 0,
        }
        optional = {
            "title": stored.title,
            "description": stored.description,
            "width": stored.width,
            "height": stored.height,
            "ephemeral": stored.ephemeral or None,
        }
        return payload | {key: value for key, value in optional.items() if value is not None}

    def _sign(self, file_id: str, expires: str) -> str:
        return hmac.new(self.key, f"{file_id}:{expires}".encode(), hashlib.sha256).hexdigest()


def _pixels(path: Path, content_type: str) -> tuple[int, int] | None:
    if content_type.startswith("image/"):
        return image_size(path)
    return video_size(path) if content_type == "video/mp4" else None


def safe_name(name: str) -> str:
    """Return a file name as Discord keeps it: no folders, no spaces, no separators."""
    base = Path(name.replace("\\", "/")).name
    return UNSAFE_IN_NAME.sub("_", base)[-100:] or "unknown"

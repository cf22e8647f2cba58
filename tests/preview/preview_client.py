"""A client of the preview API, pictures to send to it, its clock and its files."""

import asyncio
from io import BytesIO
from json import dumps
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from PIL import Image


class Client:
    """Requests as JSON, replies as (status, body, headers)."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession) -> None:
        self.base_url = base_url
        self.session = session

    async def ask(self, method: str, path: str, *, json: Any = None, **options: Any) -> tuple[int, Any, Any]:
        if json is not None:
            options["data"] = BytesIO(dumps(json).encode())
            options["headers"] = {"Content-Type": "application/json", **options.get("headers", {})}
        async with self.session.request(method, self.base_url + path, **options) as reply:
            body = await reply.json() if reply.content_type == "application/json" else await reply.read()
            return reply.status, body, reply.headers

    async def create(self, prompt: str = "hills", **fields: Any) -> dict[str, Any]:
        status, body, _ = await self.ask("POST", "/videos", json={"prompt": prompt, **fields})
        assert status == 200, body
        assert isinstance(body, dict)
        return body

    async def wait(
        self, video_id: str, *, until: tuple[str, ...] = ("completed", "failed")
    ) -> dict[str, Any]:
        """Poll until the status is one of `until`."""
        async with asyncio.timeout(60):
            while True:
                _, body, _ = await self.ask("GET", f"/videos/{video_id}")
                if body["status"] in until:
                    assert isinstance(body, dict)
                    return body
                await asyncio.sleep(0.02)

    async def content(self, video_id: str) -> bytes:
        status, body, _ = await self.ask("GET", f"/videos/{video_id}/content")
        assert status == 200, body
        assert isinstance(body, bytes)
        return body


class Clock:
    """Unix seconds that move by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def files_in(folder: Path) -> list[Path]:
    """Return the files of videos in a server's folder."""
    return sorted(folder.glob("video_*"))


def photo(width: int, height: int) -> Image.Image:
    """Return a picture with a gradient and a few sharp shapes."""
    across = np.linspace(30, 220, width)[None, :]
    down = np.linspace(40, 200, height)[:, None]
    rows = np.stack([across + 0 * down, 0 * across + down, (across + down) / 2], axis=2).astype(np.uint8)
    rows[height // 4 : height // 2, width // 4 : width // 2] = (230, 60, 40)
    rows[height // 2 :, width * 3 // 4 :] = (20, 120, 60)
    return Image.fromarray(rows)


def file_of(picture: Image.Image, kind: str) -> bytes:
    target = BytesIO()
    picture.save(target, kind)
    return target.getvalue()

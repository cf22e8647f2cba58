"""A video API whose one result is as large as wanted: a real MP4 with a `free` box to fill it up."""

import asyncio
import os
import struct
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import av
import numpy as np
from aiohttp import web


class BigProvider:
    """Serves `/v1/videos`; renders end when `finish` is called. `told_at` is when a poll was told so."""

    def __init__(self, *, megabytes: float) -> None:
        self._bytes = int(megabytes * 1_000_000)
        self._folder = TemporaryDirectory()
        self._file = Path(self._folder.name) / "result.mp4"
        self._runner: web.AppRunner | None = None
        self._finished: set[str] = set()
        self._open: list[str] = []
        self.told_at = 0.0
        self.length = 0
        self.base_url = ""

    def finish(self) -> None:
        """Let every render be done at its next poll."""
        self._finished.update(self._open)

    async def __aenter__(self) -> Self:
        self.length = await asyncio.to_thread(write_big_mp4, self._file, self._bytes)
        app = web.Application(client_max_size=64 << 20)
        app.router.add_post("/v1/videos", self._create)
        app.router.add_get("/v1/videos", self._list)
        app.router.add_get("/v1/videos/{id}", self._get)
        app.router.add_get("/v1/videos/{id}/content", self._content)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        self._folder.cleanup()

    async def _create(self, _request: web.Request) -> web.Response:
        name = f"video_{len(self._open)}"
        self._open.append(name)
        return web.json_response({"id": name, "object": "video", "status": "queued", "progress": 0})

    async def _list(self, _request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [], "has_more": False})

    async def _get(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        done = name in self._finished
        if done:
            self.told_at = time.time()
        status = "completed" if done else "in_progress"
        return web.json_response(
            {"id": name, "object": "video", "status": status, "progress": 100 if done else 50}
        )

    async def _content(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(self._file, headers={"Content-Type": "video/mp4"})


def write_big_mp4(path: Path, length: int) -> int:
    """Encode one second and fill up to exactly `length` bytes, as a player would skip it."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(24):
            picture = np.full((180, 320, 3), number * 10, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    missing = length - path.stat().st_size
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", missing, b"free") + os.urandom(missing - 8))
    return path.stat().st_size

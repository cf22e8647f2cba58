"""A light video API as a process, for many renders at once: they are done when it is told so, or at once.

`python -m tests.bench.jobs_provider --clip FILE` prints its base URL and serves until it is killed.
`GET /counts` tells requests and renders so far, of those under `/v1` alone; `POST /finish` lets every render
so far be done at its next poll.
"""

import argparse
import asyncio
import contextlib
from pathlib import Path
from typing import Any

from aiohttp import web

BACKLOG = 2048
"""So many may connect in one moment: a queue of 128 would measure the kernel's patience instead."""


class PatientProvider:
    """Serves `/v1/videos`. With `at_once` a render is done when it is ordered."""

    def __init__(self, clip: bytes, *, at_once: bool) -> None:
        self._clip = clip
        self._at_once = at_once
        self._renders = 0
        self._finished = 0
        self._requests = 0

    def app(self) -> web.Application:
        """Build the application."""
        app = web.Application()
        app.router.add_post("/v1/videos", self._create)
        app.router.add_get("/v1/videos", self._list)
        app.router.add_get("/v1/videos/{number}", self._get)
        app.router.add_get("/v1/videos/{number}/content", self._content)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/counts", self._counts)
        app.router.add_post("/finish", self._finish)
        return app

    async def _create(self, request: web.Request) -> web.Response:
        self._requests += 1
        await request.read()
        self._renders += 1
        now = self._now(self._renders) if self._at_once else _told(self._renders, "queued", 0)
        return web.json_response(now)

    async def _get(self, request: web.Request) -> web.Response:
        self._requests += 1
        return web.json_response(self._now(int(request.match_info["number"])))

    async def _list(self, request: web.Request) -> web.Response:
        """Answer with one page, the newest first."""
        self._requests += 1
        newest = int(request.query.get("after", self._renders + 1)) - 1
        last = max(newest - int(request.query.get("limit", "20")), 0)
        page = [self._now(number) for number in range(newest, last, -1)]
        last_id = page[-1]["id"] if page else None
        return web.json_response({"object": "list", "data": page, "has_more": last > 0, "last_id": last_id})

    async def _content(self, _: web.Request) -> web.Response:
        self._requests += 1
        return web.Response(body=self._clip, content_type="video/mp4")

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": []})

    async def _counts(self, _: web.Request) -> web.Response:
        return web.json_response({"requests": self._requests, "renders": self._renders})

    async def _finish(self, _: web.Request) -> web.Response:
        self._finished = self._renders
        return web.json_response({})

    def _now(self, number: int) -> dict[str, Any]:
        if self._at_once or number <= self._finished:
            return _told(number, "completed", 100)
        return _told(number, "in_progress", self._requests // 100 % 100)


def _told(number: int, status: str, progress: int) -> dict[str, Any]:
    """Write a render with everything that OpenAI's own answers hold."""
    return {
        "id": str(number),
        "object": "video",
        "model": "sora-2",
        "status": status,
        "progress": progress,
        "created_at": 1_760_000_000,
        "completed_at": None,
        "expires_at": None,
        "prompt": "a lighthouse on a cliff",
        "size": "1280x720",
        "seconds": "4",
        "error": None,
        "remixed_from_video_id": None,
    }


async def serve(provider: PatientProvider) -> None:
    """Print the base URL and serve for ever."""
    runner = web.AppRunner(provider.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=BACKLOG).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.jobs_provider")
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--at-once", action="store_true")
    arguments = parser.parse_args()
    provider = PatientProvider(arguments.clip.read_bytes(), at_once=arguments.at_once)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(provider))


if __name__ == "__main__":
    main()

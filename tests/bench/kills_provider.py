"""A paid video API as a process: it loses replies, answers 503, and keeps the truth of what was bought.

`python -m tests.bench.kills_provider --safety key --seed 1 --clip FILE` prints its base URL and serves until
it is killed. `GET /truth` tells every create that it accepted, and how many renders it held at once at most;
`POST /calm` ends the faults.
"""

import argparse
import asyncio
import contextlib
import random
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

BEFORE_S, AFTER_S = (0.02, 0.08), (0.02, 0.1)
"""Time before and after an effect, so that a kill falls into calls too (reference: jobs, the fault mix)."""
RENDER_S = (0.5, 2.0)
POLL_MS = "300"
PAGE = 20

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """One render that was bought."""

    id: str
    prompt: str
    size: str
    seconds: str
    bought_at: float
    done_at: float

    def told(self) -> dict[str, Any]:
        """Return it in the shape of the API."""
        done = time.time() >= self.done_at
        return {
            "id": self.id,
            "object": "video",
            "status": "completed" if done else "in_progress",
            "progress": 100 if done else 50,
            "created_at": int(self.bought_at),
            "prompt": self.prompt,
            "size": self.size,
            "seconds": self.seconds,
        }


class PaidProvider:
    """Serves `/v1/videos`.

    With the safety `key` an idempotency key counts, with `list` the list is there, with `none` neither. Of
    all calls `share` lose their reply after the effect, and as many are answered 503 before it.
    """

    def __init__(self, *, safety: str, share: float, rng: random.Random, clip: bytes) -> None:
        self._share = share
        self._safety = safety
        self._rng = rng
        self._clip = clip
        self._renders: dict[str, Render] = {}
        self._by_key: dict[str, Render] = {}
        self._faults = {"lost": 0, "503": 0}
        self._calm = False
        self._most_held = 0

    def app(self) -> web.Application:
        """Return the application."""
        app = web.Application(middlewares=[self._unreliable])
        app.router.add_post("/v1/videos", self._create)
        if self._safety == "list":
            app.router.add_get("/v1/videos", self._list)
        app.router.add_get("/v1/videos/{id}", self._get)
        app.router.add_get("/v1/videos/{id}/content", self._content)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/truth", self._truth)
        app.router.add_post("/calm", self._be_calm)
        return app

    @web.middleware
    async def _unreliable(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._calm or not request.path.startswith("/v1/"):
            return await handler(request)
        dice, before, after = self._rng.random(), self._rng.uniform(*BEFORE_S), self._rng.uniform(*AFTER_S)
        await asyncio.sleep(before)
        if dice < self._share:
            self._faults["503"] += 1
            return web.json_response({"error": {"message": "overloaded"}}, status=503)
        response = await handler(request)
        await asyncio.sleep(after)
        if dice < 2 * self._share and request.transport is not None:
            self._faults["lost"] += 1
            request.transport.abort()
        return response

    async def _create(self, request: web.Request) -> web.Response:
        order = await request.json() if request.content_type == "application/json" else await request.post()
        key = request.headers.get("Idempotency-Key") if self._safety == "key" else None
        render = self._by_key.get(key or "")
        if render is None:
            render = self._buy(str(order["prompt"]), str(order["size"]), str(order["seconds"]))
        if key is not None:
            self._by_key[key] = render
        return web.json_response(
            render.told() | {"status": "queued"}, headers={"openai-poll-after-ms": POLL_MS}
        )

    def _buy(self, prompt: str, size: str, seconds: str) -> Render:
        now = time.time()
        render = Render(
            id=f"video_{len(self._renders) + 1}",
            prompt=prompt,
            size=size,
            seconds=seconds,
            bought_at=now,
            done_at=now + self._rng.uniform(*RENDER_S),
        )
        self._renders[render.id] = render
        self._most_held = max(self._most_held, sum(render.done_at > now for render in self._renders.values()))
        return render

    async def _list(self, request: web.Request) -> web.Response:
        newest = list(reversed(self._renders.values()))
        after = request.query.get("after")
        start = next((at for at, render in enumerate(newest, 1) if render.id == after), 0)
        page = newest[start : start + PAGE]
        return web.json_response(
            {
                "object": "list",
                "data": [render.told() for render in page],
                "last_id": page[-1].id if page else None,
                "has_more": start + PAGE < len(newest),
            }
        )

    async def _get(self, request: web.Request) -> web.Response:
        return web.json_response(self._asked(request).told(), headers={"openai-poll-after-ms": POLL_MS})

    async def _content(self, request: web.Request) -> web.Response:
        body = self._clip + free_box(self._asked(request).prompt.encode())
        return web.Response(body=body, content_type="video/mp4")

    def _asked(self, request: web.Request) -> Render:
        render = self._renders.get(request.match_info["id"])
        if render is None:
            raise web.HTTPNotFound
        return render

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": []})

    async def _truth(self, _: web.Request) -> web.Response:
        bought = [{"id": render.id, "prompt": render.prompt} for render in self._renders.values()]
        return web.json_response({"bought": bought, "faults": self._faults, "held": self._most_held})

    async def _be_calm(self, _: web.Request) -> web.Response:
        self._calm = True
        return web.json_response({})


def free_box(text: bytes) -> bytes:
    """Return a box that players skip: it makes the file of each render its own."""
    return struct.pack(">I4s", 8 + len(text), b"free") + text


async def serve(provider: PaidProvider) -> None:
    """Print the base URL and serve for ever."""
    # A handler goes on when its client is gone: what was bought stays bought.
    runner = web.AppRunner(provider.app(), access_log=None, handler_cancellation=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kills_provider")
    parser.add_argument("--safety", choices=("key", "list", "none"), required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--share", type=float, required=True)
    parser.add_argument("--clip", type=Path, required=True)
    arguments = parser.parse_args()
    provider = PaidProvider(
        safety=arguments.safety,
        share=arguments.share,
        rng=random.Random(arguments.seed),
        clip=arguments.clip.read_bytes(),
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(provider))


if __name__ == "__main__":
    main()

"""The paid API of the kill test without faults, with renders that last: `... soak_provider --clip FILE`."""

import argparse
import asyncio
import contextlib
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.bench.kills_provider import PAGE, PaidProvider, Render, serve

RENDER_S = (5.0, 20.0)
POLL_MS = "2000"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongRender(Render):
    """A render that tells how far it is."""

    def told(self) -> dict[str, Any]:
        """Return it in the shape of the API."""
        share = (time.time() - self.bought_at) / (self.done_at - self.bought_at)
        return {**Render.told(self), "progress": min(100, int(share * 100))}


class PatientProvider(PaidProvider):
    """Serves `/v1/videos` with an idempotency key and the list; every render takes from 5 to 20 s."""

    def _buy(self, prompt: str, size: str, seconds: str) -> Render:
        now = time.time()
        render = LongRender(
            id=f"video_{len(self._renders) + 1}",
            prompt=prompt,
            size=size,
            seconds=seconds,
            bought_at=now,
            done_at=now + self._rng.uniform(*RENDER_S),
        )
        self._renders[render.id] = render
        return render

    def app(self) -> web.Application:
        """Return the application."""
        app = super().app()
        app.router.add_get("/v1/videos", self._newest)
        return app

    async def _newest(self, request: web.Request) -> web.Response:
        """List so many as wanted; there is no second page."""
        newest = list(reversed(self._renders.values()))[: int(request.query.get("limit", PAGE))]
        return web.json_response(
            {"object": "list", "data": [render.told() for render in newest], "has_more": False}
        )

    async def _get(self, request: web.Request) -> web.Response:
        return web.json_response(self._asked(request).told(), headers={"openai-poll-after-ms": POLL_MS})


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak_provider")
    parser.add_argument("--clip", type=Path, required=True)
    clip = parser.parse_args().clip.read_bytes()
    provider = PatientProvider(safety="key", share=0.0, rng=random.Random(), clip=clip)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(provider))


if __name__ == "__main__":
    main()

"""A video API behind a bad line: the order arrives, its reply does not."""

from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web


class LossyApi:
    """Hands everything on to another API; the replies to the next `lost` orders never come back."""

    def __init__(self, base_url: str) -> None:
        self._target = base_url.removesuffix("/v1")
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.base_url = ""
        self.lost = 1

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._forward)
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        assert self._session is not None
        await self._runner.cleanup()
        await self._session.close()

    async def _forward(self, request: web.Request) -> web.Response:
        assert self._session is not None
        kept = {name: value for name, value in request.headers.items() if name in ("Content-Type", "Range")}
        async with self._session.request(
            request.method, f"{self._target}{request.raw_path}", data=await request.read(), headers=kept
        ) as answer:
            body = await answer.read()
        if request.method == "POST" and self.lost:
            self.lost -= 1
            assert request.transport is not None
            request.transport.abort()
        hint = answer.headers.get("openai-poll-after-ms")
        return web.Response(
            status=answer.status,
            body=body,
            headers={"Content-Type": answer.headers["Content-Type"]}
            | ({"openai-poll-after-ms": hint} if hint else {}),
        )

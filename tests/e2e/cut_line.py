"""A line to a server that can be cut: then connections break, and new ones are refused."""

from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web
from yarl import URL

_HOP_BY_HOP = frozenset({"connection", "content-length", "host", "keep-alive", "transfer-encoding"})


class CutLine:
    """Hands every request on to the server at `target` (scheme, host and port), while it is whole."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """Return the address at this end."""
        return f"http://127.0.0.1:{self._port}"

    async def cut(self) -> None:
        """Break what is under way and refuse what comes."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def mend(self) -> None:
        """Listen again, at the same address."""
        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/{path:.*}", self._forward)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        await self.mend()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self.cut()
        await self._session.close()

    async def _forward(self, request: web.Request) -> web.Response:
        assert self._session is not None
        kept = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        url = URL(f"{self._target}{request.raw_path}", encoded=True)
        async with self._session.request(
            request.method, url, data=await request.read(), headers=kept, skip_auto_headers=("Content-Type",)
        ) as answer:
            told = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
            return web.Response(status=answer.status, body=await answer.read(), headers=told)

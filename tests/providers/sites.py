"""Servers on loopback, and the provider that talks to them."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.providers.base_url import BaseUrl
from bot.providers.http import ProviderHttp
from bot.providers.profile import Profile, load_profile
from bot.providers.retries import Retries
from bot.providers.videos_api import VideosApi
from tests.providers.wire import KEY

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def no_wait(_: float) -> None:
    """Do not wait between two tries."""


async def anywhere(_host: str, _port: int) -> str:
    """Take the test's servers for public ones."""
    return "127.0.0.1"


@contextlib.asynccontextmanager
async def provider(base: str, *, profile: Profile | None = None, **options: Any) -> AsyncIterator[VideosApi]:
    """Open a provider at a base URL."""
    profile = profile or load_profile("preview")
    options.setdefault("retries", Retries(sleep=no_wait))
    http = ProviderHttp(BaseUrl.parse(base), name="test", credentials=profile.credentials(KEY), **options)
    async with contextlib.aclosing(http):
        yield VideosApi(
            name="test", http=http, profile=profile, models=(profile.capabilities(""),), secrets=(KEY,)
        )


class Site:
    """A server on loopback with one handler for everything; it keeps the requests."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.requests: list[web.Request] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        assert self._server.port is not None
        self.port = self._server.port
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self._handler(request)


@contextlib.asynccontextmanager
async def raw_server(talk: Talk) -> AsyncIterator[str]:
    """Serve bytes by hand; give the base URL."""

    talks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await talk(reader, writer)
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks)


def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection with a RST."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    writer.transport.abort()


async def whole_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    return head + await reader.readexactly(length)

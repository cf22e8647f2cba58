"""The sandbox's server: loopback only, a secret in every path, the Host header checked."""

import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.control.api import ControlApi
from bot.sandbox.requests import Exchange
from bot.sandbox.rest import Rest
from bot.sandbox.sandbox import Sandbox

CLOSING_S = 0.2  # someone may still wait for an answer that cannot come any more
LOOPBACK = ("127.0.0.1", "localhost")
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


class SandboxServer:
    """Serve a local Discord until closed.

    Everything stands under http://127.0.0.1:PORT/SECRET/: `api/v10`, `gateway`, `control` and `files`.
    Attachments lie under `data_dir`, or in a temporary folder that goes with the server. `record` keeps every
    exchange with the bot in `exchanges`.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        data_dir: Path | None = None,
        clock: Callable[[], float] = time.time,
        rate_limits: bool = True,
        record: bool = False,
    ) -> None:
        """Prepare a server; raises ValueError for a host that is not loopback."""
        if host not in LOOPBACK:
            raise ValueError(f"the sandbox listens on loopback only, not on {host}")
        self._host = host
        self._port = port
        self._secret = secrets.token_urlsafe(16)
        self._temporary = tempfile.TemporaryDirectory(prefix="sandbox-") if data_dir is None else None
        directory = Path(self._temporary.name) if self._temporary else Path(data_dir or "") / "attachments"
        directory.mkdir(parents=True, exist_ok=True)
        self.sandbox = Sandbox(directory, clock=Clock(clock), rate_limits=rate_limits, record=record)
        self._control = ControlApi(self.sandbox)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; from here on the addresses are known."""
        app = web.Application(middlewares=[self._guard])
        rest = Rest(self.sandbox)
        base = f"/{self._secret}"
        app.router.add_route("*", base + "/api/v10/{path:.*}", rest.serve)
        app.router.add_get(base + "/gateway", self.sandbox.gateway.serve)
        app.router.add_get(base + "/gateway/", self.sandbox.gateway.serve)
        app.router.add_get(base + "/files/attachments/{channel}/{id}/{name}", self._serve_file)
        app.router.add_routes(self._control.routes(base + "/control"))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSING_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.sandbox.files.base_url = f"{self._base('http')}/files"
        self.sandbox.gateway.url = self.discord_gateway_url

    async def close(self) -> None:
        """Stop listening, cut all connections and remove temporary files."""
        await self.sandbox.gateway.close()
        await self._control.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._temporary is not None:
            self._temporary.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def discord_api_url(self) -> str:
        """Return what stands in for https://discord.com/api/v10."""
        return f"{self._base('http')}/api/v10"

    @property
    def discord_gateway_url(self) -> str:
        """Return what stands in for wss://gateway.discord.gg."""
        return f"{self._base('ws')}/gateway"

    @property
    def control_url(self) -> str:
        """Return the base address of the control API."""
        return f"{self._base('http')}/control"

    @property
    def token(self) -> str:
        """Return the bot's token."""
        return self.sandbox.world.token

    @property
    def application_id(self) -> str:
        """Return the id of the application, which is the bot user's too."""
        return self.sandbox.world.application_id

    @property
    def guild_id(self) -> str:
        """Return the id of the guild."""
        return self.sandbox.world.guild.id

    @property
    def channel_id(self) -> str:
        """Return the id of #general."""
        return self.sandbox.world.default_channel.id

    @property
    def user_id(self) -> str:
        """Return the id of the member who acts when nobody else is named."""
        return self.sandbox.world.default_user.id

    @property
    def exchanges(self) -> list[Exchange]:
        """Return every exchange with the bot so far; empty without `record`."""
        return self.sandbox.requests.exchanges

    def describe(self) -> dict[str, str]:
        """Return what a bot and a script need to know, as `reelbot sandbox --server-only` prints it."""
        return {
            "discord_api_url": self.discord_api_url,
            "discord_gateway_url": self.discord_gateway_url,
            "control_url": self.control_url,
            "token": self.token,
            "application_id": self.application_id,
            "guild_id": self.guild_id,
            "channel_id": self.channel_id,
            "user_id": self.user_id,
        }

    def _base(self, scheme: str) -> str:
        return f"{scheme}://127.0.0.1:{self._port}/{self._secret}"

    @web.middleware
    async def _guard(self, request: web.Request, handler: Next) -> web.StreamResponse:
        """Refuse requests that name another host: a web page could have rebound its own name to 127.0.0.1."""
        if request.headers.get("Host") not in {f"{host}:{self._port}" for host in LOOPBACK}:
            return web.Response(status=421, text="This server answers to 127.0.0.1 only.")
        return await handler(request)

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        stored = self.sandbox.files.find(request.match_info["id"])
        if stored is None or not self.sandbox.files.is_signed(stored.id, request.query):
            return web.Response(status=404, text="This content is no longer available.")
        headers = {
            "Content-Type": stored.content_type,
            "X-Content-Type-Options": "nosniff",
            # An uploaded page must not run as a page of the sandbox.
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=86400",
        }
        return web.FileResponse(stored.path, headers=headers)

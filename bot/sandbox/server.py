"""The sandbox's server: loopback only, a secret in every path, Host and Origin checked."""

import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from aiohttp import web

from bot.sandbox.archive import Archive
from bot.sandbox.backstage import Backstage
from bot.sandbox.clock import Clock
from bot.sandbox.control.api import ControlApi
from bot.sandbox.guard import LOOPBACK, Guard
from bot.sandbox.page_routes import page_routes
from bot.sandbox.requests import Exchange
from bot.sandbox.rest import Rest
from bot.sandbox.sandbox import Sandbox

CLOSING_S = 0.2  # someone may still wait for an answer that cannot come any more


class SandboxServer:
    """Serve a local Discord until closed.

    Everything stands under http://127.0.0.1:PORT/SECRET/, which is the page: `api/v10`, `gateway`, `control`
    and `files`.
    Attachments lie under `data_dir`, or in a temporary folder that goes with the server. With `keep`, the
    next server on the same `data_dir` goes on where this one ended, at the same addresses but for the port.
    `record` keeps every exchange with the bot in `exchanges`.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        data_dir: Path | None = None,
        keep: bool = False,
        clock: Callable[[], float] = time.time,
        rate_limits: bool = True,
        record: bool = False,
    ) -> None:
        """Prepare a server; raises ValueError for a host that is not loopback or `keep` without a folder."""
        if host not in LOOPBACK:
            raise ValueError(f"the sandbox listens on loopback only, not on {host}")
        if keep and data_dir is None:
            raise ValueError("a sandbox that keeps its world needs a folder")
        self._host = host
        self._port = port
        self._secret = secrets.token_urlsafe(16)
        self._temporary = tempfile.TemporaryDirectory(prefix="sandbox-") if data_dir is None else None
        directory = Path(self._temporary.name) if self._temporary else Path(data_dir or "") / "attachments"
        if keep and data_dir is not None:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # the token lies there
        directory.mkdir(parents=True, exist_ok=True)
        self.sandbox = Sandbox(directory, clock=Clock(clock), rate_limits=rate_limits, record=record)
        self._archive = Archive(data_dir, self.sandbox) if keep and data_dir is not None else None
        self._control = ControlApi(self.sandbox)
        self._guard = Guard()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; from here on the addresses are known.

        Raises ArchiveError, one sentence, where what was kept cannot be read or another server writes there.
        """
        if self._archive is not None:
            self._secret = await self._archive.open(self._secret)
        app = web.Application(middlewares=[self._guard.check])
        app.on_response_prepare.append(self._guard.protect)
        rest = Rest(self.sandbox)
        base = f"/{self._secret}"
        app.router.add_route("*", base + "/api/v10/{path:.*}", rest.serve)
        app.router.add_get(base + "/gateway", self.sandbox.gateway.serve)
        app.router.add_get(base + "/gateway/", self.sandbox.gateway.serve)
        app.router.add_get(base + "/files/attachments/{channel}/{id}/{name}", self._serve_file)
        app.router.add_routes(self._control.routes(base + "/control"))
        app.router.add_routes(page_routes(base))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSING_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._guard.port = self._runner.addresses[0][1]
        self.sandbox.files.base_url = f"{self._base('http')}/files"
        self.sandbox.gateway.url = self.discord_gateway_url

    async def close(self) -> None:
        """Stop listening, cut all connections and remove temporary files."""
        await self.sandbox.gateway.close()
        await self._control.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._archive is not None:
            await self._archive.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.close()  # else a taken port would leave the folder locked
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def lend(self, backstage: Backstage) -> None:
        """Let the control API see the video API's jobs and restart the bot."""
        self._control.backstage = backstage

    @property
    def page_url(self) -> str:
        """Return the address to open in a browser."""
        return f"{self._base('http')}/"

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

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        stored = self.sandbox.files.find(request.match_info["id"])
        if stored is None or not self.sandbox.files.is_signed(stored.id, request.query):
            return web.Response(status=404, text="This content is no longer available.")
        headers = {
            "Content-Type": stored.content_type,
            # An uploaded page must not run as a page of the sandbox.
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=86400",
        }
        return web.FileResponse(stored.path, headers=headers)

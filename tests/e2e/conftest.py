"""The real bot in the sandbox over real sockets, with the preview API, in one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import discord
import pytest

from bot.app import App, open_app
from bot.config import Settings, load_settings
from bot.domain.job import Job
from bot.preview.server import PreviewServer
from bot.sandbox.server import SandboxServer
from bot.serving import serve
from tests.actor import Actor
from tests.discord_spec import load_spec


class Stage:
    """A local Discord, a video API, and the bot that can be started, stopped and killed."""

    def __init__(self, tmp_path: Path, sandbox: SandboxServer, preview: PreviewServer, owner: Actor) -> None:
        self.tmp_path = tmp_path
        self.sandbox = sandbox
        self.preview = preview
        self.owner = owner
        self.base_url = preview.base_url
        self._bot: AsyncExitStack | None = None
        self._serving: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self.app: App | None = None

    def settings(self) -> Settings:
        """Return what a person would set."""
        return load_settings(
            {
                "discord_token": self.sandbox.token,
                "discord_api_url": self.sandbox.discord_api_url,
                "discord_gateway_url": self.sandbox.discord_gateway_url,
                "data_dir": self.tmp_path / "data",
                "video_api_base_url": self.base_url,
                "video_api_profile": "preview",
            }
        )

    async def start_bot(self) -> None:
        """Start the bot and wait until it is online."""
        self._stop = asyncio.Event()
        self._bot = AsyncExitStack()
        self.app = await self._bot.enter_async_context(open_app(self.settings()))
        self._serving = asyncio.create_task(serve(self.app, self.sandbox.token, self._stop))
        ready = asyncio.create_task(self.app.gateway.online.wait())
        await asyncio.wait({ready, self._serving}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        if self._serving.done():
            await self._serving
        assert ready.done()

    async def stop_bot(self, *, kill: bool = False) -> None:
        """Stop the bot; `kill` drops everything in the middle, as far as one process can."""
        if self._bot is None or self._serving is None:
            return
        if kill:
            self._serving.cancel()
        self._stop.set()
        await asyncio.gather(self._serving, return_exceptions=True)
        await self._bot.aclose()
        self._bot = self.app = None

    async def job(self, short_id: str) -> Job:
        """Read a job's row."""
        assert self.app is not None
        found = await self.app.store.by_short_id(short_id)
        assert found is not None
        return found

    async def bought(self) -> int:
        """Count the videos that the provider was asked for."""
        videos, _ = await self.preview.videos.page(after=None, limit=100, newest_first=True)
        return len(videos)


@pytest.fixture
async def stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """Give a running bot. `@pytest.mark.pace(seconds)` slows the video API down, per second of video."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(
        discord.gateway.DiscordWebSocket,
        "DEFAULT_GATEWAY",
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY,
    )
    monkeypatch.chdir(tmp_path)  # no .env of the developer's
    mark = request.node.get_closest_marker("pace")
    sandbox = SandboxServer(data_dir=tmp_path / "discord", record=True)
    preview = PreviewServer(data_dir=tmp_path / "preview", pace=mark.args[0] if mark else 0.0)
    async with sandbox, preview, aiohttp.ClientSession() as session:
        stage = Stage(tmp_path, sandbox, preview, Actor(session, sandbox.describe()))
        await stage.start_bot()
        try:
            yield stage
        finally:
            await stage.stop_bot()
        hold_against_description(sandbox)


def hold_against_description(sandbox: SandboxServer) -> None:
    """Check every request of the bot and every reply of the sandbox against Discord's own description."""
    spec = load_spec()
    if spec is None:
        return
    wrong: list[str] = []
    for exchange in sandbox.exchanges:
        where = f"{exchange.method} {exchange.path}"
        wrong += [
            f"{where}: request {problem}"
            for problem in spec.check_request(exchange.method, exchange.path, exchange.request)
        ]
        wrong += [
            f"{where}: {exchange.status} {problem}"
            for problem in spec.check_response(
                exchange.method, exchange.path, exchange.status, exchange.response
            )
        ]
    assert not wrong, "\n".join(wrong[:20])

"""The bot and the preview API inside a local Discord."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.app import App, open_app
from bot.config import Settings, load_settings
from bot.domain.errors import BotError, ConfigError
from bot.preview.server import PreviewServer
from bot.sandbox.server import SandboxServer
from bot.serving import serve

PACE = 0.8
"""Slow enough to watch the progress of a video, fast enough to wait for it."""
READY_SECONDS = 30.0
JOBS_SHOWN = 50


class SandboxedBot:
    """The preview API and a bot that can be restarted; lends the sandbox's page a look at both.

    `folder` holds the bot's database, originals and the preview's videos; `pace` is the least number of
    seconds that a second of video takes.
    """

    def __init__(self, server: SandboxServer, folder: Path, *, pace: float = PACE) -> None:
        self._server = server
        self._folder = folder
        self._preview = PreviewServer(data_dir=folder / "preview", pace=pace)
        self._app: App | None = None
        self._stop = asyncio.Event()
        self._ready = asyncio.Event()
        self._again = False
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        try:
            await self._preview.start()
        except OSError as error:
            raise ConfigError(f"the built-in preview cannot start: {error}") from error
        self._running = asyncio.create_task(self._run(), name="bot")
        try:
            await self._until_ready()
        except BaseException:
            await self._close()
            raise
        self._server.lend(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()
        if kind is None and self._running is not None:
            self._running.result()

    @property
    def app(self) -> App:
        """Return the running bot; a restart makes another one."""
        if self._app is None:
            raise BotError("the bot is not running")
        return self._app

    async def ended(self) -> None:
        """Wait until the bot ended by itself."""
        if self._running is not None:
            await asyncio.wait({self._running})

    async def video_jobs(self) -> list[dict[str, Any]]:
        """Return the preview API's jobs, newest first, as its API shows them."""
        videos, _ = await self._preview.videos.page(after=None, limit=JOBS_SHOWN, newest_first=True)
        return [video.body() for video in videos]

    async def restart_bot(self) -> None:
        """Stop the bot as a service manager would, and start it anew on the same data."""
        if self._again:
            raise RuntimeError("the bot is being restarted already")
        self._again = True
        self._ready.clear()
        self._stop.set()
        try:
            await self._until_ready()
        except BotError as error:
            raise RuntimeError(str(error)) from error
        finally:
            self._again = False

    async def _run(self) -> None:
        while True:
            self._stop = asyncio.Event()
            async with open_app(self._settings()) as app:
                self._app = app
                waiting = asyncio.create_task(self._tell_ready(app))
                try:
                    await serve(app, self._server.token, self._stop)
                finally:
                    self._app = None
                    waiting.cancel()
                    await asyncio.gather(waiting, return_exceptions=True)
            if not self._again:
                return

    async def _tell_ready(self, app: App) -> None:
        await app.gateway.online.wait()
        self._ready.set()

    async def _until_ready(self) -> None:
        """Wait until the bot is online; raise BotError where it ended or takes too long."""
        if self._running is None:
            raise BotError("the bot is not running")
        ready = asyncio.create_task(self._ready.wait())
        try:
            await asyncio.wait(
                {ready, self._running}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if self._running.done():
                self._running.result()
            if not ready.done():
                raise BotError("the bot did not come online in the sandbox")
        finally:
            ready.cancel()
            await asyncio.gather(ready, return_exceptions=True)

    async def _close(self) -> None:
        self._again = False
        self._stop.set()
        if self._running is not None:
            await asyncio.wait({self._running})
        await self._preview.close()

    def _settings(self) -> Settings:
        return load_settings(
            {
                "discord_token": self._server.token,
                "discord_api_url": self._server.discord_api_url,
                "discord_gateway_url": self._server.discord_gateway_url,
                "discord_guild_ids": (),  # everywhere, so that they work in direct messages too
                "database_url": f"sqlite:///{self._folder / 'reelbot.db'}",
                "data_dir": self._folder,
                "originals": "shared",
                "video_api_base_url": self._preview.base_url,
                "video_api_key": None,
                "video_api_profile": "preview",
                "video_api_models": (),
                "openai_api_key": None,
                "openai_base_url": None,
                "azure_openai_endpoint": None,
                "web_listen": None,
                "prompt_api_base_url": None,
                "providers_file": None,  # a real card in this folder would make the sandbox cost money
            }
        )

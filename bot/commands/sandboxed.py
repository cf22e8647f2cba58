"""The bot and the preview API inside a local Discord."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import App, open_app, serve
from bot.config import Settings, load_settings
from bot.domain.errors import BotError
from bot.preview.server import PreviewServer
from bot.sandbox.server import SandboxServer

PACE = 0.5
"""The preview takes at least so many seconds a second of video here, so that its progress can be watched."""
READY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Running:
    """The bot inside the sandbox."""

    app: App
    serving: "asyncio.Task[None]"


@asynccontextmanager
async def open_sandbox(server: SandboxServer, data_dir: Path) -> AsyncIterator[Running]:
    """Start the preview API and the bot, and wait until the bot is online.

    The local Discord forgets its channels when it ends, so the database of jobs is a new one each time.
    """
    stop = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="reelbot-") as folder:
        preview = PreviewServer(data_dir=data_dir / "preview", pace=PACE)
        async with preview, open_app(_inside(server, preview, data_dir, Path(folder))) as app:
            serving = asyncio.create_task(serve(app, server.token, stop), name="bot")
            try:
                await _until_ready(app, serving)
                yield Running(app, serving)
            finally:
                stop.set()
                await asyncio.wait({serving})
            serving.result()


def _inside(server: SandboxServer, preview: PreviewServer, data_dir: Path, folder: Path) -> Settings:
    return load_settings(
        {
            "discord_token": server.token,
            "discord_api_url": server.discord_api_url,
            "discord_gateway_url": server.discord_gateway_url,
            "discord_guild_ids": (int(server.guild_id),),
            "database_url": f"sqlite:///{folder / 'reelbot.db'}",
            "data_dir": data_dir,
            "video_api_base_url": preview.base_url,
            "video_api_key": None,
            "video_api_profile": "preview",
            "video_api_models": (),
            "openai_api_key": None,
            "openai_base_url": None,
        }
    )


async def _until_ready(app: App, serving: "asyncio.Task[None]") -> None:
    ready = asyncio.create_task(app.client.wait_until_ready())
    try:
        await asyncio.wait({ready, serving}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        if not ready.done():
            raise BotError("the bot did not come online in the sandbox")
    finally:
        ready.cancel()
        await asyncio.gather(ready, return_exceptions=True)

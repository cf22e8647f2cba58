"""`reelbot sandbox`: a local Discord, the preview API and the bot in one process; no account, key or cost."""

import argparse
import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import App, open_app, serve
from bot.commands.demo import run_demo
from bot.commands.stopping import stop_on_signals
from bot.config import Settings, load_settings
from bot.domain.errors import BotError, ConfigError
from bot.preview.server import PreviewServer
from bot.sandbox.server import SandboxServer

LOG_LEVEL = "WARNING"
PACE = 0.5
"""The preview takes at least so many seconds a second of video here, so that its progress can be watched."""
READY_SECONDS = 30.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to start and what to do with it."""
    parser.add_argument("--port", type=int, default=0, help="port of the local Discord (a free one)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--demo", metavar="PROMPT", help="ask for one video as a member would, save it, print its path, end"
    )
    what.add_argument(
        "--server-only", action="store_true", help="the local Discord alone; prints one JSON line"
    )
    what.add_argument(
        "--headless", action="store_true", help="everything, with the JSON line instead of words"
    )


async def main(settings: Settings, arguments: argparse.Namespace) -> None:
    """Start what was asked for and serve until a signal or the end of the demo."""
    with stop_on_signals() as stop:
        async with _server(arguments.port, settings.data_dir / "sandbox") as server:
            if arguments.server_only:
                print(json.dumps(server.describe()), flush=True)
                await stop.wait()
                return
            async with open_sandbox(server, settings.data_dir / "sandbox") as running:
                if arguments.demo is not None:
                    await run_demo(server.describe(), running.app.store, arguments.demo, settings.data_dir)
                    return
                _print_address(server, headless=arguments.headless)
                await _until_stopped(running.serving, stop)


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


@asynccontextmanager
async def _server(port: int, data_dir: Path) -> AsyncIterator[SandboxServer]:
    server = SandboxServer(port=port, data_dir=data_dir)
    try:
        await server.start()
    except OSError as error:
        raise ConfigError(f"port {port} cannot be used: {error.strerror}") from error
    try:
        yield server
    finally:
        await server.close()


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


async def _until_stopped(serving: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, serving}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()


def _print_address(server: SandboxServer, *, headless: bool) -> None:
    if headless:
        print(json.dumps(server.describe()), flush=True)
        return
    print(f"The bot is online in a local Discord. Its control API: {server.control_url}")
    print(f"Try: curl -s {server.control_url}/invoke -H 'Content-Type: application/json' \\")
    print('       -d \'{"command": "video", "options": {"prompt": "a red fox in snow"}}\'')
    print("Ctrl-C ends it.", flush=True)

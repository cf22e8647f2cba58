"""`reelbot sandbox`: a local Discord, the preview API and the bot in one process; no account, key or cost."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.commands.listening import listen
from bot.commands.stopping import stop_on_signals
from bot.config import Settings
from bot.sandbox.server import SandboxServer

LOG_LEVEL = "WARNING"


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
            # Imported here: the local Discord alone needs neither discord.py nor the media libraries.
            from bot.commands.demo import run_demo
            from bot.commands.sandboxed import open_sandbox

            async with open_sandbox(server, settings.data_dir / "sandbox") as running:
                if arguments.demo is not None:
                    await run_demo(server.describe(), running.app.store, arguments.demo, settings.data_dir)
                    return
                _print_address(server, headless=arguments.headless)
                await _until_stopped(running.serving, stop)


@asynccontextmanager
async def _server(port: int, data_dir: Path) -> AsyncIterator[SandboxServer]:
    server = SandboxServer(port=port, data_dir=data_dir)
    try:
        await listen(server, port)
        yield server
    finally:
        await server.close()


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

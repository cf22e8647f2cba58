"""`reelbot sandbox`: a local Discord, the preview API and the bot in one process; no account, key or cost."""

import argparse
import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from bot.commands.listening import listen
from bot.commands.stopping import stop_on_signals
from bot.config import Settings
from bot.domain.errors import ConfigError
from bot.sandbox.archive_file import ArchiveError
from bot.sandbox.server import SandboxServer

LOG_LEVEL = "WARNING"
DATA_HELP = "keep channels, videos and jobs in this folder; without it they go with the sandbox"


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
    with stop_on_signals() as stop, _folder(arguments.data) as folder:
        async with _server(arguments.port, folder, keep=arguments.data is not None) as server:
            if arguments.server_only:
                print(json.dumps(server.describe()), flush=True)
                await stop.wait()
                return
            # Imported here: the local Discord alone needs neither discord.py nor the media libraries.
            from bot.commands.demo import run_demo
            from bot.commands.sandboxed import SandboxedBot

            async with SandboxedBot(server, folder) as bot:
                if arguments.demo is not None:
                    await run_demo(server.describe(), bot.app.store, arguments.demo, settings.data_dir)
                    return
                _print_address(server, arguments)
                await _first(bot.ended(), stop.wait())


@contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    """Give the folder that --data names, or one that goes with the sandbox."""
    if chosen is not None:
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="reelbot-") as folder:
        yield Path(folder)


@asynccontextmanager
async def _server(port: int, folder: Path, *, keep: bool) -> AsyncIterator[SandboxServer]:
    server = SandboxServer(port=port, data_dir=folder, keep=keep)
    try:
        await listen(server, port)
        yield server
    except ArchiveError as error:
        raise ConfigError(str(error)) from error
    finally:
        await server.close()


async def _first(*waits: Coroutine[Any, Any, object]) -> None:
    """Wait for the first of them."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _print_address(server: SandboxServer, arguments: argparse.Namespace) -> None:
    if arguments.headless:
        print(json.dumps(server.describe()), flush=True)
        return
    print(f"Reelbot is online in a local Discord. Open  {server.page_url}")
    if arguments.data is None:
        print("Nothing is kept when it ends; --data DIR keeps channels and videos.")
    print("Ctrl-C ends it.", flush=True)

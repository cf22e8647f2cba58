"""`reelbot gateway`: Discord's commands and reactions; the jobs are driven by `reelbot worker` elsewhere."""

import argparse

from bot.commands.several import open_shared_app
from bot.commands.stopping import stop_on_signals
from bot.config import Settings
from bot.domain.shards import Shards
from bot.serving import serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "--shards",
        metavar="FIRST-LAST/COUNT",
        help="hear only this part of Discord's servers, such as 0-3/16; default: all of them",
    )


async def main(settings: Settings, arguments: argparse.Namespace) -> None:
    """Serve until a signal."""
    shards = Shards.parse(arguments.shards) if arguments.shards is not None else None
    token = settings.require_token()
    with stop_on_signals() as stop:
        async with open_shared_app(settings, drives=False, shards=shards) as app:
            await serve(app, token, stop, engine=False)

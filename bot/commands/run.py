"""`reelbot run`: gateway and workers in one process."""

import argparse

from bot.app import open_app
from bot.commands.stopping import stop_on_signals
from bot.config import Settings
from bot.serving import serve


async def main(settings: Settings, _arguments: argparse.Namespace) -> None:
    """Serve until a signal."""
    token = settings.require_token()
    with stop_on_signals() as stop:
        async with open_app(settings) as app:
            await serve(app, token, stop)

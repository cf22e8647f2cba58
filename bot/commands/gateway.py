"""`reelbot gateway`: Discord's commands and reactions; the jobs are driven by `reelbot worker` elsewhere."""

import argparse

from bot.app import serve
from bot.commands.several import open_shared_app
from bot.commands.stopping import stop_on_signals
from bot.config import Settings


async def main(settings: Settings, _arguments: argparse.Namespace) -> None:
    """Serve until a signal."""
    token = settings.require_token()
    with stop_on_signals() as stop:
        async with open_shared_app(settings, drives=False) as app:
            await serve(app, token, stop, engine=False)

"""`reelbot worker`: drives jobs, any number of them on any machines; REST alone, it never identifies."""

import argparse

from bot.commands.several import open_shared_app
from bot.commands.stopping import stop_on_signals
from bot.config import Settings
from bot.serving import serve


async def main(settings: Settings, _arguments: argparse.Namespace) -> None:
    """Serve until a signal."""
    token = settings.require_token()
    with stop_on_signals() as stop:
        async with open_shared_app(settings, drives=True) as app:
            await serve(app, token, stop, gateway=False)

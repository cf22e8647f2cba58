"""`reelbot sync`: send the commands to Discord now, whether or not they changed."""

import argparse

from bot.app import log_in, open_app
from bot.config import Settings


async def main(settings: Settings, _arguments: argparse.Namespace) -> None:
    """Log in and sync; `run` does it by itself when the commands changed."""
    token = settings.require_token()
    async with open_app(settings) as app, app.client:
        await log_in(app.client, token)
        await app.client.sync_commands(force=True)
        names = ", ".join(f"/{command.name}" for command in app.client.tree.get_commands())
        print(f"synced: {names}")

"""`reelbot sync`: send the commands to Discord now, whether or not they changed."""

import argparse

from bot.app import open_app
from bot.config import Settings
from bot.gateway import log_in


async def main(settings: Settings, _arguments: argparse.Namespace) -> None:
    """Log in and sync; `run` does it by itself when the commands changed."""
    token = settings.require_token()
    async with open_app(settings) as app, app.build_client() as client:
        await log_in(client, token)
        await client.sync_commands(force=True)
        names = ", ".join(f"/{command.name}" for command in client.tree.get_commands())
        print(f"synced: {names}")

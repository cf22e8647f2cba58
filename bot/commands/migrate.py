"""`reelbot migrate`: bring the database's schema up to date and stop."""

import argparse

from bot.config import Settings
from storage.database import open_database
from storage.migrate import migrate


async def main(settings: Settings, _arguments: argparse.Namespace) -> None:
    """Migrate and print the version."""
    database = await open_database(settings.database)
    try:
        print(f"the schema is at version {await migrate(database)}")
    finally:
        await database.close()

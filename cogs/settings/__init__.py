"""`/settings`: how a server votes, what reactions do, and where its best videos go."""

from bot.client import Reelbot
from cogs.services import services_of
from cogs.settings._commands import SettingsCommands


async def setup(bot: Reelbot) -> None:
    """Add the commands."""
    services = services_of(bot)
    if services.feedback is not None:
        await bot.add_cog(SettingsCommands(services.feedback))

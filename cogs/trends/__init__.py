"""`/trends`: what rates well on a server, as a picture, in words and as a table."""

from bot.client import Reelbot
from cogs.services import services_of


async def setup(bot: Reelbot) -> None:
    """Add the command, and answer every menu that it has ever shown."""
    from cogs.trends.command import TrendsCommand  # loading the package must not load the extension's parts
    from cogs.trends.menu import PeriodMenu

    await bot.add_cog(TrendsCommand(services_of(bot).videos.models))
    bot.add_dynamic_items(PeriodMenu)

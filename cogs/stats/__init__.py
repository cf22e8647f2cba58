"""`/stats`: how many videos were asked for, how many came out, how long that took."""

from bot.client import Reelbot
from cogs.services import services_of
from cogs.stats._command import StatsCommand


async def setup(bot: Reelbot) -> None:
    """Add the command."""
    services = services_of(bot)
    if services.statistics is not None:
        await bot.add_cog(StatsCommand(services.statistics, services.videos.models))

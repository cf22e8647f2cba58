"""`/video` and `/animate`: a description or a picture becomes a video."""

from bot.client import Reelbot
from cogs.services import services_of
from cogs.video._draft import DraftButton
from cogs.video._following import VideoCommands


async def setup(bot: Reelbot) -> None:
    """Add the commands, which follow the configured models."""
    await bot.add_cog(VideoCommands(bot, services_of(bot)))
    bot.add_dynamic_items(DraftButton)

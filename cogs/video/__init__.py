"""`/video`: a description becomes a video."""

from bot.client import Reelbot
from cogs.services import services_of
from cogs.video._command import VideoCommand


async def setup(bot: Reelbot) -> None:
    """Add the command; its choices come from the provider."""
    bot.tree.add_command(VideoCommand(services_of(bot).videos).build())

"""`/video`: a description becomes a video."""

from bot.client import Reelbot
from cogs.buttons import CancelButton
from cogs.services import services_of
from cogs.video._command import VideoCommand


async def setup(bot: Reelbot) -> None:
    """Add the command; its choices come from the provider."""
    services = services_of(bot)
    command = VideoCommand(videos=services.videos, announcer=services.announcer)
    bot.tree.add_command(command.build())
    bot.add_dynamic_items(CancelButton)

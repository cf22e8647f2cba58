"""`/video` and `/animate`: a description or a picture becomes a video."""

from bot.client import Reelbot
from bot.domain.capabilities import Option
from cogs.services import services_of
from cogs.video._animate import build_animate, build_menu
from cogs.video._command import VideoCommand
from cogs.video._draft import DraftButton


async def setup(bot: Reelbot) -> None:
    """Add the commands; their options come from the configured models."""
    services = services_of(bot)
    bot.tree.add_command(VideoCommand(services).build())
    if Option.PICTURE in services.videos.models.offered():
        bot.tree.add_command(build_animate())
        bot.tree.add_command(build_menu(services))
    bot.add_dynamic_items(DraftButton)

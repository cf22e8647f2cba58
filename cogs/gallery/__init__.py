"""`/history` and `/gallery`: finished videos in pages, each with a contact sheet and buttons that last."""

from bot.client import Reelbot
from cogs.gallery.button import PageButton, VideoButton
from cogs.gallery.command import GalleryCommands
from cogs.services import services_of


async def setup(bot: Reelbot) -> None:
    """Add the commands, and answer the buttons of every page that was ever shown."""
    services = services_of(bot)
    if services.galleries is not None:
        bot.add_dynamic_items(PageButton, VideoButton)
        await bot.add_cog(GalleryCommands(services))

"""`/styles`: one prompt in several looks; `/style`: the looks that a server adds of its own."""

from bot.client import Reelbot
from cogs.services import services_of
from cogs.styles._command import StylesCommand
from cogs.styles._menu import StyleMenu
from cogs.styles._own import OwnStyles
from cogs.video._following import follow_with


async def setup(bot: Reelbot) -> None:
    """Add the commands, where the bot has looks to offer."""
    services = services_of(bot)
    if services.styles is None:
        return
    follow_with(bot, StylesCommand(services, services.styles).build)
    bot.add_dynamic_items(StyleMenu)
    await bot.add_cog(OwnStyles(services.styles))

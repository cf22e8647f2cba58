"""Better words for a prompt: both texts are shown, and only the one that its author accepts is paid for."""

from bot.client import Reelbot
from cogs.services import services_of


async def setup(bot: Reelbot) -> None:
    """Add the commands and answer every dialog's buttons, where prompts are written."""
    # `cogs.video` shows the dialog too, and the commands go on in `cogs.video`.
    from cogs.enhance.commands import PromptCommands
    from cogs.enhance.dialog import WordsButton
    from cogs.video._following import follow_with

    services = services_of(bot)
    if services.prompts is None:
        return
    cog = PromptCommands(services)
    await bot.add_cog(cog)
    follow_with(bot, cog.build_enhance)
    bot.add_dynamic_items(WordsButton)

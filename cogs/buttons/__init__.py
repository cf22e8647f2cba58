"""Buttons on status and result messages. Their state stands in their id, so they outlive restarts."""

from bot.client import Reelbot
from cogs.buttons.button import JobButton


async def setup(bot: Reelbot) -> None:
    """Answer every button that the bot has ever sent."""
    bot.add_dynamic_items(JobButton)

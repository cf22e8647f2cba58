"""Finding the bot's own messages again, where nobody knows whether one was sent."""

import asyncio
from collections.abc import Callable

import discord

from bot.domain.errors import Forbidden, Gone
from cogs.discord_errors import mapped
from cogs.venues import Channel

SEARCH_SECONDS = 120.0
LOOK_SECONDS = 30.0
SEARCHED = 1000
"""Messages after the first attempt that are looked through; behind them nobody can know."""
CLOCK_ERROR = 15 * 60_000
"""The search begins so many milliseconds early: this machine's clock may be ahead of Discord's."""


async def find_own(
    client: discord.Client,
    channel: Channel,
    *,
    since: int,
    is_it: Callable[[discord.Message], bool],
    in_server: bool,
) -> discord.Message | None:
    """Search the channel since that moment (ms) for the bot's own message.

    Raises:
        Forbidden, Gone: the history cannot be read, or is too long: nobody can know.
        TryLater: Discord does not answer now.
    """
    if client.user is None:
        return None
    before = (since - CLOCK_ERROR - discord.utils.DISCORD_EPOCH) << 22
    searched = 0
    with mapped():
        async with asyncio.timeout(SEARCH_SECONDS):
            async for message in channel.history(after=discord.Object(before), limit=SEARCHED):
                searched += 1
                if message.author.id == client.user.id and is_it(message):
                    return message
    if searched == SEARCHED:
        raise Forbidden("the history since the first attempt is too long to search")
    if in_server:
        await _check_readable(channel, before)
    return None


async def _check_readable(channel: Channel, any_id: int) -> None:
    """Raise `Forbidden` where the list was empty only because the bot may not read the history."""
    try:
        with mapped():
            async with asyncio.timeout(LOOK_SECONDS):
                await channel.fetch_message(any_id)
    except Gone:
        pass  # the answer to whoever may read

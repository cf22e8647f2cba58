"""The first answer to a command, within Discord's 3 seconds, even when the network loses the reply to it."""

import asyncio

import aiohttp
import discord

PATIENCE_SECONDS = 2.5
RETRY_SECONDS = 0.2
ALREADY_ACKNOWLEDGED = 40060
LOST = (aiohttp.ClientError, OSError)
ORIGINAL_ATTEMPTS = 4


async def defer_publicly(interaction: discord.Interaction) -> int:
    """Answer with a public "thinking…" and return the id of its message.

    A try whose reply was lost may have come through: then the next one is told that there is an answer.

    Raises:
        discord.HTTPException: Discord refuses, or another process has answered.
        aiohttp.ClientError, OSError: Discord cannot be reached.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    lost_one = False
    while True:
        try:
            deferred = await interaction.response.defer(thinking=True)
        except discord.HTTPException as error:
            if lost_one and error.code == ALREADY_ACKNOWLEDGED:
                break
            if error.status < 500 or loop.time() > deadline:
                raise
        except LOST:
            if loop.time() > deadline:
                raise
            lost_one = True
        else:
            if deferred is not None and deferred.message_id is not None:
                return deferred.message_id
            break
        await asyncio.sleep(RETRY_SECONDS)
    return await _message_id(interaction)


async def _message_id(interaction: discord.Interaction) -> int:
    attempt = 0
    while True:
        try:
            return (await interaction.original_response()).id
        except LOST:
            attempt += 1
            if attempt == ORIGINAL_ATTEMPTS:
                raise
        await asyncio.sleep(RETRY_SECONDS * 2**attempt)

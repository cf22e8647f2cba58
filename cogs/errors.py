"""What happens to errors of commands and buttons: a sentence for the member, the rest for the log."""

import logging
from collections.abc import Awaitable

import aiohttp
import discord
from discord import app_commands

from bot.client import Reelbot
from bot.domain.errors import BotError, DatabaseUnavailable, UserError
from cogs.answers import refuse

log = logging.getLogger(__name__)

_NOT_OURS = frozenset({10062, 40060})
"""Unknown or already acknowledged: too late, or another process answered. Never answer again."""


async def on_command_error(interaction: discord.Interaction, error: Exception) -> None:
    """Answer a failed command.

    `CommandInvokeError` wraps what the command raised. An interaction that is no longer ours is dropped.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.HTTPException) and cause.code in _NOT_OURS:
        log.warning("interaction %s was answered elsewhere or too late", interaction.id)
        return
    if isinstance(cause, DatabaseUnavailable):
        log.error("a command could not be taken: %s", cause)
    elif not isinstance(cause, UserError):
        log.error("a command failed", exc_info=cause)
        cause = BotError("see the log")
    try:
        await refuse(interaction, cause)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
        log.warning("the refusal could not be sent: %s", failure)


async def answered(interaction: discord.Interaction, work: Awaitable[None]) -> None:
    """Do it, and answer its errors as a command's: a component has no error handler of its own."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - logged there
        await on_command_error(interaction, error)


async def setup(bot: Reelbot) -> None:
    """Take over the command tree's errors."""
    bot.tree.error(on_command_error)

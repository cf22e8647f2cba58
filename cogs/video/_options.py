"""The options of `/video`: choices from the provider's capabilities, the attached picture."""

import asyncio
import math

import aiohttp
import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.domain.capabilities import Capabilities
from bot.domain.codes import Code
from bot.domain.errors import (
    InvalidRequest,
    PlaceUnusable,
)
from bot.domain.video import Size
from cogs.texts import Texts

PICTURE_LIMIT = 25 * 1024 * 1024
PICTURE_SECONDS = 30.0
NEEDED = ("view_channel", "send_messages", "attach_files", "read_message_history")
NEEDED_IN_THREADS = ("view_channel", "send_messages_in_threads", "attach_files", "read_message_history")


def size_choices(capabilities: Capabilities) -> list[app_commands.Choice[str]]:
    """Offer the sizes, named by shape: "Wide (1280×720)"."""
    return [
        app_commands.Choice(
            name=locale_str(
                "choice-size", shape=_shape(size), width=str(size.width), height=str(size.height)
            ),
            value=str(size),
        )
        for size in capabilities.sizes[:25]
    ]


def seconds_choices(capabilities: Capabilities) -> list[app_commands.Choice[int]]:
    """Offer the lengths."""
    return [
        app_commands.Choice(name=locale_str("choice-seconds", seconds=str(seconds)), value=seconds)
        for seconds in capabilities.seconds[:25]
    ]


def _shape(size: Size) -> str:
    if math.isclose(size.ratio, 1.0, rel_tol=0.05):
        return "square"
    return "wide" if size.ratio > 1 else "tall"


def check_place(interaction: discord.Interaction, texts: Texts) -> None:
    """Refuse before anything is paid where the result could not be posted.

    Raises:
        PlaceUnusable: names the missing permissions as Discord does.
    """
    if interaction.guild_id is None:
        return
    in_thread = isinstance(interaction.channel, discord.Thread)
    granted = interaction.app_permissions
    missing = [
        texts(f"permission-{name}")
        for name in (NEEDED_IN_THREADS if in_thread else NEEDED)
        if not getattr(granted, name)
    ]
    if missing:
        raise PlaceUnusable(permissions=", ".join(missing))


def check_attachment(attachment: discord.Attachment | None) -> None:
    """Refuse by what Discord says of the file, before a byte of it is read.

    Raises:
        InvalidRequest: too large.
    """
    if attachment is not None and attachment.size > PICTURE_LIMIT:
        raise InvalidRequest(code=Code.PICTURE_TOO_LARGE, limit=PICTURE_LIMIT >> 20)


async def read_attachment(attachment: discord.Attachment) -> bytes:
    """Download the picture.

    Raises:
        InvalidRequest: Discord did not hand it out.
    """
    try:
        async with asyncio.timeout(PICTURE_SECONDS):
            return await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise InvalidRequest(str(error), code=Code.PICTURE_UNREACHABLE) from error

"""The pictures that come with a command: what is known before a byte is read, and reading them."""

import asyncio

import aiohttp
import discord

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.video import Size

PICTURE_LIMIT = 25 * 1024 * 1024
PICTURE_SECONDS = 30.0


def check_attachment(attachment: discord.Attachment | None) -> None:
    """Refuse by what Discord says of the file, before a byte of it is read.

    Raises:
        InvalidRequest: too large.
    """
    if attachment is not None and attachment.size > PICTURE_LIMIT:
        raise InvalidRequest(code=Code.PICTURE_TOO_LARGE, limit=PICTURE_LIMIT >> 20)


def declared_size(attachment: discord.Attachment | None) -> Size | None:
    """Return the size that Discord tells of a picture, None where it tells none."""
    if attachment is None or not attachment.width or not attachment.height:
        return None
    return Size(attachment.width, attachment.height)


def first_picture(message: discord.Message) -> discord.Attachment | None:
    """Return the first picture that is attached to a message."""
    return next(
        (file for file in message.attachments if (file.content_type or "").startswith("image/")), None
    )


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

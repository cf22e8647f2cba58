"""Where a video can be asked for: only where its result could be posted."""

import discord

from bot.domain.errors import PlaceUnusable
from cogs.texts import Texts

NEEDED = ("view_channel", "send_messages", "attach_files", "read_message_history")
NEEDED_IN_THREADS = ("view_channel", "send_messages_in_threads", "attach_files", "read_message_history")


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

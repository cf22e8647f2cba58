"""Which commands a person may use where; Discord's client hides the others.

https://discord.com/developers/docs/interactions/application-commands#permissions
"""

from typing import Any

from bot.sandbox.access import channel_permissions, guild_permissions
from bot.sandbox.permissions import ADMINISTRATOR, USE_APPLICATION_COMMANDS
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import Channel

GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1
EVERYWHERE = (0, 1, 2)


def offered(sandbox: Sandbox, channel: Channel) -> list[dict[str, Any]]:
    """Return the commands that are registered for this kind of channel."""
    return sandbox.commands.visible(None if channel.is_dm else sandbox.world.guild.id)


def obstacle(sandbox: Sandbox, command: dict[str, Any], user_id: str, channel: Channel) -> str | None:
    """Return why a person may not use a command in a channel, or None."""
    world = sandbox.world
    contexts = command.get("contexts") or EVERYWHERE
    if channel.is_dm:
        return None if BOT_DM_CONTEXT in contexts else "the command is not for direct messages"
    if GUILD_CONTEXT not in contexts:
        return "the command is not for servers"
    if not channel_permissions(world, user_id, channel) & USE_APPLICATION_COMMANDS:
        return "the user may not use commands in this channel"
    needed, held = command["default_member_permissions"], guild_permissions(world, user_id)
    if needed is not None and not held & ADMINISTRATOR and (needed == "0" or int(needed) & ~held):
        return "the user lacks the permissions for this command"
    if command.get("nsfw") and not channel.nsfw:
        return "the command is for age-restricted channels only"
    return None

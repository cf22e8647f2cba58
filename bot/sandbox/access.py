"""Access: what a user may do in the guild and in a channel.

https://discord.com/developers/docs/topics/permissions#permission-overwrites
"""

from bot.sandbox.errors import missing_access, missing_permissions
from bot.sandbox.permissions import ADMINISTRATOR, ALL, DIRECT_MESSAGE, VIEW_CHANNEL
from bot.sandbox.world import Channel, World


def guild_permissions(world: World, user_id: str) -> int:
    """Return what a member may do in the guild, before any channel's overwrites."""
    member = world.guild.members.get(user_id)
    if member is None:
        return 0
    if user_id == world.guild.owner_id:
        return ALL
    total = world.guild.roles[world.guild.id].permissions
    for role_id in member.roles:
        total |= world.guild.roles[role_id].permissions
    return ALL if total & ADMINISTRATOR else total


def channel_permissions(world: World, user_id: str, channel: Channel) -> int:
    """Return what a user may do in a channel: guild first, then @everyone, roles and member overwrites."""
    if channel.is_dm:
        return DIRECT_MESSAGE if user_id in (*channel.recipients, world.bot.id) else 0
    total = guild_permissions(world, user_id)
    if total & ADMINISTRATOR or not total:
        return total
    everyone = channel.overwrites.get(world.guild.id)
    if everyone is not None:
        total = total & ~everyone.deny | everyone.allow
    of_roles = [channel.overwrites[r] for r in world.guild.members[user_id].roles if r in channel.overwrites]
    for overwrite in of_roles:
        total &= ~overwrite.deny
    for overwrite in of_roles:
        total |= overwrite.allow
    own = channel.overwrites.get(user_id)
    if own is not None:
        total = total & ~own.deny | own.allow
    return total if total & VIEW_CHANNEL else 0


def require(world: World, user_id: str, channel: Channel, needed: int) -> None:
    """Raise ApiError 50001 where the user cannot see the channel, 50013 where a needed bit is missing."""
    held = channel_permissions(world, user_id, channel)
    if not held & VIEW_CHANNEL:
        raise missing_access()
    if needed & ~held:
        raise missing_permissions()

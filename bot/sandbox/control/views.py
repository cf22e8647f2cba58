"""What there is to see: the world, the commands, the messages; for everyone or through one person's eyes."""

from typing import Any

from aiohttp import web

from bot.sandbox.access import channel_permissions, guild_permissions
from bot.sandbox.control.errors import ControlError
from bot.sandbox.control.usable import obstacle, offered
from bot.sandbox.payloads import channel_payload, guild_payload, member_payload, role_payload, user_payload
from bot.sandbox.permissions import ADMINISTRATOR, MANAGE_MESSAGES, VIEW_CHANNEL
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import Channel

MOST_LISTED = 10_000


class Views:
    """Answer the control API's GETs about the world."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def world(self, request: web.Request) -> dict[str, Any]:
        """Describe guild, people and channels; ?user_id= leaves the channels that this person sees."""
        sandbox, world = self._sandbox, self._sandbox.world
        user_id = request.query.get("user_id")
        if user_id is not None and user_id not in world.users:
            user_id = None  # a page that remembers somebody of an earlier sandbox starts anew
        return {
            "guild": guild_payload(world.guild),
            "members": [
                member_payload(world, member) | {"kind": self._kind(member)} for member in world.guild.members
            ],
            "roles": [role_payload(role) for role in world.guild.roles.values()],
            "channels": [
                self._channel(c, user_id) for c in world.channels.values() if self._sees(user_id, c)
            ],
            "bot_id": world.bot.id,
            "bot": {"id": world.bot.id, "name": world.bot.name, "online": sandbox.gateway.online},
            "default_user_id": world.default_user.id,
            "default_channel_id": self._default_channel(user_id),
            "upload_limit": world.guild.filesize_limit,
            "now": sandbox.clock.now(),
        }

    def commands(self, request: web.Request) -> list[dict[str, Any]]:
        """List the guild's commands, or with ?user_id= those that this person may use (in ?channel_id=)."""
        sandbox, world = self._sandbox, self._sandbox.world
        user_id = request.query.get("user_id")
        channel = world.channel(request.query.get("channel_id") or world.default_channel.id)
        found = offered(sandbox, channel)
        if user_id is None:
            return found
        if not channel_permissions(world, user_id, channel) & VIEW_CHANNEL:
            return []
        return [command for command in found if obstacle(sandbox, command, user_id, channel) is None]

    def messages(self, request: web.Request) -> list[dict[str, Any]]:
        """List a channel's messages, oldest first: the newest ?limit=; ?history=0 drops old versions."""
        world, query = self._sandbox.world, request.query
        user_id = query.get("user_id")
        channel = world.channels.get(query.get("channel_id") or world.default_channel.id)
        after, before = query.get("after") or "0", query.get("before")
        if channel is None:
            raise ControlError(f"there is no channel {query.get('channel_id')}", 404)
        if not after.isdecimal() or not (before is None or before.isdecimal()):
            raise ControlError("after and before are message ids")
        if user_id is not None and not channel_permissions(world, user_id, channel) & VIEW_CHANNEL:
            raise ControlError("the user cannot see this channel", 403)
        found = [
            message
            for message in self._sandbox.messages.after(channel.id, after)
            if (user_id is None or not message.ephemeral or message.ephemeral_to == user_id)
            and (before is None or int(message.id) < int(before))
        ]
        told, history = self._sandbox.payloads.told, query.get("history") != "0"
        return [told(m, viewer=user_id, history=history) for m in found[-limit_of(request) :]]

    def _sees(self, user_id: str | None, channel: Channel) -> bool:
        return user_id is None or bool(
            channel_permissions(self._sandbox.world, user_id, channel) & VIEW_CHANNEL
        )

    def _channel(self, channel: Channel, user_id: str | None) -> dict[str, Any]:
        payload = channel_payload(self._sandbox.world, channel)
        if user_id is None:
            return payload
        if channel.is_dm:  # a person sees the other side: the bot
            payload["recipients"] = [user_payload(self._sandbox.world.bot)]
        held = channel_permissions(self._sandbox.world, user_id, channel)
        return payload | {"permissions": str(held)}

    def _default_channel(self, user_id: str | None) -> str | None:
        """Return #general, or where it was deleted or is hidden the first channel that the person sees."""
        world = self._sandbox.world
        seen = [c.id for c in world.channels.values() if self._sees(user_id, c)]
        return world.default_channel.id if world.default_channel.id in seen else next(iter(seen), None)

    def _kind(self, user_id: str) -> str:
        """Say in one word what somebody may do."""
        world = self._sandbox.world
        if world.users[user_id].bot:
            return "bot"
        if user_id == world.guild.owner_id:
            return "owner"
        if world.stranger_role.id in world.guild.members[user_id].roles:
            return "stranger"
        trusted = guild_permissions(world, user_id) & (ADMINISTRATOR | MANAGE_MESSAGES)
        return "moderator" if trusted else "member"


def limit_of(request: web.Request) -> int:
    """Return ?limit=, a number from 1 on; raise ControlError."""
    text = request.query.get("limit", str(MOST_LISTED))
    if not text.isdecimal() or int(text) < 1:
        raise ControlError("limit is a number from 1")
    return int(text)

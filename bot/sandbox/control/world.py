"""Changing the world: users, roles, channels, the guild's boosts, permissions."""

from typing import Any

from bot.sandbox.control.errors import ControlError
from bot.sandbox.events import Event
from bot.sandbox.payloads import channel_payload, guild_payload, role_payload, user_payload
from bot.sandbox.permissions import bits
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import TIER_UPLOAD_LIMIT, Channel, Overwrite


class WorldControl:
    """Make and change what is in the world, and tell the bot as Discord would."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def add_user(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Add a member: {name, roles?, permissions?, stranger?, dms?, locale?, bot?}.

        A role is an id or a name, made when missing; `permissions` become a role of the user's own. A
        stranger sees channels but may not act in them.
        """
        name = _text(wish, "name")
        roles = [self._role(str(role)) for role in wish.get("roles") or ()]
        if wish.get("stranger") is True:
            roles.append(self._sandbox.world.stranger_role.id)
        if wish.get("permissions") is not None:
            roles.append(self._make_role(f"{name}'s permissions", _bits(wish["permissions"])))
        accepts = bool(wish.get("dms", True))
        bot = wish.get("bot") is True
        user = self._sandbox.world.add_user(name, roles=tuple(roles), accepts_dms=accepts, bot=bot)
        user.locale = str(wish.get("locale") or "en-US")
        payload = user_payload(user)
        self._sandbox.events.publish(Event(name="SANDBOX_USER", data=payload, hidden=True))
        return payload

    def add_channel(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Add a channel: {name, nsfw?, deny?} with `deny` for the bot; {user_id} opens a direct one."""
        world = self._sandbox.world
        if wish.get("user_id") is not None:
            return channel_payload(world, self._sandbox.open_dm(str(wish["user_id"])))
        channel = world.add_channel(_text(wish, "name"), nsfw=bool(wish.get("nsfw")))
        if wish.get("deny") is not None:
            channel.overwrites[world.bot.id] = Overwrite(
                id=world.bot.id, is_member=True, deny=_bits(wish["deny"])
            )
        self._tell("CHANNEL_CREATE", channel)
        return channel_payload(world, channel)

    def delete_channel(self, channel_id: str) -> None:
        """Delete a channel of the guild."""
        channel = self._channel(channel_id)
        del self._sandbox.world.channels[channel_id]
        self._tell("CHANNEL_DELETE", channel)

    def set_permissions(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Overwrite permissions in a channel: {channel_id, role_or_user_id, allow?, deny?}."""
        world = self._sandbox.world
        channel = self._channel(str(wish.get("channel_id")))
        whose = str(wish.get("role_or_user_id"))
        if whose not in world.guild.roles and whose not in world.users:
            raise ControlError(f"there is no role or user {whose}", 404)
        channel.overwrites[whose] = Overwrite(
            id=whose,
            is_member=whose in world.users,
            allow=_bits(wish.get("allow", 0)),
            deny=_bits(wish.get("deny", 0)),
        )
        self._tell("CHANNEL_UPDATE", channel)
        return channel_payload(world, channel)

    def set_guild(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Change the guild: {premium_tier?, upload_limit?}; an upload limit in bytes overrides the tier's."""
        guild = self._sandbox.world.guild
        tier = wish.get("premium_tier", guild.premium_tier)
        if tier not in TIER_UPLOAD_LIMIT:
            raise ControlError("premium_tier is 0, 1, 2 or 3")
        limit = wish.get("upload_limit", guild.upload_limit)
        if limit is not None and (not isinstance(limit, int) or limit < 1):
            raise ControlError("upload_limit is a number of bytes")
        guild.premium_tier, guild.upload_limit = tier, limit
        self._sandbox.events.publish(Event(name="GUILD_UPDATE", data=guild_payload(guild)))
        return guild_payload(guild)

    def _role(self, wanted: str) -> str:
        for role in self._sandbox.world.guild.roles.values():
            if wanted in (role.id, role.name):
                return role.id
        return self._make_role(wanted, 0)

    def _make_role(self, name: str, permissions: int) -> str:
        world = self._sandbox.world
        role = world.add_role(name, permissions)
        data = {"guild_id": world.guild.id, "role": role_payload(role)}
        self._sandbox.events.publish(Event(name="GUILD_ROLE_CREATE", data=data))
        return role.id

    def _channel(self, channel_id: str) -> Channel:
        channel = self._sandbox.world.channels.get(channel_id)
        if channel is None or channel.is_dm:
            raise ControlError(f"there is no channel {channel_id} in the guild", 404)
        return channel

    def _tell(self, name: str, channel: Channel) -> None:
        data = channel_payload(self._sandbox.world, channel)
        self._sandbox.events.publish(Event(name=name, data=data))


def _text(wish: dict[str, Any], key: str) -> str:
    value = wish.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= 100:
        raise ControlError(f"{key} is a text of 1 to 100 characters")
    return value


def _bits(value: object) -> int:
    try:
        return bits(value)
    except ValueError as exc:
        raise ControlError(str(exc)) from exc

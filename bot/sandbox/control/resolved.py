"""The objects that an interaction's values point to: users, channels, roles, messages, attachments."""

from typing import Any

from bot.sandbox.access import channel_permissions
from bot.sandbox.control.errors import ControlError
from bot.sandbox.files import Upload
from bot.sandbox.messages import Message
from bot.sandbox.payloads import channel_payload, member_payload, role_payload, user_payload
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import Channel


class Resolved:
    """Collect `resolved` data; each method takes an id or a file, notes the object and returns its id."""

    def __init__(self, sandbox: Sandbox, channel: Channel) -> None:
        self._sandbox = sandbox
        self._channel = channel
        self.payload: dict[str, dict[str, Any]] = {}

    def user(self, user_id: str) -> str:
        """Note a user and, in the guild, the member."""
        world = self._sandbox.world
        if user_id not in world.users:
            raise ControlError(f"there is no user {user_id}", 404)
        self._note("users", user_id, user_payload(world.users[user_id]))
        if not self._channel.is_dm and user_id in world.guild.members:
            member = member_payload(world, user_id)
            member |= {"permissions": str(channel_permissions(world, user_id, self._channel))}
            self._note(
                "members", user_id, {k: v for k, v in member.items() if k not in ("user", "deaf", "mute")}
            )
        return user_id

    def channel(self, channel_id: str) -> str:
        """Note a channel."""
        world = self._sandbox.world
        found = world.channels.get(channel_id)
        if found is None or found.is_dm:
            raise ControlError(f"there is no channel {channel_id}", 404)
        payload = channel_payload(world, found)
        payload["permissions"] = str(channel_permissions(world, world.bot.id, found))
        payload["app_permissions"] = payload["permissions"]
        self._note("channels", channel_id, payload)
        return channel_id

    def role(self, role_id: str) -> str:
        """Note a role."""
        role = self._sandbox.world.guild.roles.get(role_id)
        if role is None:
            raise ControlError(f"there is no role {role_id}", 404)
        self._note("roles", role_id, role_payload(role))
        return role_id

    def mentionable(self, id_: str) -> str:
        """Note a user or a role."""
        return self.user(id_) if id_ in self._sandbox.world.users else self.role(id_)

    def message(self, message: Message) -> str:
        """Note a message."""
        self._note("messages", message.id, self._sandbox.payloads.message(message))
        return message.id

    def attachment(self, name: str, upload: Any) -> str:
        """Keep an uploaded file and note it."""
        if not isinstance(upload, Upload):
            raise ControlError(f'{name!r} must be {{"filename", "content_type", "base64"}}')
        if upload.size > self._sandbox.world.filesize_limit(self._channel):
            raise ControlError("Your files are too powerful: the file is over the upload limit", 413)
        stored = self._sandbox.files.keep(upload, channel_id=self._channel.id, ephemeral=True)
        self._note("attachments", stored.id, self._sandbox.files.payload(stored))
        return stored.id

    def _note(self, kind: str, id_: str, payload: dict[str, Any]) -> None:
        self.payload.setdefault(kind, {})[id_] = payload

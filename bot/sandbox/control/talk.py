"""What people do to messages: write, react, delete."""

from typing import Any

from bot.sandbox.access import channel_permissions
from bot.sandbox.control.attachments import received
from bot.sandbox.control.errors import ControlError
from bot.sandbox.draft import MOST_ATTACHMENTS, check_draft
from bot.sandbox.files import Upload
from bot.sandbox.messages import REPLY, Message
from bot.sandbox.permissions import ATTACH_FILES, MANAGE_MESSAGES, SEND_MESSAGES
from bot.sandbox.sandbox import Sandbox


class Talk:
    """Act on messages as a person; Discord's own refusals pass through as ApiError."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def write(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Write a message as a person: {content?, attachments?, reply_to?, channel_id?, user_id?}."""
        world = self._sandbox.world
        user_id = self._user(wish)
        channel = world.channel(str(wish.get("channel_id") or world.default_channel.id))
        files = wish.get("attachments") or []
        if not isinstance(files, list) or len(files) > MOST_ATTACHMENTS:
            raise ControlError(f"attachments is a list of up to {MOST_ATTACHMENTS} files")
        held = channel_permissions(world, user_id, channel)
        if not held & SEND_MESSAGES or (files and not held & ATTACH_FILES):
            raise ControlError("the user may not write in this channel", 403)
        original = None if wish.get("reply_to") is None else self._message({"message_id": wish["reply_to"]})
        facts: dict[str, Any] = {"kind": REPLY, "reply_to": original.id} if original is not None else {}
        replied_to = None if original is None else original.author_id
        draft = check_draft({"content": wish.get("content")})
        async with received({"attachments": files}, self._sandbox.files.directory) as with_files:
            uploads = with_files["attachments"]
            if not all(isinstance(upload, Upload) for upload in uploads):
                raise ControlError('an attachment is {"filename", "content_type", "base64"}')
            message = self._sandbox.posting.blank(channel, user_id, **facts)
            self._sandbox.posting.post(message, draft, uploads, replied_to=replied_to)
        return self._sandbox.payloads.told(message)

    def react(self, wish: dict[str, Any]) -> None:
        """Add a person's reaction: {message_id, emoji, user_id?, burst?}."""
        message = self._message(wish)
        if message.ephemeral:
            raise ControlError("ephemeral messages take no reactions")
        burst = bool(wish.get("burst"))
        self._sandbox.reacting.add(message, str(wish.get("emoji")), self._user(wish), burst=burst)

    def unreact(self, wish: dict[str, Any]) -> None:
        """Take a person's reaction back: {message_id, emoji, user_id?, burst?}."""
        burst = bool(wish.get("burst"))
        user_id = self._user(wish)
        self._sandbox.reacting.remove(self._message(wish), str(wish.get("emoji")), user_id, burst=burst)

    def clear_reactions(self, message_id: str, emoji: str | None) -> None:
        """Take all reactions of a message away, or all of one emoji, as a moderator does."""
        message = self._message({"message_id": message_id})
        if emoji is None:
            self._sandbox.reacting.clear(message)
        else:
            self._sandbox.reacting.clear_emoji(message, emoji)

    def delete(self, message_id: str, user_id: str | None) -> None:
        """Delete a message; with a user, only an own one or with the right to manage messages."""
        message = self._message({"message_id": message_id})
        if user_id is not None and user_id not in (message.author_id, message.ephemeral_to):
            channel = self._sandbox.world.channel(message.channel_id)
            if not channel_permissions(self._sandbox.world, user_id, channel) & MANAGE_MESSAGES:
                raise ControlError("the user may not delete this message", 403)
        self._sandbox.posting.delete(message)

    def _user(self, wish: dict[str, Any]) -> str:
        user_id = str(wish.get("user_id") or self._sandbox.world.default_user.id)
        if user_id not in self._sandbox.world.users:
            raise ControlError(f"there is no user {user_id}", 404)
        return user_id

    def _message(self, wish: dict[str, Any]) -> Message:
        message = self._sandbox.messages.find(str(wish.get("message_id")))
        if message is None:
            raise ControlError(f"there is no message {wish.get('message_id')}", 404)
        return message

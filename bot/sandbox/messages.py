"""Messages: what stands in each channel, with every earlier version."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import unknown_message
from bot.sandbox.files import StoredFile
from bot.sandbox.mentions import Mentions

DEFAULT, REPLY, CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND = 0, 19, 20, 23
SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15
HISTORY_KEPT = 500


@dataclass(slots=True, kw_only=True)
class Reaction:
    """One emoji under a message and who gave it, in order; `burst` holds the super reactions."""

    emoji_id: str | None
    emoji_name: str
    users: list[str] = field(default_factory=list)
    burst: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Return the emoji as it stands in an address, before quoting."""
        return self.emoji_name if self.emoji_id is None else f"{self.emoji_name}:{self.emoji_id}"


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as the sandbox keeps it; `posting.py` changes it and `message_payloads.py` renders it."""

    id: str
    channel_id: str
    author_id: str
    timestamp: str
    kind: int = DEFAULT
    content: str = ""
    flags: int = 0
    tts: bool = False
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[StoredFile] = field(default_factory=list)
    mentions: Mentions = field(default_factory=Mentions)
    pinged: list[str] = field(default_factory=list)
    reply_to: str | None = None
    nonce: str | int | None = None
    interaction_id: str | None = None
    interaction_metadata: dict[str, Any] | None = None
    command_name: str | None = None
    ephemeral_to: str | None = None
    edited_timestamp: str | None = None
    edits: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    reactions: dict[str, Reaction] = field(default_factory=dict)

    @property
    def ephemeral(self) -> bool:
        """Tell whether only one user sees this message."""
        return bool(self.flags & EPHEMERAL)


class Messages:
    """Keep messages by id, and their order in each channel."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        self._order: dict[str, list[int]] = {}
        self._nonces: dict[tuple[str, str, str], str] = {}

    def add(self, message: Message) -> None:
        """Append a message to its channel."""
        self._messages[message.id] = message
        self._order.setdefault(message.channel_id, []).append(int(message.id))
        if message.nonce is not None:
            self._nonces[message.channel_id, message.author_id, str(message.nonce)] = message.id

    def remove(self, message: Message) -> None:
        """Take a message out of its channel."""
        del self._messages[message.id]
        self._order[message.channel_id].remove(int(message.id))

    def find(self, message_id: str) -> Message | None:
        """Return a message of any channel, or None."""
        return self._messages.get(message_id)

    def get(self, channel_id: str, message_id: str) -> Message:
        """Return a message of a channel, ephemeral or not; raise ApiError 10008."""
        message = self._messages.get(message_id)
        if message is None or message.channel_id != channel_id:
            raise unknown_message()
        return message

    def get_public(self, channel_id: str, message_id: str) -> Message:
        """Return a message that a bot token may see; an ephemeral one raises ApiError 10008 too."""
        message = self.get(channel_id, message_id)
        if message.ephemeral:
            raise unknown_message()
        return message

    def by_nonce(self, channel_id: str, author_id: str, nonce: str | int) -> Message | None:
        """Return an author's last message with a nonce, or None."""
        return self.find(self._nonces.get((channel_id, author_id, str(nonce)), ""))

    def after(self, channel_id: str, message_id: str = "0") -> list[Message]:
        """Return the messages of a channel after an id, oldest first."""
        order = self._order.get(channel_id, [])
        return [self._messages[str(i)] for i in order[bisect_right(order, int(message_id)) :]]

    def page(
        self,
        channel_id: str,
        *,
        limit: int,
        before: str | None = None,
        after: str | None = None,
        around: str | None = None,
    ) -> list[Message]:
        """Return public messages, newest first, as GET messages does."""
        order = [i for i in self._order.get(channel_id, []) if not self._messages[str(i)].ephemeral]
        if around is not None:
            start = max(0, bisect_left(order, int(around)) - limit // 2)
            chosen = order[start : start + limit]
        elif after is not None:
            start = bisect_right(order, int(after))
            chosen = order[start : start + limit]
        else:
            end = len(order) if before is None else bisect_left(order, int(before))
            chosen = order[max(0, end - limit) : end]
        return [self._messages[str(i)] for i in reversed(chosen)]

"""Posting: messages come to be, change and go, and everyone who listens is told."""

from typing import Any

from bot.sandbox.access import channel_permissions
from bot.sandbox.clock import Clock
from bot.sandbox.draft import file_index
from bot.sandbox.errors import ApiError, too_large
from bot.sandbox.events import Event, Events
from bot.sandbox.files import Files, StoredFile, Upload
from bot.sandbox.mentions import Mentions, resolve
from bot.sandbox.message_payloads import MessagePayloads
from bot.sandbox.messages import (
    COMPONENTS_V2,
    HISTORY_KEPT,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Message,
    Messages,
)
from bot.sandbox.payloads import member_payload
from bot.sandbox.permissions import MENTION_EVERYONE
from bot.sandbox.snowflake import Snowflakes
from bot.sandbox.world import Channel, World

EDITABLE_FLAGS = SUPPRESS_EMBEDS | COMPONENTS_V2


class Posting:
    """Write to channels. Payloads passed in have been through `check_draft`."""

    def __init__(
        self,
        *,
        world: World,
        files: Files,
        messages: Messages,
        payloads: MessagePayloads,
        events: Events,
        clock: Clock,
        ids: Snowflakes,
    ) -> None:
        self._world = world
        self._files = files
        self._messages = messages
        self._payloads = payloads
        self._events = events
        self._clock = clock
        self._ids = ids

    def post(
        self, message: Message, draft: dict[str, Any], uploads: list[Upload], *, replied_to: str | None = None
    ) -> Message:
        """Fill a new message (see `blank`) from a draft, add it to its channel and announce it.

        Raises ApiError 413/40005 for a file over the limit of the place and 400/50006 for an empty message,
        unless the message is the placeholder of a deferred answer.
        """
        channel = self._world.channel(message.channel_id)
        self._fill(message, channel, draft, uploads, replied_to)
        if not message.flags & (SUPPRESS_NOTIFICATIONS | LOADING):
            message.pinged = self._pinged(message.mentions)
        self._messages.add(message)
        channel.last_message_id = message.id
        self._announce("MESSAGE_CREATE", message, channel)
        return message

    def blank(self, channel: Channel, author_id: str, **facts: Any) -> Message:
        """Return a new, unposted message of the present time; `facts` are further fields of Message."""
        return Message(
            id=self._ids.next(),
            channel_id=channel.id,
            author_id=author_id,
            timestamp=self._clock.iso(),
            **facts,
        )

    def edit(self, message: Message, draft: dict[str, Any], uploads: list[Upload]) -> Message:
        """Change the fields that a draft holds, keep the earlier version, and announce the change.

        The first edit of a deferred answer fills it and does not count as "(edited)".
        """
        channel = self._world.channel(message.channel_id)
        before = self._payloads.version(message)
        was_loading = message.flags & LOADING
        flags = message.flags & ~LOADING
        if "flags" in draft:
            flags = flags & ~EDITABLE_FLAGS | (draft["flags"] or 0) & EDITABLE_FLAGS | flags & COMPONENTS_V2
        message.flags = flags
        try:
            self._fill(message, channel, draft, uploads, None)
        except ApiError:
            message.flags = before["flags"]
            raise
        message.history = [*message.history, before][-HISTORY_KEPT:]
        message.edits += 1
        if not was_loading:
            message.edited_timestamp = self._clock.iso()
        self._announce("MESSAGE_UPDATE", message, channel)
        return message

    def delete(self, message: Message) -> None:
        """Take a message away and announce it."""
        channel = self._world.channel(message.channel_id)
        self._messages.remove(message)
        data = {"id": message.id, "channel_id": channel.id} | self._guild_of(channel)
        self._events.publish(
            Event(name="MESSAGE_DELETE", data=data, channel=channel, hidden=message.ephemeral)
        )

    def _fill(
        self,
        message: Message,
        channel: Channel,
        draft: dict[str, Any],
        uploads: list[Upload],
        replied_to: str | None,
    ) -> None:
        limit = self._world.filesize_limit(channel)
        if any(upload.truncated or upload.size > limit for upload in uploads):
            raise too_large()
        content = (draft["content"] or "").strip() if "content" in draft else message.content
        embeds = (draft["embeds"] or []) if "embeds" in draft else message.embeds
        components = (draft["components"] or []) if "components" in draft else message.components
        kept = self._kept(message, draft)
        if not (content or embeds or components or kept or uploads or message.flags & LOADING):
            raise ApiError(400, 50006, "Cannot send an empty message")
        message.attachments = kept + self._store(message, draft, uploads)
        message.embeds, message.components = embeds, components
        message.content = content
        held = channel_permissions(self._world, message.author_id, channel)
        if "content" in draft or replied_to is not None:
            message.mentions = resolve(
                self._world,
                content,
                draft.get("allowed_mentions"),
                may_mention_everyone=bool(held & MENTION_EVERYONE),
                replied_to=replied_to,
            )

    def _kept(self, message: Message, draft: dict[str, Any]) -> list[StoredFile]:
        if draft.get("attachments") is None:
            return list(message.attachments)
        wanted = {str(entry["id"]) for entry in draft["attachments"]}
        return [stored for stored in message.attachments if stored.id in wanted]

    def _store(self, message: Message, draft: dict[str, Any], uploads: list[Upload]) -> list[StoredFile]:
        facts = {str(entry["id"]): entry for entry in draft.get("attachments") or ()}
        stored = []
        for position, upload in enumerate(uploads):
            fact = facts.get(str(file_index(upload.field, position)), {})
            stored.append(
                self._files.keep(
                    upload,
                    channel_id=message.channel_id,
                    description=fact.get("description"),
                    filename=fact.get("filename"),
                    spoiler=bool(fact.get("is_spoiler")),
                    ephemeral=message.ephemeral,
                )
            )
        return stored

    def _pinged(self, mentions: Mentions) -> list[str]:
        members = self._world.guild.members.values()
        if mentions.everyone:
            return [m.user_id for m in members if m.user_id != self._world.bot.id]
        by_role = [m.user_id for m in members if set(m.roles) & set(mentions.roles)]
        return list(dict.fromkeys([*mentions.users, *by_role]))

    def _announce(self, name: str, message: Message, channel: Channel) -> None:
        data = self._payloads.message(message) | self._guild_of(channel)
        if not channel.is_dm and message.interaction_id is None:
            member = member_payload(self._world, message.author_id)
            data["member"] = {key: value for key, value in member.items() if key != "user"}
        self._events.publish(Event(name=name, data=data, channel=channel, hidden=message.ephemeral))

    def _guild_of(self, channel: Channel) -> dict[str, Any]:
        return {} if channel.is_dm else {"guild_id": self._world.guild.id}

"""Reactions: emoji under messages, given and taken back, and everyone who listens is told."""

from typing import Any

from bot.sandbox.access import channel_permissions, require
from bot.sandbox.errors import ApiError, missing_permissions
from bot.sandbox.events import Event, Events
from bot.sandbox.message_payloads import emoji_payload
from bot.sandbox.messages import Message, Reaction
from bot.sandbox.payloads import member_payload
from bot.sandbox.permissions import ADD_REACTIONS, READ_MESSAGE_HISTORY
from bot.sandbox.world import Channel, World

MOST_REACTIONS = 20
LONGEST_EMOJI = 64


class Reacting:
    """Add and remove reactions for the bot and for people, by the same rules."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    def add(self, message: Message, emoji: str, user_id: str, *, burst: bool = False) -> None:
        """Add a user's reaction; a second one of the same emoji changes nothing.

        Raises ApiError 10014 for what is no emoji, 30010 for a 21st emoji, 50001 and 50013 by permissions
        (a new emoji needs ADD_REACTIONS, joining one does not), 90001 where a message takes no reactions.
        """
        channel = self._world.channel(message.channel_id)
        require(self._world, user_id, channel, READ_MESSAGE_HISTORY)
        name, emoji_id = parse_emoji(emoji)
        reaction = message.reactions.get(emoji)
        if reaction is None:
            if not channel_permissions(self._world, user_id, channel) & ADD_REACTIONS:
                raise missing_permissions()
            if len(message.reactions) >= MOST_REACTIONS:
                raise ApiError(403, 30010, "Maximum number of reactions reached (20)")
            reaction = message.reactions[emoji] = Reaction(emoji_id=emoji_id, emoji_name=name)
        givers = reaction.burst if burst else reaction.users
        if user_id in givers:
            return
        givers.append(user_id)
        data = self._where(message, channel) | self._one(reaction, user_id, burst=burst)
        data["message_author_id"] = message.author_id
        if not channel.is_dm:
            data["member"] = member_payload(self._world, user_id)
        self._publish("MESSAGE_REACTION_ADD", data, message, channel)

    def remove(self, message: Message, emoji: str, user_id: str, *, burst: bool = False) -> None:
        """Take a user's reaction back; one that is not there changes nothing."""
        channel = self._world.channel(message.channel_id)
        reaction = message.reactions.get(emoji)
        if reaction is None:
            raise ApiError(404, 10014, "Unknown Emoji")
        givers = reaction.burst if burst else reaction.users
        if user_id not in givers:
            return
        givers.remove(user_id)
        if not reaction.users and not reaction.burst:
            del message.reactions[emoji]
        data = self._where(message, channel) | self._one(reaction, user_id, burst=burst)
        self._publish("MESSAGE_REACTION_REMOVE", data, message, channel)

    def clear(self, message: Message) -> None:
        """Take every reaction away."""
        channel = self._world.channel(message.channel_id)
        message.reactions.clear()
        self._publish("MESSAGE_REACTION_REMOVE_ALL", self._where(message, channel), message, channel)

    def clear_emoji(self, message: Message, emoji: str) -> None:
        """Take every reaction of one emoji away."""
        channel = self._world.channel(message.channel_id)
        reaction = message.reactions.pop(emoji, None)
        if reaction is None:
            raise ApiError(404, 10014, "Unknown Emoji")
        data = self._where(message, channel) | {"emoji": emoji_payload(reaction)}
        self._publish("MESSAGE_REACTION_REMOVE_EMOJI", data, message, channel)

    def _where(self, message: Message, channel: Channel) -> dict[str, Any]:
        data: dict[str, Any] = {"channel_id": channel.id, "message_id": message.id}
        return data if channel.is_dm else data | {"guild_id": self._world.guild.id}

    def _one(self, reaction: Reaction, user_id: str, *, burst: bool) -> dict[str, Any]:
        data = {"user_id": user_id, "emoji": emoji_payload(reaction), "burst": burst, "type": int(burst)}
        return data | ({"burst_colors": ["#5865f2"]} if burst else {})

    def _publish(self, name: str, data: dict[str, Any], message: Message, channel: Channel) -> None:
        self._events.publish(Event(name=name, data=data, channel=channel, hidden=message.ephemeral))


def parse_emoji(emoji: str) -> tuple[str, str | None]:
    """Split `name:id` or take a Unicode emoji as it is; raise ApiError 10014 for anything else."""
    name, colon, emoji_id = emoji.rpartition(":")
    if colon:
        if not name or not emoji_id.isdecimal():
            raise ApiError(400, 10014, "Unknown Emoji")
        return name, emoji_id
    # Letters alone are never an emoji; keycaps such as "1️⃣" hold a digit and a mark outside ASCII.
    if not emoji or emoji.isascii() or len(emoji) > LONGEST_EMOJI:
        raise ApiError(400, 10014, "Unknown Emoji")
    return emoji, None

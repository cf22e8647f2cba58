"""Message objects as Discord sends them, and as the control API shows them."""

from typing import Any

from bot.sandbox.component_payloads import ComponentPayloads
from bot.sandbox.embeds import embedded_names, render_embed
from bot.sandbox.files import Files
from bot.sandbox.messages import Message, Messages, Reaction
from bot.sandbox.payloads import user_payload
from bot.sandbox.world import World


class MessagePayloads:
    """Render messages; `viewer` decides the `me` of reactions and defaults to the bot."""

    def __init__(self, world: World, files: Files, messages: Messages) -> None:
        self._world = world
        self._files = files
        self._messages = messages

    def message(self, message: Message, *, viewer: str | None = None, nested: bool = False) -> dict[str, Any]:
        """Render a message object; a nested one (a reply's original) carries no further reply."""
        urls = {stored.filename: self._files.url(stored) for stored in message.attachments}
        in_embeds = embedded_names(message.embeds)
        listed = [stored for stored in message.attachments if stored.filename not in in_embeds]
        payload: dict[str, Any] = {
            "id": message.id,
            "channel_id": message.channel_id,
            "type": message.kind,
            "author": user_payload(self._world.users[message.author_id]),
            "content": message.content,
            "timestamp": message.timestamp,
            "edited_timestamp": message.edited_timestamp,
            "tts": message.tts,
            "pinned": False,
            "flags": message.flags,
            "mention_everyone": message.mentions.everyone,
            "mentions": [user_payload(self._world.users[u]) for u in message.mentions.users],
            "mention_roles": message.mentions.roles,
            "attachments": [self._files.payload(stored) for stored in listed],
            "embeds": [render_embed(embed, urls) for embed in message.embeds],
            "components": ComponentPayloads(self._files, message.attachments).render(message.components),
        }
        if message.interaction_id is not None:
            payload["application_id"] = payload["webhook_id"] = self._world.application_id
        if message.interaction_metadata is not None:
            payload["interaction_metadata"] = message.interaction_metadata
            if message.command_name is not None:
                metadata = message.interaction_metadata
                payload["interaction"] = {key: metadata[key] for key in ("id", "type", "user")}
                payload["interaction"]["name"] = message.command_name
        if message.reactions and not nested:
            watcher = viewer or self._world.bot.id
            payload["reactions"] = [reaction_payload(r, watcher) for r in message.reactions.values()]
        if message.reply_to is not None:
            payload |= self._reply(message, nested=nested)
        return payload

    def told(self, message: Message, *, viewer: str | None = None, history: bool = True) -> dict[str, Any]:
        """Render a message for the control API: with its edits, its history and whom it pinged."""
        told = self.message(message, viewer=viewer) | {
            "edits": message.edits,
            "pinged": message.pinged,
            "visible_to": message.ephemeral_to,
        }
        return told | {"history": message.history} if history else told

    def version(self, message: Message) -> dict[str, Any]:
        """Render what a message shows now, as an entry of its history."""
        return {
            "at": message.edited_timestamp or message.timestamp,
            "content": message.content,
            "flags": message.flags,
            "embeds": message.embeds,
            "components": message.components,
            "attachments": [stored.filename for stored in message.attachments],
        }

    def _reply(self, message: Message, *, nested: bool) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "message_reference": {
                "type": 0,
                "channel_id": message.channel_id,
                "message_id": message.reply_to,
            }
        }
        if not self._world.channels[message.channel_id].is_dm:
            payload["message_reference"]["guild_id"] = self._world.guild.id
        if not nested:
            original = self._messages.find(message.reply_to or "")
            payload["referenced_message"] = original and self.message(original, nested=True)
        return payload


def reaction_payload(reaction: Reaction, viewer: str) -> dict[str, Any]:
    """Render a reaction object."""
    return {
        "emoji": emoji_payload(reaction),
        "count": len(reaction.users) + len(reaction.burst),
        "count_details": {"normal": len(reaction.users), "burst": len(reaction.burst)},
        "burst_colors": [],
        "me": viewer in reaction.users,
        "me_burst": viewer in reaction.burst,
    }


def emoji_payload(reaction: Reaction) -> dict[str, Any]:
    """Render the partial emoji of a reaction."""
    return {"id": reaction.emoji_id, "name": reaction.emoji_name}

"""INTERACTION_CREATE and the metadata that a message keeps of the interaction behind it.

https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
"""

from typing import Any

from bot.sandbox.access import channel_permissions
from bot.sandbox.command_form import NESTING
from bot.sandbox.interactions import COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from bot.sandbox.message_payloads import MessagePayloads
from bot.sandbox.messages import Messages
from bot.sandbox.payloads import channel_payload, member_payload, user_payload
from bot.sandbox.world import World

GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1


def interaction_event(
    world: World, messages: Messages, payloads: MessagePayloads, interaction: Interaction
) -> dict[str, Any]:
    """Render what the gateway sends to the bot."""
    channel = world.channel(interaction.channel_id)
    user = world.users[interaction.user_id]
    held = channel_permissions(world, user.id, channel)
    event: dict[str, Any] = {
        "id": interaction.id,
        "application_id": world.application_id,
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": channel.id,
        "channel": channel_payload(world, channel) | {"permissions": str(held)},
        "locale": user.locale,
        "app_permissions": str(channel_permissions(world, world.bot.id, channel)),
        "attachment_size_limit": world.filesize_limit(channel),
        "entitlements": [],
        "authorizing_integration_owners": {"0": "0" if channel.is_dm else world.guild.id},
        "context": BOT_DM_CONTEXT if channel.is_dm else GUILD_CONTEXT,
    }
    if channel.is_dm:
        event["user"] = user_payload(user)
    else:
        event |= {
            "guild_id": world.guild.id,
            "guild": {"id": world.guild.id, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member_payload(world, user.id) | {"permissions": str(held)},
        }
    source = messages.find(interaction.source_id or "")
    if source is not None:
        event["message"] = payloads.message(source)
    return event


def response_metadata(world: World, interaction: Interaction) -> dict[str, Any]:
    """Render `interaction_metadata` for the message that answers an interaction."""
    channel = world.channel(interaction.channel_id)
    metadata: dict[str, Any] = {
        "id": interaction.id,
        "type": interaction.kind,
        "user": user_payload(world.users[interaction.user_id]),
        "authorizing_integration_owners": {"0": "0" if channel.is_dm else world.guild.id},
    }
    if interaction.kind == COMPONENT:
        metadata["interacted_message_id"] = interaction.source_id
    elif interaction.kind == MODAL_SUBMIT and interaction.parent is not None:
        metadata["triggering_interaction_metadata"] = response_metadata(world, interaction.parent)
    return metadata


def command_name(interaction: Interaction) -> str | None:
    """Return the words of the command behind an interaction, such as "story add"; None for other kinds."""
    if interaction.kind != COMMAND:
        return None
    words, options = [str(interaction.data["name"])], interaction.data.get("options") or []
    while options and options[0]["type"] in NESTING:
        words.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(words)

"""Messages in channels, by bot token."""

from typing import Any

from bot.sandbox.access import channel_permissions, require
from bot.sandbox.calls import Call, Reply, Route
from bot.sandbox.draft import check_draft
from bot.sandbox.errors import ApiError, missing_permissions
from bot.sandbox.events import Event
from bot.sandbox.form import bad_field
from bot.sandbox.messages import (
    COMPONENTS_V2,
    DEFAULT,
    REPLY,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Message,
)
from bot.sandbox.permissions import (
    ATTACH_FILES,
    EMBED_LINKS,
    MANAGE_MESSAGES,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
)
from bot.sandbox.ratelimit import CREATE_MESSAGE, DELETE_MESSAGE, EDIT_MESSAGE, EDIT_OLD_MESSAGE, TYPING
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.snowflake import created_at
from bot.sandbox.world import Channel

NONCE_S = 300.0
OLD_S = 3600.0
CREATE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"


def create(sandbox: Sandbox, call: Call) -> Reply:
    """POST a message; with `enforce_nonce` a repeated nonce answers with the first message."""
    world, bot = sandbox.world, sandbox.world.bot
    channel = world.channel(call.args["channel_id"])
    draft = check_draft(call.payload)
    needed = SEND_MESSAGES
    needed |= ATTACH_FILES if call.uploads else 0
    needed |= EMBED_LINKS if draft.get("embeds") else 0
    require(world, bot.id, channel, needed)
    if channel.is_dm and not world.users[channel.recipients[0]].accepts_dms:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    nonce = draft.get("nonce")
    if draft.get("enforce_nonce") and nonce is not None:
        earlier = _same_nonce(sandbox, channel, nonce)
        if earlier is not None:
            return Reply(body=sandbox.payloads.message(earlier) | {"nonce": nonce})
    original = _reply_target(sandbox, channel, draft)
    message = sandbox.posting.blank(
        channel,
        bot.id,
        kind=DEFAULT if original is None else REPLY,
        flags=(draft.get("flags") or 0) & CREATE_FLAGS,
        tts=bool(draft.get("tts")),
        nonce=nonce,
        reply_to=original.id if original else None,
    )
    replied_to = original.author_id if original else None
    sandbox.posting.post(message, draft, call.uploads, replied_to=replied_to)
    payload = sandbox.payloads.message(message)
    return Reply(body=payload if nonce is None else payload | {"nonce": nonce})


def _same_nonce(sandbox: Sandbox, channel: Channel, nonce: str | int) -> Message | None:
    message = sandbox.messages.by_nonce(channel.id, sandbox.world.bot.id, nonce)
    if message is None or created_at(message.id) < sandbox.clock.now() - NONCE_S:
        return None
    return message


def _reply_target(sandbox: Sandbox, channel: Channel, draft: dict[str, Any]) -> Message | None:
    reference = draft.get("message_reference") or {}
    if not reference.get("message_id"):
        return None
    held = channel_permissions(sandbox.world, sandbox.world.bot.id, channel)
    if not held & READ_MESSAGE_HISTORY:
        raise ApiError(403, 160002, "Cannot reply without permission to read message history")
    try:
        return sandbox.messages.get_public(channel.id, str(reference["message_id"]))
    except ApiError:
        if reference.get("fail_if_not_exists", True):
            raise bad_field(
                ("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"
            ) from None
        return None


def listed(sandbox: Sandbox, call: Call) -> Reply:
    """GET messages, newest first; without the right to read history the list is empty."""
    channel = sandbox.world.channel(call.args["channel_id"])
    require(sandbox.world, sandbox.world.bot.id, channel, 0)
    limit = call.number("limit", default=50, least=1, most=100)
    marks = {key: call.snowflake(key) for key in ("before", "after", "around")}
    if not channel_permissions(sandbox.world, sandbox.world.bot.id, channel) & READ_MESSAGE_HISTORY:
        return Reply(body=[])
    found = sandbox.messages.page(channel.id, limit=limit, **marks)
    return Reply(body=[sandbox.payloads.message(message) for message in found])


def _own_channel(sandbox: Sandbox, call: Call, needed: int = 0) -> Channel:
    channel = sandbox.world.channel(call.args["channel_id"])
    require(sandbox.world, sandbox.world.bot.id, channel, needed)
    return channel


def one(sandbox: Sandbox, call: Call) -> Reply:
    """GET a message."""
    channel = _own_channel(sandbox, call, READ_MESSAGE_HISTORY)
    return Reply(
        body=sandbox.payloads.message(sandbox.messages.get_public(channel.id, call.args["message_id"]))
    )


def edit(sandbox: Sandbox, call: Call) -> Reply:
    """PATCH a message of the bot; messages older than an hour have a limit of their own."""
    channel = _own_channel(sandbox, call, ATTACH_FILES if call.uploads else 0)
    message = sandbox.messages.get_public(channel.id, call.args["message_id"])
    if message.author_id != sandbox.world.bot.id:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    draft = check_draft(call.payload, flags_now=message.flags)
    if sandbox.clock.now() - created_at(message.id) > OLD_S:
        sandbox.limits.take(EDIT_OLD_MESSAGE, channel.id)
    return Reply(body=sandbox.payloads.message(sandbox.posting.edit(message, draft, call.uploads)))


def delete(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE a message; somebody else's needs MANAGE_MESSAGES."""
    channel = _own_channel(sandbox, call)
    message = sandbox.messages.get_public(channel.id, call.args["message_id"])
    bot = sandbox.world.bot.id
    if message.author_id != bot and not channel_permissions(sandbox.world, bot, channel) & MANAGE_MESSAGES:
        raise missing_permissions()
    sandbox.posting.delete(message)
    return Reply()


def typing(sandbox: Sandbox, call: Call) -> Reply:
    """POST the typing sign."""
    channel = _own_channel(sandbox, call, SEND_MESSAGES)
    data = {"channel_id": channel.id, "user_id": sandbox.world.bot.id, "timestamp": int(sandbox.clock.now())}
    sandbox.events.publish(Event(name="TYPING_START", data=data, channel=channel, hidden=True))
    return Reply()


ROUTES = [
    Route(method="POST", template=MESSAGES, handler=create, limit=CREATE_MESSAGE),
    Route(method="GET", template=MESSAGES, handler=listed),
    Route(method="GET", template=MESSAGE, handler=one),
    Route(method="PATCH", template=MESSAGE, handler=edit, limit=EDIT_MESSAGE),
    Route(method="DELETE", template=MESSAGE, handler=delete, limit=DELETE_MESSAGE),
    Route(method="POST", template="/channels/{channel_id}/typing", handler=typing, limit=TYPING),
]

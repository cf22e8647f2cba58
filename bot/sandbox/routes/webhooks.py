"""Follow-ups: what a bot does with an interaction's token during its 15 minutes.

https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages
"""

from bot.sandbox.calls import Call, Reply, Route
from bot.sandbox.draft import check_draft
from bot.sandbox.errors import ApiError, unknown_message
from bot.sandbox.interactions import Interaction
from bot.sandbox.messages import (
    COMPONENTS_V2,
    DEFAULT,
    EPHEMERAL,
    LOADING,
    REPLY,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Message,
)
from bot.sandbox.ratelimit import WEBHOOK
from bot.sandbox.sandbox import Sandbox

FOLLOW_UP_FLAGS = EPHEMERAL | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
WEBHOOK_PATH = "/webhooks/{application_id}/{token}"
MESSAGE_PATH = WEBHOOK_PATH + "/messages/{message_id}"
ORIGINAL = "@original"


def _interaction(sandbox: Sandbox, call: Call) -> Interaction:
    if call.args["application_id"] != sandbox.world.application_id:
        raise ApiError(404, 10015, "Unknown Webhook")
    return sandbox.interactions.to_follow_up(call.args["token"])


def _message(sandbox: Sandbox, call: Call) -> Message:
    interaction = _interaction(sandbox, call)
    wanted = call.args.get("message_id", ORIGINAL)
    if wanted == ORIGINAL:
        wanted = interaction.response_id or ""
    message = sandbox.messages.find(wanted)
    if message is None or message.author_id != sandbox.world.bot.id:
        raise unknown_message()
    if message.interaction_id != interaction.id and message.id != interaction.source_id:
        raise unknown_message()
    return message


def create(sandbox: Sandbox, call: Call) -> Reply:
    """POST a follow-up; the first one after a deferred answer fills that answer."""
    interaction = _interaction(sandbox, call)
    draft = check_draft(call.payload)
    original = sandbox.messages.find(interaction.response_id or "")
    if original is not None and original.flags & LOADING:
        message = sandbox.posting.edit(original, draft, call.uploads)
        return Reply(body=sandbox.payloads.message(message))
    flags = (draft.get("flags") or 0) & FOLLOW_UP_FLAGS
    shown = original if original is not None and not original.ephemeral else None
    message = sandbox.posting.blank(
        sandbox.world.channel(interaction.channel_id),
        sandbox.world.bot.id,
        kind=DEFAULT if shown is None else REPLY,
        flags=flags,
        interaction_id=interaction.id,
        ephemeral_to=interaction.user_id if flags & EPHEMERAL else None,
        reply_to=shown.id if shown is not None else None,
    )
    sandbox.posting.post(message, draft, call.uploads)
    return Reply(body=sandbox.payloads.message(message))


def one(sandbox: Sandbox, call: Call) -> Reply:
    """GET the answer or a follow-up."""
    return Reply(body=sandbox.payloads.message(_message(sandbox, call)))


def edit(sandbox: Sandbox, call: Call) -> Reply:
    """PATCH the answer or a follow-up; the first edit of a deferred answer fills it."""
    message = _message(sandbox, call)
    draft = check_draft(call.payload, flags_now=message.flags)
    return Reply(body=sandbox.payloads.message(sandbox.posting.edit(message, draft, call.uploads)))


def delete(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE the answer or a follow-up."""
    sandbox.posting.delete(_message(sandbox, call))
    return Reply()


ROUTES = [
    Route(method="POST", template=WEBHOOK_PATH, handler=create, limit=WEBHOOK, major="token", by_token=True)
] + [
    Route(method=method, template=template, handler=handler, limit=WEBHOOK, major="token", by_token=True)
    for template in (WEBHOOK_PATH + "/messages/" + ORIGINAL, MESSAGE_PATH)
    for method, handler in (("GET", one), ("PATCH", edit), ("DELETE", delete))
]

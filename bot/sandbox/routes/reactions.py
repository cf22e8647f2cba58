"""Reactions under messages, by bot token."""

from bot.sandbox.access import require
from bot.sandbox.calls import Call, Reply, Route
from bot.sandbox.errors import ApiError
from bot.sandbox.messages import Message
from bot.sandbox.payloads import user_payload
from bot.sandbox.permissions import MANAGE_MESSAGES, READ_MESSAGE_HISTORY
from bot.sandbox.ratelimit import REACTION
from bot.sandbox.sandbox import Sandbox

REACTIONS = "/channels/{channel_id}/messages/{message_id}/reactions"
ONE_EMOJI = REACTIONS + "/{emoji}"


def _message(sandbox: Sandbox, call: Call, needed: int) -> Message:
    channel = sandbox.world.channel(call.args["channel_id"])
    require(sandbox.world, sandbox.world.bot.id, channel, needed)
    return sandbox.messages.get_public(channel.id, call.args["message_id"])


def add(sandbox: Sandbox, call: Call) -> Reply:
    """PUT the bot's reaction."""
    message = _message(sandbox, call, READ_MESSAGE_HISTORY)
    sandbox.reacting.add(message, call.args["emoji"], sandbox.world.bot.id)
    return Reply()


def remove_own(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE the bot's reaction."""
    message = _message(sandbox, call, READ_MESSAGE_HISTORY)
    sandbox.reacting.remove(message, call.args["emoji"], sandbox.world.bot.id)
    return Reply()


def remove_of_user(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE somebody's reaction."""
    message = _message(sandbox, call, READ_MESSAGE_HISTORY | MANAGE_MESSAGES)
    sandbox.reacting.remove(message, call.args["emoji"], call.args["user_id"])
    return Reply()


def clear_emoji(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE every reaction of one emoji."""
    message = _message(sandbox, call, READ_MESSAGE_HISTORY | MANAGE_MESSAGES)
    sandbox.reacting.clear_emoji(message, call.args["emoji"])
    return Reply()


def clear(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE every reaction."""
    sandbox.reacting.clear(_message(sandbox, call, READ_MESSAGE_HISTORY | MANAGE_MESSAGES))
    return Reply()


def users(sandbox: Sandbox, call: Call) -> Reply:
    """GET who reacted, by id; `type` 1 asks for super reactions."""
    message = _message(sandbox, call, READ_MESSAGE_HISTORY)
    burst = call.number("type", default=0, least=0, most=1)
    limit = call.number("limit", default=25, least=1, most=100)
    after = int(call.snowflake("after") or 0)
    reaction = message.reactions.get(call.args["emoji"])
    if reaction is None:
        raise ApiError(404, 10014, "Unknown Emoji")
    givers = sorted(reaction.burst if burst else reaction.users, key=int)
    page = [user_id for user_id in givers if int(user_id) > after][:limit]
    return Reply(body=[user_payload(sandbox.world.users[user_id]) for user_id in page])


ROUTES = [
    Route(method="PUT", template=ONE_EMOJI + "/@me", handler=add, limit=REACTION),
    Route(method="DELETE", template=ONE_EMOJI + "/@me", handler=remove_own, limit=REACTION),
    Route(method="DELETE", template=ONE_EMOJI + "/{user_id}", handler=remove_of_user, limit=REACTION),
    Route(method="GET", template=ONE_EMOJI, handler=users),
    Route(method="DELETE", template=ONE_EMOJI, handler=clear_emoji, limit=REACTION),
    Route(method="DELETE", template=REACTIONS, handler=clear, limit=REACTION),
]

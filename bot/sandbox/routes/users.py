"""The bot's own account, its application, the gateway's address and direct messages."""

from bot.sandbox.calls import Call, Reply, Route
from bot.sandbox.errors import ApiError
from bot.sandbox.form import bad_field
from bot.sandbox.payloads import application_payload, channel_payload, own_user_payload, user_payload
from bot.sandbox.sandbox import Sandbox


def own_user(sandbox: Sandbox, _: Call) -> Reply:
    """GET /users/@me."""
    return Reply(body=own_user_payload(sandbox.world.bot))


def user(sandbox: Sandbox, call: Call) -> Reply:
    """GET /users/{user_id}."""
    found = sandbox.world.users.get(call.args["user_id"])
    if found is None:
        raise ApiError(404, 10013, "Unknown User")
    return Reply(body=user_payload(found))


def own_application(sandbox: Sandbox, _: Call) -> Reply:
    """GET /oauth2/applications/@me and /applications/@me."""
    return Reply(body=application_payload(sandbox.world))


def gateway(sandbox: Sandbox, _: Call) -> Reply:
    """GET /gateway."""
    return Reply(body={"url": sandbox.gateway.url})


def gateway_bot(sandbox: Sandbox, _: Call) -> Reply:
    """GET /gateway/bot."""
    left = max(0, 1000 - sandbox.gateway.identified)
    limit = {"total": 1000, "remaining": left, "reset_after": 14_400_000, "max_concurrency": 1}
    return Reply(body={"url": sandbox.gateway.url, "shards": 1, "session_start_limit": limit})


def create_dm(sandbox: Sandbox, call: Call) -> Reply:
    """POST /users/@me/channels."""
    recipient = call.form.get("recipient_id")
    if recipient is None:
        raise bad_field(("recipient_id",), "BASE_TYPE_REQUIRED", "This field is required")
    channel = sandbox.open_dm(str(recipient))
    return Reply(body=channel_payload(sandbox.world, channel))


ROUTES = [
    Route(method="GET", template="/users/@me", handler=own_user),
    Route(method="GET", template="/users/{user_id}", handler=user),
    Route(method="POST", template="/users/@me/channels", handler=create_dm),
    Route(method="GET", template="/oauth2/applications/@me", handler=own_application),
    Route(method="GET", template="/applications/@me", handler=own_application),
    Route(method="GET", template="/gateway", handler=gateway, by_token=True),
    Route(method="GET", template="/gateway/bot", handler=gateway_bot),
]

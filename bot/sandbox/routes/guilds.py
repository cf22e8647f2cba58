"""The guild, its members and its channels."""

from bot.sandbox.access import require
from bot.sandbox.calls import Call, Reply, Route
from bot.sandbox.errors import ApiError
from bot.sandbox.payloads import channel_payload, guild_payload, member_payload, role_payload
from bot.sandbox.sandbox import Sandbox


def guild(sandbox: Sandbox, call: Call) -> Reply:
    """GET /guilds/{guild_id}."""
    found = sandbox.world.require_guild(call.args["guild_id"])
    payload = guild_payload(found)
    if call.query.get("with_counts") in ("1", "true"):
        payload |= {
            "approximate_member_count": len(found.members),
            "approximate_presence_count": len(found.members),
        }
    return Reply(body=payload)


def channels(sandbox: Sandbox, call: Call) -> Reply:
    """GET /guilds/{guild_id}/channels."""
    sandbox.world.require_guild(call.args["guild_id"])
    of_guild = [c for c in sandbox.world.channels.values() if not c.is_dm]
    return Reply(body=[channel_payload(sandbox.world, c) for c in of_guild])


def roles(sandbox: Sandbox, call: Call) -> Reply:
    """GET /guilds/{guild_id}/roles."""
    found = sandbox.world.require_guild(call.args["guild_id"])
    return Reply(body=[role_payload(role) for role in found.roles.values()])


def member(sandbox: Sandbox, call: Call) -> Reply:
    """GET /guilds/{guild_id}/members/{user_id}."""
    found = sandbox.world.require_guild(call.args["guild_id"])
    if call.args["user_id"] not in found.members:
        raise ApiError(404, 10007, "Unknown Member")
    return Reply(body=member_payload(sandbox.world, call.args["user_id"]))


def channel(sandbox: Sandbox, call: Call) -> Reply:
    """GET /channels/{channel_id}."""
    found = sandbox.world.channel(call.args["channel_id"])
    require(sandbox.world, sandbox.world.bot.id, found, 0)
    return Reply(body=channel_payload(sandbox.world, found))


ROUTES = [
    Route(method="GET", template="/guilds/{guild_id}", handler=guild),
    Route(method="GET", template="/guilds/{guild_id}/channels", handler=channels),
    Route(method="GET", template="/guilds/{guild_id}/roles", handler=roles),
    Route(method="GET", template="/guilds/{guild_id}/members/{user_id}", handler=member),
    Route(method="GET", template="/channels/{channel_id}", handler=channel),
]

"""Registration of application commands, global and for the guild."""

from bot.sandbox.calls import Call, Reply, Route
from bot.sandbox.errors import ApiError, missing_access
from bot.sandbox.events import Event
from bot.sandbox.form import bad_field
from bot.sandbox.sandbox import Sandbox

EVERYWHERE = "/applications/{application_id}/commands"
IN_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


def _scope(sandbox: Sandbox, call: Call) -> str:
    if call.args["application_id"] != sandbox.world.application_id:
        raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
    guild_id = call.args.get("guild_id")
    if guild_id is not None and guild_id != sandbox.world.guild.id:
        raise missing_access()
    return guild_id or ""


def _changed(sandbox: Sandbox) -> None:
    commands = sandbox.commands.visible(sandbox.world.guild.id)
    sandbox.events.publish(Event(name="SANDBOX_COMMANDS", data={"commands": commands}, hidden=True))


def listed(sandbox: Sandbox, call: Call) -> Reply:
    """GET the commands of a scope."""
    return Reply(body=sandbox.commands.listed(_scope(sandbox, call)))


def overwrite(sandbox: Sandbox, call: Call) -> Reply:
    """PUT all commands of a scope."""
    scope = _scope(sandbox, call)
    commands = call.payload
    if not isinstance(commands, list) or not all(isinstance(c, dict) for c in commands):
        raise bad_field((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    stored = sandbox.commands.overwrite(scope, commands)
    _changed(sandbox)
    return Reply(body=stored)


def upsert(sandbox: Sandbox, call: Call) -> Reply:
    """POST one command; 201 when it is new."""
    stored, is_new = sandbox.commands.upsert(_scope(sandbox, call), call.form)
    _changed(sandbox)
    return Reply(body=stored, status=201 if is_new else 200)


def one(sandbox: Sandbox, call: Call) -> Reply:
    """GET one command."""
    return Reply(body=sandbox.commands.get(_scope(sandbox, call), call.args["command_id"]))


def delete(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE one command."""
    sandbox.commands.delete(_scope(sandbox, call), call.args["command_id"])
    _changed(sandbox)
    return Reply()


ROUTES = [
    Route(method=method, template=base + tail, handler=handler)
    for base in (EVERYWHERE, IN_GUILD)
    for method, tail, handler in (
        ("GET", "", listed),
        ("PUT", "", overwrite),
        ("POST", "", upsert),
        ("GET", "/{command_id}", one),
        ("DELETE", "/{command_id}", delete),
    )
]

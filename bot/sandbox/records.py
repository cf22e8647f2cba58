"""Records: every part of the sandbox that lasts, as JSON under a kind and an id, and back."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from bot.sandbox.archive_file import Key
from bot.sandbox.events import Event
from bot.sandbox.files import StoredFile
from bot.sandbox.mentions import Mentions
from bot.sandbox.messages import Message, Reaction
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import Channel, Guild, Member, Overwrite, Role, User

IDENTITY: Key = ("sandbox", "identity")
TIME: Key = ("sandbox", "time")
COMMANDS: Key = ("sandbox", "commands")
GUILD: Key = ("sandbox", "guild")
Record = dict[str, Any]


class Records:
    """Tell what an event changed, describe it, and build a sandbox from such descriptions.

    Interactions are not kept: their tokens live 15 minutes, and whoever waited for an answer is gone.
    """

    def __init__(self, sandbox: Sandbox, secret: str) -> None:
        self._sandbox = sandbox
        self.secret = secret
        self._by_event: dict[str, Callable[[Record], set[Key]]] = {
            "MESSAGE_CREATE": self._posted,
            "MESSAGE_UPDATE": self._posted,
            "MESSAGE_DELETE": lambda data: {("message", data["id"])},
            "MESSAGE_REACTION_ADD": _reacted,
            "MESSAGE_REACTION_REMOVE": _reacted,
            "MESSAGE_REACTION_REMOVE_ALL": _reacted,
            "MESSAGE_REACTION_REMOVE_EMOJI": _reacted,
            "INTERACTION_CREATE": _attached,
            "CHANNEL_CREATE": lambda data: {("channel", data["id"])},
            "CHANNEL_UPDATE": lambda data: {("channel", data["id"])},
            "CHANNEL_DELETE": self._channel_deleted,
            "GUILD_UPDATE": lambda _: {GUILD},
            "GUILD_ROLE_CREATE": lambda _: {GUILD},
            "SANDBOX_USER": lambda data: {GUILD, ("user", data["id"])},
            "SANDBOX_COMMANDS": lambda _: {COMMANDS},
            "SANDBOX_CLOCK": lambda _: {TIME},
        }
        self._by_kind: dict[str, Callable[[str], Record | None]] = {
            "sandbox": self._of_sandbox,
            "user": lambda id_: _plain(self._sandbox.world.users[id_]),
            "channel": self._of_channel,
            "file": self._of_file,
            "message": self._of_message,
        }

    def touched(self, event: Event) -> set[Key]:
        """Return the keys of what an event changed; with anything else, ids and clock moved on too."""
        find = self._by_event.get(event.name)
        return set() if find is None else {TIME, *find(event.data)}

    def everything(self) -> set[Key]:
        """Return the keys of a sandbox in which nothing was said yet."""
        world = self._sandbox.world
        users = {("user", id_) for id_ in world.users}
        return {IDENTITY, TIME, COMMANDS, GUILD} | users | {("channel", id_) for id_ in world.channels}

    def record(self, key: Key) -> Record | None:
        """Describe what stands under a key now; None when it is gone.

        What a record holds is never changed in place, so that another thread may encode it.
        """
        kind, id_ = key
        return self._by_kind[kind](id_)

    def restore(self, records: dict[Key, Any]) -> None:
        """Fill a new sandbox; raises KeyError, TypeError or ValueError for records that are not ours."""
        sandbox = self._sandbox
        identity, time = records[IDENTITY], records[TIME]
        self.secret = identity["secret"]
        sandbox.clock.offset = time["offset"]
        sandbox.ids.go_on_after(time["last_id"])
        self._restore_world(identity, records)
        sandbox.commands.restore(identity["application_id"], records[COMMANDS])
        sandbox.files.key = bytes.fromhex(identity["files_key"])
        for record in _of_kind(records, "file"):
            path = sandbox.files.directory / record["id"]
            sandbox.files.restore(StoredFile(**record, path=path))
        for record in _of_kind(records, "message"):
            sandbox.messages.add(self._message(record))

    def _restore_world(self, identity: Record, records: dict[Key, Any]) -> None:
        world = self._sandbox.world
        world.token = identity["token"]
        world.application_id = identity["application_id"]
        world.users = {record["id"]: User(**record) for record in _of_kind(records, "user")}
        world.channels = {record["id"]: _channel(record) for record in _of_kind(records, "channel")}
        world.guild = _guild(records[GUILD])
        world.bot = world.users[world.application_id]
        world.default_user = world.users[identity["default_user"]]
        world.stranger_role = world.guild.roles[identity["stranger_role"]]
        # #general may have been deleted; then it stays the default that nobody finds.
        default = identity["default_channel"]
        world.default_channel = world.channels.get(default) or Channel(id=default, name="general")

    def _message(self, record: Record) -> Message:
        found = (self._sandbox.files.find(id_) for id_ in record["attachments"])
        rebuilt = {
            "attachments": [stored for stored in found if stored is not None],
            "mentions": Mentions(**record["mentions"]),
            "reactions": {emoji: Reaction(**reaction) for emoji, reaction in record["reactions"].items()},
        }
        return Message(**record | rebuilt)

    def _of_sandbox(self, part: str) -> Record:
        sandbox, world = self._sandbox, self._sandbox.world
        if part == "time":
            return {"offset": sandbox.clock.offset, "last_id": sandbox.ids.last}
        if part == "commands":
            return sandbox.commands.scopes()
        if part == "guild":
            guild = world.guild
            roles = [_plain(role) for role in guild.roles.values()]
            members = [_plain(m) | {"roles": list(m.roles)} for m in guild.members.values()]
            return _plain(guild) | {"roles": roles, "members": members}
        return {
            "secret": self.secret,
            "token": world.token,
            "application_id": world.application_id,
            "files_key": sandbox.files.key.hex(),
            "default_user": world.default_user.id,
            "default_channel": world.default_channel.id,
            "stranger_role": world.stranger_role.id,
        }

    def _of_channel(self, channel_id: str) -> Record | None:
        channel = self._sandbox.world.channels.get(channel_id)
        if channel is None:
            return None
        return _plain(channel) | {"overwrites": [_plain(o) for o in channel.overwrites.values()]}

    def _of_file(self, file_id: str) -> Record | None:
        stored = self._sandbox.files.find(file_id)
        if stored is None or stored.channel_id not in self._sandbox.world.channels:
            return None
        return {name: value for name, value in _plain(stored).items() if name != "path"}

    def _of_message(self, message_id: str) -> Record | None:
        message = self._sandbox.messages.find(message_id)
        if message is None or message.channel_id not in self._sandbox.world.channels:
            return None
        return _plain(message) | {
            "attachments": [stored.id for stored in message.attachments],
            "mentions": _plain(message.mentions),
            "reactions": {
                emoji: _plain(given) | {"users": list(given.users), "burst": list(given.burst)}
                for emoji, given in message.reactions.items()
            },
        }

    def _posted(self, data: Record) -> set[Key]:
        message = self._sandbox.messages.find(data["id"])
        attached = {("file", stored.id) for stored in message.attachments} if message else set()
        return attached | {("message", data["id"]), ("channel", data["channel_id"])}

    def _channel_deleted(self, data: Record) -> set[Key]:
        gone = {("message", message.id) for message in self._sandbox.messages.after(data["id"])}
        files = {("file", stored.id) for stored in self._sandbox.files.of_channel(data["id"])}
        return gone | files | {("channel", data["id"])}


def _reacted(data: Record) -> set[Key]:
    return {("message", data["message_id"])}


def _attached(data: Record) -> set[Key]:
    resolved = data["data"].get("resolved") or {}
    return {("file", id_) for id_ in resolved.get("attachments") or ()}


def _plain(thing: Any) -> Record:
    return {part.name: getattr(thing, part.name) for part in fields(thing)}


def _of_kind(records: dict[Key, Any], kind: str) -> list[Record]:
    """Return the records of a kind as they came to be: ids grow."""
    ids = sorted((id_ for of, id_ in records if of == kind), key=int)
    return [records[kind, id_] for id_ in ids]


def _channel(record: Record) -> Channel:
    overwrites = [Overwrite(**overwrite) for overwrite in record["overwrites"]]
    return Channel(**record | {"overwrites": {overwrite.id: overwrite for overwrite in overwrites}})


def _guild(record: Record) -> Guild:
    roles = [Role(**role) for role in record["roles"]]
    members = [Member(**member) for member in record["members"]]
    by_id = {"roles": {r.id: r for r in roles}, "members": {m.user_id: m for m in members}}
    return Guild(**record | by_id)

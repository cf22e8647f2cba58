"""The commands that the bot registered, globally or for the guild."""

from typing import Any

from bot.sandbox.command_form import CHAT_INPUT, MOST_COMMANDS, check_commands
from bot.sandbox.errors import ApiError
from bot.sandbox.snowflake import Snowflakes

Key = tuple[int, str]
OWN_KEYS = ("id", "version", "application_id")


class Commands:
    """Keep commands by scope; a scope is a guild id, or "" for everywhere."""

    def __init__(self, ids: Snowflakes, application_id: str) -> None:
        self._ids = ids
        self._application_id = application_id
        self._scopes: dict[str, dict[Key, dict[str, Any]]] = {}

    def scopes(self) -> dict[str, list[dict[str, Any]]]:
        """Return all commands by scope."""
        return {scope: list(commands.values()) for scope, commands in self._scopes.items()}

    def restore(self, application_id: str, scopes: dict[str, list[dict[str, Any]]]) -> None:
        """Take back what `scopes` returned earlier, for the application of then."""
        self._application_id = application_id
        self._scopes = {s: {(c["type"], c["name"]): c for c in commands} for s, commands in scopes.items()}

    def listed(self, scope: str) -> list[dict[str, Any]]:
        """Return the commands of one scope."""
        return list(self._scopes.get(scope, {}).values())

    def overwrite(self, scope: str, commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Replace a scope's commands; one that keeps its type and name keeps its id.

        Raises ApiError 400/50035 for what Discord refuses and 30032 for too many.
        """
        check_commands(commands)
        for kind, most in MOST_COMMANDS.items():
            if sum((c.get("type") or CHAT_INPUT) == kind for c in commands) > most:
                raise ApiError(400, 30032, f"Maximum number of application commands reached ({most}).")
        before = self._scopes.get(scope, {})
        after: dict[Key, dict[str, Any]] = {}
        for command in commands:
            key = (command.get("type") or CHAT_INPUT, command["name"])
            after[key] = self._register(scope, key, command, before.get(key))
        self._scopes[scope] = after
        return list(after.values())

    def upsert(self, scope: str, command: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Add or replace one command; return it and whether it is new."""
        key = (command.get("type") or CHAT_INPUT, str(command.get("name")))
        others = [c for k, c in self._scopes.get(scope, {}).items() if k != key]
        is_new = len(others) == len(self._scopes.get(scope, {}))
        self.overwrite(scope, [*others, command])
        return self._scopes[scope][key], is_new

    def get(self, scope: str, command_id: str) -> dict[str, Any]:
        """Return a command of a scope by id; raise ApiError 10063."""
        for command in self.listed(scope):
            if command["id"] == command_id:
                return command
        raise ApiError(404, 10063, "Unknown application command")

    def delete(self, scope: str, command_id: str) -> None:
        """Remove a command of a scope by id; raise ApiError 10063."""
        command = self.get(scope, command_id)
        del self._scopes[scope][command["type"], command["name"]]

    def visible(self, guild_id: str | None) -> list[dict[str, Any]]:
        """Return what a person can pick in a guild (guild commands first) or, with None, in a DM."""
        of_guild = self.listed(guild_id) if guild_id is not None else []
        names = {(c["type"], c["name"]) for c in of_guild}
        return of_guild + [c for c in self.listed("") if (c["type"], c["name"]) not in names]

    def _register(
        self, scope: str, key: Key, command: dict[str, Any], before: dict[str, Any] | None
    ) -> dict[str, Any]:
        content: dict[str, Any] = {
            "default_member_permissions": None,
            "description": "",
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
            "name_localizations": None,
            "description_localizations": None,
        }
        content |= {k: v for k, v in command.items() if v is not None and k not in OWN_KEYS}
        if content["default_member_permissions"] is not None:
            content["default_member_permissions"] = str(content["default_member_permissions"])
        content |= {"type": key[0], "application_id": self._application_id}
        if scope:
            content["guild_id"] = scope
        if before is not None and all(before.get(k) == v for k, v in content.items()):
            return before
        return content | {"id": before["id"] if before else self._ids.next(), "version": self._ids.next()}

"""Option values as Discord's client checks them before it sends a command."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.command_form import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NESTING,
    NUMBER,
    ROLE,
    STRING,
    SUB_COMMAND,
    USER,
)
from bot.sandbox.control.errors import ControlError
from bot.sandbox.control.resolved import Resolved

STRING_LIMIT = 6000
LARGEST_INTEGER = 2**53


def pick(command: dict[str, Any], path: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Follow sub-command names; return the option definitions at the end and the shells to wrap values in."""
    definitions = command.get("options") or []
    shells: list[dict[str, Any]] = []
    for name in path:
        found = next((o for o in definitions if o["name"] == name and o["type"] in NESTING), None)
        if found is None:
            raise ControlError(f"/{command['name']} has no sub-command {name!r}", 404)
        shells.append({"name": name, "type": found["type"]})
        definitions = found.get("options") or []
    if any(o["type"] in NESTING for o in definitions):
        names = ", ".join(o["name"] for o in definitions)
        raise ControlError(f"/{command['name']} needs a sub-command: {names}")
    if shells and shells[-1]["type"] != SUB_COMMAND:
        raise ControlError(f"/{command['name']} needs a sub-command")
    return definitions, shells


def wrap(shells: list[dict[str, Any]], values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nest option values into their sub-command and group."""
    for shell in reversed(shells):
        values = [shell | {"options": values}]
    return values


def fill(
    definitions: list[dict[str, Any]], given: dict[str, Any], resolved: Resolved
) -> list[dict[str, Any]]:
    """Return the option values to send; raise ControlError for what the client would not let through."""
    known = {o["name"]: o for o in definitions}
    for name in given:
        if name not in known:
            raise ControlError(f"there is no option {name!r}; known are {', '.join(known) or 'none'}")
    values = []
    for name, option in known.items():
        if given.get(name) is None:
            if option.get("required"):
                raise ControlError(f"option {name!r} is required")
            continue
        values.append({"name": name, "type": option["type"], "value": check(option, given[name], resolved)})
    return values


def check(option: dict[str, Any], value: Any, resolved: Resolved) -> Any:
    """Return one value as it is sent; raise ControlError when it does not fit its option."""
    name, kind = option["name"], option["type"]
    if kind in CHECKS:
        value = CHECKS[kind](name, value)
    elif kind == ATTACHMENT:
        return resolved.attachment(name, value)
    elif kind == USER:
        return resolved.user(str(value))
    elif kind == CHANNEL:
        return resolved.channel(str(value))
    elif kind == ROLE:
        return resolved.role(str(value))
    elif kind == MENTIONABLE:
        return resolved.mentionable(str(value))
    choices = option.get("choices") or []
    if choices and value not in [choice["value"] for choice in choices]:
        allowed = ", ".join(str(choice["value"]) for choice in choices)
        raise ControlError(f"option {name!r} must be one of {allowed}")
    _check_bounds(option, value)
    return value


def _check_bounds(option: dict[str, Any], value: Any) -> None:
    name = option["name"]
    if option["type"] == STRING:
        least, most = option.get("min_length") or 0, option.get("max_length") or STRING_LIMIT
        if not least <= len(value) <= most:
            raise ControlError(f"option {name!r} must have {least} to {most} characters, not {len(value)}")
    elif option["type"] in (INTEGER, NUMBER):
        least, most = option.get("min_value"), option.get("max_value")
        if least is not None and value < least:
            raise ControlError(f"option {name!r} must be at least {least}")
        if most is not None and value > most:
            raise ControlError(f"option {name!r} must be at most {most}")


def _string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ControlError(f"option {name!r} must be a text")
    return value


def _integer(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise ControlError(f"option {name!r} must be a whole number")
    return value


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ControlError(f"option {name!r} must be a number")
    return value


def _boolean(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ControlError(f"option {name!r} must be true or false")
    return value


CHECKS: dict[int, Callable[[str, Any], Any]] = {
    STRING: _string,
    INTEGER: _integer,
    NUMBER: _number,
    BOOLEAN: _boolean,
}

"""Application commands as the bot registers them: what Discord checks.

https://discord.com/developers/docs/interactions/application-commands#application-command-object
"""

import re
from typing import Any

from bot.sandbox.form import Form, Path

CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 6, 7, 8, 9, 10, 11
NESTING = (SUB_COMMAND, SUB_COMMAND_GROUP)
# `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`: \w holds letters and digits; the two scripts bring marks.
NAME = re.compile(r"[-'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
MOST_OPTIONS = 25
TOTAL_CHARACTERS = 8000
MOST_COMMANDS = {CHAT_INPUT: 100, USER_COMMAND: 15, MESSAGE_COMMAND: 15}


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Raise ApiError 50035 for a list of commands that Discord would refuse."""
    form = Form()
    seen: set[tuple[str, str]] = set()
    for index, command in enumerate(commands):
        check_command(form, command, (index,))
        identity = (str(command.get("type") or CHAT_INPUT), str(command.get("name")))
        if identity in seen:
            form.fault(
                (index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
        seen.add(identity)
    form.close()


def check_command(form: Form, command: dict[str, Any], path: Path = ()) -> None:
    """Note what is wrong with one command."""
    kind = form.integer(command, "type", path, default=CHAT_INPUT, choices=range(1, 5))
    if kind == CHAT_INPUT:
        _check_words(form, command, path)
        _check_options(form, command, path, depth=0)
        if not form.faulty and _characters(command) > TOTAL_CHARACTERS:
            form.fault(
                path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({TOTAL_CHARACTERS})"
            )
    else:
        form.text(command, "name", path, most=32, least=1, required=True)
        if command.get("description"):
            form.fault(
                (*path, "description"),
                "APPLICATION_COMMAND_CONTEXT_MENU_HAS_DESCRIPTION",
                "Context menu commands cannot have description",
            )
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdecimal():
        form.fault((*path, "default_member_permissions"), "NUMBER_TYPE_COERCE", "Value is not a bit set.")


def _check_words(form: Form, data: dict[str, Any], path: Path) -> None:
    _check_name(form, form.text(data, "name", path, most=32, least=1, required=True), (*path, "name"))
    form.text(data, "description", path, most=100, least=1, required=True)
    for locale, name in form.mapping(data, "name_localizations", path).items():
        _check_name(form, str(name), (*path, "name_localizations", locale))
    texts = form.mapping(data, "description_localizations", path)
    for locale in texts:
        form.text(texts, locale, (*path, "description_localizations"), most=100, least=1)


def _check_name(form: Form, name: str, path: Path) -> None:
    if name and (not NAME.fullmatch(name) or name != name.lower()):
        form.fault(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(form: Form, data: dict[str, Any], path: Path, *, depth: int) -> None:
    options = form.objects(data, "options", path, most=MOST_OPTIONS)
    names: set[str] = set()
    optional_before = False
    for index, option in enumerate(options):
        spot = (*path, "options", index)
        _check_words(form, option, spot)
        kind = form.integer(option, "type", spot, choices=range(1, 12))
        if str(option.get("name")) in names:
            form.fault(
                spot, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name already exists in this command"
            )
        names.add(str(option.get("name")))
        if kind in NESTING:
            if depth >= (2 if kind == SUB_COMMAND else 1):
                form.fault(
                    (*spot, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands nest too deep"
                )
            _check_options(form, option, spot, depth=depth + 1)
            continue
        if option.get("required") and optional_before:
            form.fault(
                spot,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_before = optional_before or not option.get("required")
        _check_choices(form, option, spot)
    kinds = {option.get("type") in NESTING for option in options}
    if len(kinds) > 1:
        form.fault(
            (*path, "options"),
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to other types",
        )


def _check_choices(form: Form, option: dict[str, Any], path: Path) -> None:
    choices = form.objects(option, "choices", path, most=25)
    if choices and option.get("autocomplete"):
        form.fault(
            path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE", "Autocomplete cannot be used with choices"
        )
    for index, choice in enumerate(choices):
        spot = (*path, "choices", index)
        form.text(choice, "name", spot, most=100, least=1, required=True)
        if option.get("type") == STRING:
            form.text(choice, "value", spot, most=100, required=True)
        elif isinstance(choice.get("value"), str) or choice.get("value") is None:
            form.fault(
                (*spot, "value"), "NUMBER_TYPE_COERCE", f'Value "{choice.get("value")}" is not a number.'
            )


def _characters(data: dict[str, Any]) -> int:
    """Count name, description and choice values; the longest localization counts."""
    total = 0
    for key in ("name", "description"):
        texts = [data.get(key), *(data.get(f"{key}_localizations") or {}).values()]
        total += max(len(str(text or "")) for text in texts)
    value = data.get("value")
    total += len(value) if isinstance(value, str) else 0
    for key in ("options", "choices"):
        children = data.get(key) or []
        if isinstance(children, list):
            total += sum(_characters(child) for child in children if isinstance(child, dict))
    return total

"""A slash command whose options follow what the configured models take."""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

Run = Callable[[discord.Interaction, Mapping[str, Any]], Awaitable[None]]
Suggest = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[Any]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One option of a command: its name, what it takes, the key of its description."""

    name: str
    kind: object
    text: str
    required: bool = False
    shown: bool = True
    suggest: Suggest | None = None

    def parameter(self) -> inspect.Parameter:
        """Return it as the library reads options: a parameter of the callback."""
        default = inspect.Parameter.empty if self.required else None
        return inspect.Parameter(
            self.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=self.kind
        )


def build_command(
    name: str, text: str, fields: list[Field], run: Run
) -> app_commands.Command[Any, ..., None]:
    """Return the command; `run` gets the options by name, None where nothing was given."""

    async def callback(interaction: discord.Interaction, **given: Any) -> None:
        await run(interaction, given)

    # The library reads a command's options off its callback; these are known only at the start.
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_ONLY)
    signature = inspect.Signature([first, *(field.parameter() for field in fields)])
    callback.__signature__ = signature  # type: ignore[attr-defined]  # `inspect.signature` reads it
    described = app_commands.describe(**{field.name: locale_str(field.text) for field in fields})(callback)
    command: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=name, description=locale_str(text), callback=described
    )
    for field in fields:
        if field.suggest is not None:
            command.autocomplete(field.name)(field.suggest)
    return command

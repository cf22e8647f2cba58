"""A statement with `:name` parameters in PostgreSQL's own spelling: `$1`, `$2`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import StorageError
from storage.database import Value

# Texts, quoted names, comments and casts are matched first, so that a colon in them is none of ours.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|::|:(?P<name>[A-Za-z_]\w*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """What PostgreSQL is sent, and which parameters it takes in which order."""

    sql: str
    names: tuple[str, ...]

    @classmethod
    def parse(cls, sql: str) -> "Statement":
        """Number the parameters of the common subset; one that stands twice keeps its number."""
        numbers: dict[str, int] = {}

        def numbered(token: re.Match[str]) -> str:
            name = token["name"]
            return token[0] if name is None else f"${numbers.setdefault(name, len(numbers) + 1)}"

        return cls(_TOKEN.sub(numbered, sql), tuple(numbers))

    def values(self, parameters: Mapping[str, Value]) -> list[Value]:
        """Put the parameters into order; further ones are ignored, as SQLite does.

        Raises:
            StorageError: one is missing.
        """
        try:
            return [parameters[name] for name in self.names]
        except KeyError as exc:
            raise StorageError(f"A statement was refused: it has no value for :{exc.args[0]}.") from exc

"""A table of a TOML file, read with one clear sentence for whatever is wrong in it."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.errors import ConfigError

_T = TypeVar("_T")


def read_toml(path: Path, *, what: str, longest: int) -> str:
    """Return the text of a file that an owner wrote, of at most `longest` characters. Blocks.

    Raises:
        ConfigError: it cannot be read, is no text, or is longer; names `what` and the path.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(longest + 1)
    except (OSError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it is no UTF-8 text"
        raise ConfigError(f"The {what} {path} cannot be read: {why}.") from exc
    if len(text) > longest:
        raise ConfigError(f"The {what} {path} is longer than {longest} characters.")
    return text


@dataclass(frozen=True, slots=True)
class TomlTable:
    """One table: `file` and `path` only name it in sentences."""

    file: str
    path: str
    values: Mapping[str, Any]

    @classmethod
    def parse(cls, text: str, *, file: str) -> "TomlTable":
        """Read a whole file.

        Raises:
            ConfigError: it is no TOML; names the line.
        """
        try:
            return cls(file, "", tomllib.loads(text))
        except (ValueError, RecursionError) as exc:  # a number of thousands of digits is a plain ValueError
            raise ConfigError(f"{file} is no valid TOML: {exc}.") from exc

    def allow(self, *keys: str) -> None:
        """Refuse every key but these.

        Raises:
            ConfigError: there is another; names it and the allowed ones.
        """
        for key in self.values:
            if key not in keys:
                raise self.wrong(key, f"is unknown; allowed here: {', '.join(keys)}")

    def table(self, key: str) -> "TomlTable":
        """Return a table inside; a missing one is empty."""
        return TomlTable(self.file, self._name(key), self._get(key, dict, {}, "a table"))

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without `default` it must be there."""
        return str(self._get(key, str, default, "a text in quotes"))

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None where it is missing."""
        return self.text(key) if key in self.values else None

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """Return one of the allowed texts."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.wrong(key, f"is {value!r}; allowed: {', '.join(allowed)}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        return bool(self._get(key, bool, default, "true or false"))

    def whole(self, key: str, default: int | None = None, *, least: int = 1) -> int:
        """Return a whole number of at least `least`."""
        value = int(self._get(key, int, default, f"a whole number, {least} or more"))
        if value < least:
            raise self.wrong(key, f"is {value}; it must be {least} or more")
        return value

    def seconds(self, key: str, default: float) -> float:
        """Return a positive number of seconds."""
        value = self._get(key, (int, float), default, "a number of seconds")
        if not 0 < value < 1e7:
            raise self.wrong(key, f"is {value}; it must be more than 0 seconds")
        return float(value)

    def listed(self, key: str, kind: type[_T], what: str) -> tuple[_T, ...]:
        """Return a list of at least one value of this kind."""
        values = self._get(key, list, None, f"a list of {what}")
        if not values or not all(type(value) is kind for value in values):
            raise self.wrong(key, f"must be a list of {what}")
        return tuple(values)

    def wrong(self, key: str, problem: str) -> ConfigError:
        """Return the error about a key: the sentence names file, key and problem."""
        return ConfigError(f"{self.file}: {self._name(key)} {problem}.")

    def _get(self, key: str, kind: type[Any] | tuple[type[Any], ...], default: Any, what: str) -> Any:
        value = self.values.get(key, default)
        if value is None:
            raise self.wrong(key, f"is missing; it must be {what}")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(key, f"must be {what}")
        return value

    def _name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

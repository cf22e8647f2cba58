"""Where in a cards file something stands, so that a sentence about it can name the line."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.errors import ConfigError
from bot.providers.toml_table import TomlTable

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\- ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*["']?([\w-]+)["']?\s*[=.]""")

Section = tuple[int, int]
"""Which `[[provider]]`, and which `[[provider.model]]` of it, from 0; -1 before the first."""


class CardLines:
    """The lines of a cards file's keys, found by reading its text: a parsed file does not tell them."""

    def __init__(self, text: str) -> None:
        self._headers: dict[Section, int] = {}
        self._keys: dict[tuple[Section, str], int] = {}
        section: Section = (-1, -1)
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                section = self._enter(section, header[2].replace(" ", ""), number)
            elif key := _KEY.match(line):
                self._keys.setdefault((section, key[1]), number)

    def line(self, provider: int, model: int, key: str) -> int:
        """Return the line of a key, else the line where its table or its provider begins."""
        for section in ((provider, model), (provider, -1)):
            if (found := self._keys.get((section, key))) is not None:
                return found
            if (found := self._headers.get(section)) is not None:
                return found
        return self._keys.get(((-1, -1), key), 1)

    def _enter(self, section: Section, name: str, number: int) -> Section:
        provider, model = section
        if name == "provider":
            section = (provider + 1, -1)
        elif name == "provider.model":
            section = (provider, model + 1)
        else:
            # A table that does not belong there is a key of the one around it.
            owner = (provider, -1) if name.startswith("provider.") else (-1, -1)
            self._keys.setdefault((owner, name.removeprefix("provider.").partition(".")[0]), number)
            return section
        self._headers[section] = number
        return section


@dataclass(frozen=True, slots=True)
class CardTable(TomlTable):
    """A table of a cards file; `path` is what it is called in sentences, `line` finds a key's line."""

    line: Callable[[str], int]

    def wrong(self, key: str, problem: str) -> ConfigError:
        """Return the error about a key: the sentence names file, line, key and problem."""
        owner = f" of {self.path}" if self.path else ""
        return ConfigError(f"{self.file}, line {self.line(key)}: {key}{owner} {problem}.")

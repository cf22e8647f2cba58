"""Where the cards come from: the file, if there is one, then the short settings."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.providers.card import Card, ModelCard
from bot.providers.card_file import parse_cards
from bot.providers.toml_table import read_toml

LONGEST_FILE = 1_000_000
"""No cards file is longer, in characters."""
SHORT_NAME = "default"
"""What the short settings' card is called in jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSource:
    """The cards file, and the card of the short settings. Both methods block: not for the event loop."""

    file: Path | None = None
    short: Card | None = None
    environment: Callable[[], Mapping[str, str]] = dict
    watched: Collection[Path] = ()
    """Other files that the cards depend on, such as `.env`."""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is configured."""
        return self.file is None and self.short is None

    def load(self) -> list[Card]:
        """Read the cards: the file's in their order, then the short one where the file has none of its name.

        Raises:
            ConfigError: the file cannot be read, or something in it is wrong.
        """
        cards = self._read(self.file) if self.file is not None else []
        if self.short is not None and self.short.name not in {card.name for card in cards}:
            cards.append(self.short)
        return cards

    def stamp(self) -> frozenset[tuple[str, int, int]]:
        """Return what changes when the file, a profile beside it or another watched file does."""
        files = {*self.watched}
        if self.file is not None:
            files |= {self.file, *self.file.parent.glob("*.toml")}
        found = set()
        for file in files:
            try:
                status = file.stat()
            except OSError:
                continue  # it is not there: that is a state too
            found.add((str(file), status.st_mtime_ns, status.st_size))
        return frozenset(found)

    def _read(self, file: Path) -> list[Card]:
        text = read_toml(file, what="providers file", longest=LONGEST_FILE)
        return parse_cards(text, file=file.name, folder=file.parent, environment=self.environment())


def model_cards(names: Collection[str]) -> tuple[ModelCard, ...]:
    """Return a card for each name, without doubles; without any, the API chooses."""
    return tuple(ModelCard(name=name) for name in dict.fromkeys(names)) or (ModelCard(),)

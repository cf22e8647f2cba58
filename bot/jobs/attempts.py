"""What one process remembers of fetching one result."""

from dataclasses import dataclass

from bot.domain.errors import BotError


@dataclass(slots=True)
class Attempts:
    """How it went so far; after a restart it is counted anew, which only makes the patience longer.

    `asked` says that the place in the row was tried, `is_here` that every byte came, `in_a_row` how many
    errors of `kind` came without another between them.
    """

    asked: bool = False
    is_here: bool = False
    kind: type[BotError] | None = None
    in_a_row: int = 0

    def failed(self, error: BotError) -> int:
        """Count the error and return how many of its kind came in a row."""
        self.in_a_row = self.in_a_row + 1 if type(error) is self.kind else 1
        self.kind = type(error)
        return self.in_a_row

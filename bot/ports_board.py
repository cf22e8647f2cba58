"""The seams of boards: what keeps them, and what shows them."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.board import Board, BoardId
from bot.domain.job import Job


class BoardStore(Protocol):
    """The boards tables. Every method is one transaction; all raise `DatabaseUnavailable` when it fails.

    A clip follows its job without anybody's help: `JobStore` moves both in one transaction, makes the board
    due, and ends the board with its last clip.
    """

    async def add(self, board: Board) -> Board:
        """Keep a new board; a known id returns the earlier one unchanged. Its `short_id` may change."""

    async def get(self, board_id: BoardId) -> Board | None:
        """Return the board of this id."""

    async def by_short_id(self, short_id: str) -> Board | None:
        """Return the board that members call so."""

    async def change(self, before: Board, after: Board, jobs: Sequence[Job] = ()) -> Board:
        """Write `after` over `before` with the jobs that this takes, all or nothing.

        A job whose id is known already stays as it is. Raises `StaleBoard` where the board has changed since.
        """

    async def due(self, limit: int = 50) -> list[Board]:
        """Return boards that somebody must look at, oldest first; never proposals."""

    async def settle(self, board: Board) -> None:
        """Note that all is done and shown, unless the board has changed meanwhile."""

    async def jobs(self, board_id: BoardId) -> list[Job]:
        """Return every job of the board, earlier attempts included."""

    async def remove(self, board: Board) -> bool:
        """Forget a proposal; say whether it was still one."""


class BoardAnnouncer(Protocol):
    """What members see of a board. Implemented by the Discord side."""

    def board_moved(self, board: Board) -> None:
        """Show the board soon; never waits, never fails, the latest call wins."""

    async def close_board(self, board: Board) -> None:
        """Show the board now, as it ends; return when it is shown or can never be.

        Raises:
            TryLater: Discord does not answer now.
        """

"""The seams of blind comparisons: their table, and the message that shows them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bot.domain.codes import Code
from bot.domain.comparison import Comparison, ComparisonId, Outcomes, Side, Votes
from bot.domain.job import Job, JobId


class ComparisonStore(Protocol):
    """The comparisons tables. Every method is one transaction; all raise `DatabaseUnavailable`."""

    async def add(self, comparison: Comparison) -> Comparison:
        """Keep a new comparison; a known id returns the earlier one unchanged."""

    async def get(self, key: ComparisonId) -> Comparison | None:
        """Return the comparison of this id."""

    async def count_open(self, *, guild_id: int | None, user_id: int) -> int:
        """Count the member's comparisons on the server that have not ended."""

    async def vote(self, key: ComparisonId, side: Side, user_id: int, at: int) -> Comparison | None:
        """Record a choice, the person's last one wins; the one that is enough ends the comparison.

        Exact over all processes. None where it is not open any more, or not yet.
        """

    async def votes(self, key: ComparisonId) -> Votes:
        """Count the choices."""

    async def end(self, key: ComparisonId, at: int) -> bool:
        """End it; False where it has ended already."""

    async def look_at(self, key: ComparisonId, at: int) -> None:
        """Make it due then, and nobody's."""

    async def due(self, now: int, limit: int = 20) -> list[Comparison]:
        """Return those that somebody must look at, the longest due first."""

    async def claim(self, key: ComparisonId, seconds: float, due: int) -> Comparison | None:
        """Take it for so long, by the database's clock.

        None where another process has it, or it is not due at that moment (ms).
        """

    async def hold(self, key: ComparisonId, seconds: float) -> None:
        """Keep what one has claimed."""

    async def free_all(self) -> None:
        """Take back every claim: for the only process that can open the database."""

    async def opened(self, comparison: Comparison) -> None:
        """Note that the videos stand in the message; it is due at its end, or now if it has ended."""

    async def settle(self, comparison: Comparison) -> None:
        """Note that the end is shown, unless it has become due anew meanwhile; it is nobody's then."""

    async def remove(self, key: ComparisonId) -> None:
        """Forget a comparison that cannot be shown."""

    async def withdraw(self, job_id: JobId, at: int) -> bool:
        """End those with this video and have them shown anew; False where there are none."""

    async def recent(self, guild_id: int, limit: int) -> list[Job]:
        """Return delivered videos of the server, newest first."""

    async def relatives(self, job: Job, limit: int) -> list[Job]:
        """Return delivered videos of the same parent or board, the parent, and the children."""

    async def outcomes(self, guild_id: int, since: int) -> Outcomes:
        """Return the votes of ended comparisons that were begun since then (ms)."""


class ComparisonAnnouncer(Protocol):
    """The message of a comparison; all raise `DeliveryError`."""

    async def upload_limit(self, comparison: Comparison) -> int:
        """Return how many bytes the place takes."""

    async def fetch(self, job: Job, target: Path) -> None:
        """Write the posted video of a job into a file; raise `Gone` where it stands nowhere."""

    async def open(self, comparison: Comparison, videos: Mapping[Side, Path]) -> None:
        """Show both videos under their names with the buttons; a repeat changes nothing."""

    async def reveal(self, comparison: Comparison, left: Job, right: Job, votes: Votes) -> None:
        """Show which was which; of a withdrawn one nothing is left but who has won."""

    async def give_up(self, comparison: Comparison, code: Code) -> None:
        """Say why there is nothing to compare."""

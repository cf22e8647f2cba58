"""The seams: what the job machine needs from the outside, as Protocols. `bot.app` joins both sides."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from bot.domain.draft import Draft
from bot.domain.home import Home
from bot.domain.job import Job, JobEvent, JobId, Posted
from bot.domain.progress import Progress
from bot.domain.ratings import Tally
from bot.domain.settings import GuildSettings
from bot.domain.votes import NORMAL
from bot.ports_line import JobLine


class Clock(Protocol):
    """Wall time and waiting, so that tests need neither."""

    def now(self) -> int:
        """Return milliseconds since 1970 UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Wait for the event, but not longer than that."""


class JobStore(JobLine, Protocol):
    """The jobs table. Every method is one transaction; all raise `DatabaseUnavailable` when it fails."""

    async def add(self, job: Job, limits: GuildSettings | None = None) -> Job:
        """Insert the job and return the row as it stands; a known id returns the earlier row unchanged.

        The stored `short_id` may differ from the given one: it is derived anew after a collision. Raises
        QuotaExceeded where as many wait as the limits allow; the count is exact over all processes.
        """

    async def get(self, job_id: JobId) -> Job | None:
        """Return the job of this id."""

    async def by_short_id(self, short_id: str) -> Job | None:
        """Return the job that members call so."""

    async def by_result_message(self, message_id: int) -> Job | None:
        """Return the job whose video stands in this message."""

    async def save(self, before: Job, after: Job, note: str = "") -> Job:
        """Write `after` over `before` and return it.

        The write happens only while the row still has the fence and state of `before`; a change of state is
        checked against the table and recorded in job_events in the same transaction. `cancel_requested` and
        `owner`'s claim fields are never written backwards: the flag in the row wins. Raises StaleJob where
        another process has claimed the job, or its state has moved.
        """

    async def decide(self, before: Job, after: Job, note: str) -> Job:
        """Write a person's decision over `before`, record it, raise the fence; raise StaleJob like `save`."""

    async def request_cancel(self, job_id: JobId) -> Job | None:
        """Set the cancel flag; a QUEUED job becomes CANCELLED at once. Return the row, None if unknown."""

    async def active(self, *, guild_id: int | None, user_id: int | None = None) -> list[Job]:
        """Return jobs that have not ended, of a server (None: direct messages) or of one member in it."""

    async def reopen_status(self, job: Job) -> bool:
        """Have the end of the job shown again, unless it has not ended or its owner in this row shows it.

        Say whether that will be.
        """

    async def close_status(self, job: Job) -> None:
        """Note that the status message shows the end of this row, unless a person has decided meanwhile."""

    async def known_remote_ids(self, provider: str, ids: Collection[str]) -> frozenset[str]:
        """Return those of the ids that belong to jobs already."""

    async def history(self, job_id: JobId) -> list[JobEvent]:
        """Return the job's events, oldest first."""

    async def recently_delivered(
        self, since: int, limit: int = 200, *, before: Job | None = None
    ) -> list[Job]:
        """Return delivered jobs finished since then, newest first; with `before` the page after that job."""


class RatingStore(Protocol):
    """Votes by plain emoji: all that a person holds on a job, of which the one given last counts."""

    async def vote(
        self, job_id: JobId, user_id: int, emoji: str, value: int | None, at: int, *, kind: int = NORMAL
    ) -> None:
        """Keep that the person gave this emoji, which is the vote now.

        Without a value it is worth what it is worth on this video already, or nothing is kept.
        """

    async def retract(self, job_id: JobId, user_id: int, emoji: str, *, kind: int = NORMAL) -> None:
        """Keep that the person took this emoji back; the one given before it is the vote now."""

    async def clear(self, job_id: JobId, emoji: str | None = None) -> None:
        """Forget all votes of the job, or what all hold of one emoji."""

    async def replace(
        self, job_id: JobId, shown: Mapping[int, Mapping[str, int]], values: Mapping[str, int], at: int
    ) -> None:
        """Make the table equal to a message: user id -> emoji -> kinds; `values` is the scale."""

    async def emoji(self, job_id: JobId) -> frozenset[str]:
        """Return the emoji that somebody holds in the table."""

    async def tally(self, job_id: JobId) -> Tally:
        """Count the votes."""


class DraftStore(Protocol):
    """The drafts table; all methods raise `DatabaseUnavailable` when it fails."""

    async def add(self, draft: Draft) -> None:
        """Keep a draft; a known id changes nothing."""

    async def get(self, draft_id: JobId) -> Draft | None:
        """Return the draft of this id."""

    async def change(self, draft: Draft) -> None:
        """Keep other words for a draft; its pictures stay. One that is gone stays so."""

    async def remove(self, draft_id: JobId) -> None:
        """Forget a draft; an unknown one is fine."""


class SettingsStore(Protocol):
    """Settings of servers, and the bot's own notes."""

    async def guild(self, guild_id: int | None) -> GuildSettings:
        """Return the server's settings, or the defaults."""

    async def save_guild(self, settings: GuildSettings) -> None:
        """Keep the server's settings."""

    async def note(self, key: str) -> str | None:
        """Return a note of the bot to itself, such as the hash of the synced commands."""

    async def save_note(self, key: str, value: str) -> None:
        """Keep a note."""


class Announcer(Protocol):
    """What members see of a job. Implemented by the Discord side."""

    def progress(self, job: Job, progress: Progress) -> None:
        """Show the state soon; never waits, never fails, the latest call wins."""

    def forget(self, job_id: JobId) -> None:
        """Show nothing more of a job that another process has now."""

    async def close(self, job: Job) -> None:
        """Show the end in the status message; return when it is shown or can never be.

        Raises:
            TryLater: Discord does not answer now.
        """

    async def upload_limit(self, job: Job) -> int:
        """Return how many bytes a file may have in the job's venue."""

    async def deliver(self, job: Job, file: Path, *, in_doubt: bool) -> Posted:
        """Post the file in the job's venue; a repeat within minutes is the same message.

        `in_doubt`: it may stand there already, and the message says so. Raises any `DeliveryError`.
        """

    async def find_delivery(self, job: Job) -> Posted | None:
        """Look for the job's file in the venue; raise `Forbidden` or `Gone` where nobody can know."""

    async def invite_rating(self, job: Job) -> None:
        """Add the rating emoji to the delivered video, as far as the place allows."""


class PictureFetcher(Protocol):
    """Pictures from addresses that members give."""

    async def fetch(self, url: str, *, limit: int) -> bytes:
        """Download at most `limit` bytes from a public address.

        Raises:
            InvalidRequest: PICTURE_ADDRESS with the `reason`, PICTURE_UNREACHABLE, or PICTURE_TOO_LARGE with
                the `limit` in MB.
        """


class Workspace(Protocol):
    """The files of jobs. Names are the bot's own, never a user's or a provider's text."""

    @property
    def home(self) -> Home:
        """Return the machine whose folder it is."""

    async def check_room(self) -> None:
        """Raise `NoRoom` unless the disk can take another video."""

    async def keep_picture(self, job_id: JobId, data: bytes, kind: str = "picture") -> str:
        """Store a fitted reference picture and return its name: kind is "picture" or "last"."""

    async def bring_picture(self, name: str) -> Path:
        """Return the file of a reference picture, brought here first where another machine took it in."""

    async def keep_given(self, draft_id: JobId, data: bytes, kind: str = "picture") -> str:
        """Store a picture as it was given and return its name: kind is "picture" or "last"."""

    def path(self, name: str) -> Path:
        """Return the file of a stored name."""

    def new_name(self, job: Job, kind: str) -> str:
        """Return the name for a file of the job: kind is "original", "fitted" or "still"."""

    async def adopt(self, part: Path, name: str) -> int:
        """Move a finished download to its name and return its length; `settle` makes it last."""

    async def settle(self, name: str) -> None:
        """Return when a power cut can no longer take the file."""

    def part(self, name: str) -> Path:
        """Return where a download of this name grows."""

    async def discard(self, names: Sequence[str | None]) -> None:
        """Delete files that are no longer needed; missing ones are fine."""

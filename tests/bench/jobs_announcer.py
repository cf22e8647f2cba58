"""The announcer of the benchmark `jobs`: the real board with the real words and buttons, and no Discord."""

from pathlib import Path

from bot.domain.job import Job, JobId, Posted
from bot.domain.progress import Progress
from bot.ports import Clock
from cogs.board import StatusBoard
from cogs.buttons.views import status_view
from cogs.status import status_text
from cogs.texts import load_library

UPLOAD_LIMIT = 10 * 1024 * 1024


class QuietAnnouncer:
    """Implements `Announcer`. `edits` counts what would have been sent for status messages.

    Discord takes 50 requests a second of a bot, however many jobs there are: the cost of speaking to it is
    bounded by that, and measured by the benchmarks `ack` and `deliver`.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._library = load_library()
        self._board = StatusBoard(edit=self._edit, render=self._render, clock=clock)
        self.edits = 0

    def progress(self, job: Job, progress: Progress) -> None:
        """Show the state soon."""
        self._board.show(job, progress)

    def forget(self, job_id: JobId) -> None:
        """Show nothing more of a job that another process has now."""
        self._board.forget(job_id)

    async def close(self, job: Job) -> None:
        """Show the end."""
        await self._board.close(job)

    async def upload_limit(self, _: Job) -> int:
        """Return a small server's limit, bytes."""
        return UPLOAD_LIMIT

    async def deliver(self, job: Job, _file: Path, *, in_doubt: bool) -> Posted:
        """Take the video at once."""
        del in_doubt
        return Posted(channel_id=job.place.channel_id, message_id=int(job.id))

    async def find_delivery(self, _: Job) -> Posted | None:
        """Return nothing: no process of a benchmark dies."""
        return None

    async def invite_rating(self, job: Job) -> None:
        """Leave it: four reactions a video have nothing to do with waiting."""

    async def stop(self) -> None:
        """End all edits."""
        await self._board.stop()

    def _render(self, job: Job, progress: Progress, *, prompt: bool = True) -> str:
        texts = self._library.texts(job.locale)
        return status_text(job, progress, self._clock.now(), texts, prompt=prompt)

    async def _edit(self, job: Job, _text: str) -> None:
        view = status_view(job, self._library.texts(job.locale))
        if view is not None:
            view.to_components()
        self.edits += 1

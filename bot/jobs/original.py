"""The video as its API sent it: where it is, for everybody who may see the job."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.domain.job import Job
from bot.domain.states import JobState
from bot.jobs.actor import Actor, find_job
from bot.jobs.housekeeping import DAY
from bot.ports import JobStore, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Where the original of a job is.

    `file` is its file here, `machine` another one that has it. `posted`: the message shows just this file.
    `until` is when it is dropped at the latest, milliseconds since 1970, None where no day is set.
    """

    job: Job
    file: Path | None = None
    machine: str | None = None
    posted: bool = False
    until: int | None = None


class Originals:
    """Hands out originals. `days` is how long they are kept after the end of their job, 0 for ever."""

    def __init__(self, *, jobs: JobStore, workspace: Workspace, days: float) -> None:
        self._jobs = jobs
        self._workspace = workspace
        self._age = int(days * DAY)

    async def original(self, typed_id: str, actor: Actor) -> Original:
        """Say where the original is; a video that is still being made has none yet.

        Raises:
            JobNotFound: unknown, or of another server.
        """
        job = await find_job(self._jobs, typed_id, actor)
        delivered = job.state is JobState.DELIVERED and job.result is not None
        posted = delivered and job.fitted_file is None and job.still_file is None
        ended = job.state in {JobState.DELIVERED, JobState.FAILED, JobState.CANCELLED}
        if job.result_file is None or not ended:
            return Original(job=job, posted=posted)
        if not self._workspace.home.may_have(job):
            return Original(job=job, posted=posted, machine=job.kept_on)
        path = self._workspace.path(job.result_file)
        if not await asyncio.to_thread(path.is_file):
            return Original(job=job, posted=posted)
        until = job.finished_at + self._age if self._age and job.finished_at is not None else None
        return Original(job=job, file=path, posted=posted, until=until)

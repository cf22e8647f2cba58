"""Which machine has the files of a job, where several machines work on one database."""

from dataclasses import dataclass

from bot.domain.job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """This machine. `shared` says that all machines work in one folder."""

    machine: str = "this-machine"
    shared: bool = True

    @property
    def kept_on(self) -> str | None:
        """Return what the row of a job says whose files are made here."""
        return None if self.shared else self.machine

    def may_have(self, job: Job) -> bool:
        """Say whether the files that the row names can be here; a row that names no machine may mean any."""
        return job.kept_on is None or job.kept_on == self.machine

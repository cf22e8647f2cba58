"""Who asks, and what they may do with a job."""

from dataclasses import dataclass

from bot.domain.errors import JobNotFound
from bot.domain.job import Job, normalise_short_id
from bot.ports import JobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks. `moderator` may act on other members' jobs of the same server.

    `manager` may manage the server, `owner` owns the bot: these decide where money may be spent twice.
    """

    user_id: int
    guild_id: int | None
    moderator: bool = False
    manager: bool = False
    owner: bool = False

    def may_see(self, job: Job) -> bool:
        """Say whether the job is the actor's own or was made on this server."""
        own = job.user_id == self.user_id
        return own or (self.guild_id is not None and job.place.guild_id == self.guild_id)

    def may_act_on(self, job: Job) -> bool:
        """Say whether the actor may stop, retry or delete the job."""
        return job.user_id == self.user_id or (self.moderator and job.place.guild_id == self.guild_id)

    def may_decide(self, job: Job) -> bool:
        """Say whether the actor may spend what this job may cost a second time."""
        return self.owner or (self.manager and job.place.guild_id == self.guild_id)


async def find_job(store: JobStore, typed_id: str, actor: Actor) -> Job:
    """Return a job by the id that members see.

    Raises:
        JobNotFound: unknown, or of another server.
    """
    job = await store.by_short_id(normalise_short_id(typed_id))
    if job is None or not actor.may_see(job):
        raise JobNotFound(id=typed_id.strip()[:20])
    return job

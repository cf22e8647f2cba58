"""What stands under a copy in the best-of channel: credit, stars, and the way to the original."""

from pathlib import Path

from bot.domain.job import Job
from bot.domain.posting import Notice, Posting
from bot.domain.prompt import shorten
from bot.jobs.copies import kept_copy
from bot.ports import JobStore, Workspace
from bot.ports_posting import FavouriteStore
from cogs.postings import DiscordPostings
from cogs.result_message import ALT_TEXT, PROMPT_SHOWN
from cogs.status import as_typed, jump_link
from cogs.texts import Library, Texts


class BestCopies:
    """Writes the copies; a video of an age-restricted channel goes to no channel that is not."""

    def __init__(
        self,
        *,
        discord: DiscordPostings,
        jobs: JobStore,
        favourites: FavouriteStore,
        workspace: Workspace,
        library: Library,
    ) -> None:
        self._discord = discord
        self._jobs = jobs
        self._favourites = favourites
        self._workspace = workspace
        self._library = library

    async def write(self, posting: Posting) -> Notice | None:
        """Return the copy as it is posted, None where the video was deleted or may not be shown there.

        Raises:
            DeliveryError: Discord does not say what kind of channels they are.
        """
        job = await self._jobs.get(posting.job_id) if posting.job_id is not None else None
        if job is None or job.result is None or not await self._may_be_shown(job, posting.channel_id):
            return None
        limit = await self._discord.upload_limit(posting)
        file = await kept_copy(self._workspace, job, limit=limit)
        stars = await self._favourites.stars(job)
        return best_notice(job, stars, file, self._library.texts(job.locale))

    async def _may_be_shown(self, job: Job, channel_id: int) -> bool:
        if await self._discord.is_restricted(channel_id):
            return True
        sources = {job.place.channel_id, job.result.channel_id if job.result is not None else 0}
        for source in sources - {0}:
            if await self._discord.is_restricted(source):
                return False
        return True


def best_notice(job: Job, stars: int, file: Path | None, texts: Texts) -> Notice:
    """Write credit, stars and link, then the prompt."""
    head = texts("best-copy", member=f"<@{job.user_id}>", stars=stars, link=jump_link(job))
    prompt = texts("result-prompt", prompt=as_typed(shorten(job.request.prompt, PROMPT_SHOWN)))
    return Notice(
        text=f" · {head}\n{prompt}",
        plain=f" · {head}",
        file=file,
        file_name=f"{job.short_id}-best.mp4",
        alt_text=shorten(job.request.prompt, ALT_TEXT),
    )

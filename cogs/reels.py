"""What is said of reels: titles, captions, credits, and the sheet of their clips."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import discord

from bot.domain.errors import DeliveryError, MediaError
from bot.domain.job import Job, JobId
from bot.domain.join import Caption, Join, Score
from bot.domain.posting import Notice, Posting
from bot.domain.reel import Period
from bot.jobs.studio import original
from bot.ports import JobStore, Workspace
from bot.ports_media import MediaTools
from cogs.details import linked
from cogs.discord_errors import mapped
from cogs.postings import DiscordPostings
from cogs.result_message import Beside
from cogs.texts import DEFAULT_LOCALE, Library, Texts

log = logging.getLogger(__name__)

LOOKUP_SECONDS = 15.0
NAME_DRAWN = 40
"""Characters of a name that are looked at; what does not fit into the picture is cut there."""
MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
FEWEST_ON_SHEET = 2


class ReelShow:
    """Knows the clips of reels by their jobs: the reel's own row names no member."""

    def __init__(
        self,
        *,
        client: discord.Client,
        library: Library,
        jobs: JobStore,
        media: MediaTools,
        workspace: Workspace,
    ) -> None:
        self._client = client
        self.channels = DiscordPostings(client)
        self._library = library
        self._jobs = jobs
        self._media = media
        self._workspace = workspace

    def title(self, period: Period) -> str:
        """Write the title of a reel that comes by itself."""
        return reel_title(period, self._library.texts(DEFAULT_LOCALE))

    def mark(self, period: Period) -> str:
        """Write how the message begins that opens it."""
        return self._library.texts(DEFAULT_LOCALE)("reel-mark", title=self.title(period))

    def whoami(self) -> int:
        """Return the bot's own id, 0 before it is known."""
        return self._client.user.id if self._client.user is not None else 0

    async def write(self, posting: Posting) -> Notice | None:  # noqa: ARG002 - all reels open alike
        """Return what the opening message says after its mark."""
        text = "\n" + self._library.texts(DEFAULT_LOCALE)("reel-making")
        return Notice(text=text, plain=text)

    async def captions(self, job: Job) -> Sequence[Caption]:
        """Return the captions of a reel's clips: place, whose it is, what the votes say."""
        join, texts = job.request.join, self._library.texts(job.locale)
        if join is None:
            return ()
        names = [await self._name(source, job, texts) for source in await self._sources(join)]
        return [
            Caption(place=place, name=name, facts=texts("reel-facts", **_facts(score)))
            for place, (name, score) in enumerate(zip(names, join.scores, strict=True), 1)
        ]

    async def beside(self, job: Job) -> Beside | None:
        """Return what is posted with the video of this job, None where it is no reel."""
        join, texts = job.request.join, self._library.texts(job.locale)
        if join is None or not join.scores:
            return None
        sources = await self._sources(join)
        lines = [
            credit(place, source, score, texts)
            for place, (source, score) in enumerate(zip(sources, join.scores, strict=True), 1)
        ]
        missing = [await self._jobs.get(JobId(left_out)) for left_out in join.left_out]
        named = [linked(found) for found in missing if found is not None]
        if named:
            lines.append(texts("reel-left-out", ids=", ".join(named)))
        return Beside(lines=tuple(lines), sheet=await self._sheet(job, sources))

    async def _sources(self, join: Join) -> list[Job | None]:
        return [await self._jobs.get(JobId(source)) for source in join.sources]

    async def _sheet(self, reel: Job, sources: Sequence[Job | None]) -> bytes | None:
        """Return a JPEG with a numbered frame of each clip; a reel goes out without it where that fails."""
        places = enumerate(sources, 1)
        found = [(place, await self._file(source)) for place, source in places if source is not None]
        kept = {place: path for place, path in found if path is not None}
        if len(kept) < FEWEST_ON_SHEET:
            return None
        try:
            return await self._media.contact_sheet(list(kept.values()), numbers=list(kept))
        except (MediaError, OSError) as error:
            log.warning("reel %s: no sheet of its clips: %s", reel.short_id, error)
            return None

    async def _file(self, job: Job) -> Path | None:
        path = original(job, self._workspace)
        return path if path is not None and await asyncio.to_thread(path.is_file) else None

    async def _name(self, source: Job | None, reel: Job, texts: Texts) -> str:
        """Return what the member is called on the server, or by everybody once they have left it."""
        if source is None:
            return texts("reel-somebody")
        try:
            with mapped():
                async with asyncio.timeout(LOOKUP_SECONDS):
                    return (await self._member(source.user_id, reel.place.guild_id)).display_name[:NAME_DRAWN]
        except DeliveryError as error:
            log.info("reel %s: a member's name is not known: %s", reel.short_id, error)
            return texts("reel-somebody")

    async def _member(self, user_id: int, guild_id: int | None) -> discord.Member | discord.User:
        if guild_id is not None:
            guild = await self._client.fetch_guild(guild_id, with_counts=False)
            try:
                return await guild.fetch_member(user_id)
            except discord.NotFound:
                log.debug("member %s has left server %s", user_id, guild_id)
        return await self._client.fetch_user(user_id)


def reel_title(period: Period, texts: Texts) -> str:
    """Write what the reel is the best of."""
    return texts("reel-title", every=period.every.value, days=_days(period, texts))


def credit(place: int, source: Job | None, score: Score, texts: Texts) -> str:
    """Write one place of a reel: which video, whose it is, what the votes say. Nobody is called by it."""
    mark = MEDALS.get(place, f"**{place}.**")
    if source is None:
        return texts("reel-line-gone", mark=mark, **_facts(score))
    return texts("reel-line", mark=mark, name=linked(source), member=f"<@{source.user_id}>", **_facts(score))


def _facts(score: Score) -> dict[str, str | int]:
    return {"approval": str(round(score.approval * 100)), "votes": score.votes}


def _days(period: Period, texts: Texts) -> str:
    """Write the days: a whole month by its name, else from when to when."""
    first, last = period.first, period.last
    same_month = (first.year, first.month) == (last.year, last.month)
    if same_month and first.day == 1 and (last + timedelta(days=1)).day == 1:
        return texts("reel-month", month=first.month, year=str(first.year))
    if same_month:
        return texts("reel-days", first=str(first.day), last=str(last.day), month=last.month)
    return texts(
        "reel-days-over",
        first=str(first.day),
        first_month=texts("month-short", month=first.month),
        last=str(last.day),
        last_month=texts("month-short", month=last.month),
    )

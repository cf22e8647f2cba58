"""Which video was made from which: remixing one, and finding its family."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bot.domain.board import Board, BoardId
from bot.domain.capabilities import Capabilities, Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, MediaError, StorageError
from bot.domain.job import Job, JobId, Place
from bot.domain.lineage import FamilyMember
from bot.domain.origin import Origin, Relation
from bot.domain.suggestions import NONE, Hint, hint
from bot.domain.video import SourceUse
from bot.jobs.actor import Actor, find_job
from bot.jobs.models import Options, address
from bot.jobs.native import native_source
from bot.jobs.service import VideoService, seed_of
from bot.jobs.suggestions import Suggestions
from bot.ports import JobStore, Workspace
from bot.ports_board import BoardStore
from bot.ports_media import MediaTools

MEMBERS = 40
"""So many of a family are named and drawn."""
FOREBEARS = 30
"""Of so many generations above the video that was asked for, so that there is room for what came of it."""
LOOKED_AT = 1000
STILLS = 16
STILLS_SECONDS = 20.0
"""Thumbnails share the encoder with videos that are being delivered: few, and not for long."""
STILL_BYTES = 256 << 10
RECENT = 100
COUNT_SECONDS = 3.0
"""For the votes, where they have to be counted first: the details come without them rather than late."""


class FamilyStore(Protocol):
    """The jobs table, asked who was made from whom; raises `DatabaseUnavailable`."""

    async def ancestors(self, job: Job) -> list[Job]:
        """Return the parent, its parent and so on, nearest first."""

    async def descendants(self, job_id: JobId, *, limit: int) -> list[Job]:
        """Return what was made from the video and from those, in the order of their making."""

    async def has_children(self, job_id: JobId) -> bool:
        """Say whether anything was made from the video."""

    async def recent_of_member(self, user_id: int, *, limit: int) -> list[Job]:
        """Return the member's delivered videos, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family as one member may see it: parents before their children. `more` are not in `members`."""

    asked: Job
    members: tuple[Job, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A video with what stands around its row.

    `service` is the label of the video API as it is now, None where it says nothing: there is one without.
    `hint` says how members of the server where it is asked voted on such videos.
    """

    job: Job
    parent: Job | None
    board: Board | None
    service: str | None
    model: Capabilities | None
    has_family: bool
    hint: Hint | None = None


class Lineage:
    """The use cases around parents and children."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        family: FamilyStore,
        boards: BoardStore,
        videos: VideoService,
        media: MediaTools,
        workspace: Workspace,
        suggestions: Suggestions | None = None,
    ) -> None:
        self._jobs = jobs
        self._family = family
        self._boards = boards
        self._videos = videos
        self._media = media
        self._workspace = workspace
        self._suggestions = suggestions
        self._drawing = asyncio.Semaphore(1)

    async def find(self, typed_id: str, actor: Actor) -> Job:
        """Return a job by the id that members see.

        Raises:
            JobNotFound: unknown, or of another server.
        """
        return await find_job(self._jobs, typed_id, actor)

    async def remix(
        self, typed_id: str, prompt: str, actor: Actor, *, key: JobId, place: Place, locale: str
    ) -> Job:
        """Accept the same with other words, as the actor's own job; pictures go along, the seed is a new one.

        Where the API changes its own video it is asked for that: picture and seed are as they were there.

        Raises:
            JobNotFound: unknown, or of another server.
            UserError: refused as `submit` refuses; also when a picture is no longer kept.
        """
        job = await self.find(typed_id, actor)
        options = Options.of(job.provider, job.request)
        _, model = self._videos.models.choose(options.model)
        seeded = model.known(Option.SEED).support is Support.YES
        # The words are the member's own now: what they were before an enhancer or a style is another text.
        options = replace(
            options, prompt=prompt, seed=seed_of(key) if seeded else None, style=None, typed=None
        )
        picture, last_picture = job.request.picture, job.request.last_picture
        native = await native_source(self._videos.models, self._family, job, SourceUse.REMIX)
        if native is not None:
            options, picture, last_picture = replace(options, source=native, seed=None), None, None
        elif options.source is not None and options.source.use is SourceUse.REMIX:
            options = replace(options, source=None)
        return await self._videos.submit(
            options,
            origin=Origin(parent=job.id, relation=Relation.REMIX),
            key=key,
            user_id=actor.user_id,
            place=place,
            locale=locale,
            picture=await self._kept_picture(picture),
            last_picture=await self._kept_picture(last_picture),
        )

    async def recent(self, actor: Actor) -> list[Job]:
        """Return the actor's own delivered videos, newest first."""
        return await self._family.recent_of_member(actor.user_id, limit=RECENT)

    async def details(self, typed_id: str, actor: Actor) -> Details:
        """Return a video with its parent, as far as the actor may see that.

        Raises:
            JobNotFound: unknown, or of another server.
        """
        job = await self.find(typed_id, actor)
        parent = None if job.origin.parent is None else await self._jobs.get(JobId(job.origin.parent))
        if parent is not None and not actor.may_see(parent):
            parent = None
        board = None if job.origin.board is None else await self._boards.get(BoardId(job.origin.board))
        model, known = address(job.provider, job.request.model), NONE
        if self._suggestions is not None:
            known = await self._suggestions.standings(actor.guild_id, patience=COUNT_SECONDS)
        return Details(
            job=job,
            parent=parent,
            board=board,
            service=self._service(job),
            model=self._videos.models.find(model),
            has_family=parent is not None or await self._family.has_children(job.id),
            hint=hint(job.request, model, known),
        )

    def _service(self, job: Job) -> str | None:
        labels = {provider.name: provider.label for provider in self._videos.models.all()}
        label = labels.get(job.provider, job.provider)
        return None if list(labels) == [label] else label

    async def family(self, typed_id: str, actor: Actor) -> Family:
        """Return the family of a video from its first one on.

        Raises:
            JobNotFound: unknown, or of another server.
        """
        job = await self.find(typed_id, actor)
        line = [job]
        for ancestor in await self._family.ancestors(job):
            if not actor.may_see(ancestor):
                break
            line.append(ancestor)
        first = line[-1]
        others = await self._family.descendants(first.id, limit=LOOKED_AT)
        return choose_members(job, line, [other for other in others if actor.may_see(other)])

    async def draw(self, family: Family, describe: Callable[[Job], FamilyMember]) -> bytes:
        """Draw the family with thumbnails of what is kept here; `describe` gives the words.

        Returns:
            A JPEG.

        Raises:
            MediaError, StorageError, OSError: no picture could be made.
        """
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="reelbot-family-"))
        try:
            stills = await self._stills(family.members, folder)
            members = [replace(describe(job), thumbnail=stills.get(job.id)) for job in family.members]
            return await self._media.family_picture(members)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _stills(self, jobs: Iterable[Job], folder: Path) -> dict[JobId, Path]:
        """Take a still of each video that is here, as far as count and time allow."""
        stills: dict[JobId, Path] = {}
        try:
            async with asyncio.timeout(STILLS_SECONDS), self._drawing:
                for job in jobs:
                    if job.result_file is None or not self._workspace.home.may_have(job):
                        continue
                    if len(stills) == STILLS:
                        break
                    still = folder / f"{job.short_id}.jpg"
                    try:
                        source = self._workspace.path(job.result_file)
                        await self._media.take_still(source, still, limit=STILL_BYTES)
                    except (MediaError, StorageError):
                        continue
                    stills[job.id] = still
        except TimeoutError:
            pass  # the others are drawn without one
        return stills

    async def _kept_picture(self, name: str | None) -> bytes | None:
        if name is None:
            return None
        try:
            path = await self._workspace.bring_picture(name)
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise InvalidRequest(str(error), code=Code.PICTURE_GONE) from error


def may_be_reworded(job: Job) -> bool:
    """Say whether there are words that a member could change: a join has none, a found video none we know."""
    return job.request.join is None and bool(job.request.prompt)


def choose_members(asked: Job, line: Sequence[Job], descendants: Sequence[Job]) -> Family:
    """Choose whom of a family to name: the way to the video that was asked for, then the others by age.

    `line` is that video and its ancestors, nearest first; `descendants` are all that came of the last of
    them, oldest first. Nobody is named whose parent is not, but for the first.
    """
    chosen = {job.id: job for job in reversed(line[: FOREBEARS + 1])}
    for job in descendants:
        if len(chosen) < MEMBERS and job.origin.parent in chosen:
            chosen.setdefault(job.id, job)
    everybody = {job.id for job in (*line, *descendants)}
    first, *others = chosen.values()
    others.sort(key=lambda job: (job.created_at, job.id))
    return Family(asked=asked, members=(first, *others), more=len(everybody) - len(chosen))

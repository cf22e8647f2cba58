"""Looking through finished videos, one's own or a server's: pages, and a picture of each."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, MediaError, StorageError
from bot.domain.gallery import GALLERY_KEPT, PAGE, Entry, Gallery, Page, Wish
from bot.domain.job import Job
from bot.jobs.actor import Actor
from bot.ports import Clock, JobStore, Workspace
from bot.ports_media import MediaTools

log = logging.getLogger(__name__)

AT_ONCE = 50
LOOKED_AT = 2000
"""Of so many videos a page is made at the most, where a member may not see what lies between."""
FEWEST = 2
"""Fewer videos make no sheet."""
SHEETS_KEPT = 12
SHEET_SECONDS = 30.0
"""Sheets share the processor with videos that are being delivered."""


class GalleryStore(Protocol):
    """The jobs table in pages, and the galleries table; all raise `DatabaseUnavailable`."""

    async def look(self, gallery: Gallery, *, after: Job | None, limit: int) -> list[Entry]:
        """Return delivered videos that fit, newest first, from the one after this on."""

    async def add(self, gallery: Gallery) -> None:
        """Keep a list; a known id changes nothing."""

    async def get(self, gallery_id: str) -> Gallery | None:
        """Return the list of this id."""

    async def found(self, gallery: Gallery) -> None:
        """Keep where the pages begin that have been found."""

    async def drop(self, before: int) -> None:
        """Forget lists of before that moment (ms)."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What whoever looks may see from where they are."""

    lists: Callable[[Job], bool]
    pictures: Callable[[Job], bool]


class Galleries:
    """The use cases of lists."""

    def __init__(
        self,
        *,
        store: GalleryStore,
        jobs: JobStore,
        media: MediaTools,
        workspace: Workspace,
        clock: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._media = media
        self._workspace = workspace
        self._clock = clock
        self._drawing = asyncio.Semaphore(1)
        self._sheets: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    async def open(self, key: str, actor: Actor, wish: Wish, sight: Sight, *, of_server: bool) -> Page:
        """Begin a list and return its first page; `key` is the interaction's id."""
        now = self._clock.now()
        await self._store.drop(now - GALLERY_KEPT)
        guild_id = actor.guild_id if of_server else None
        gallery = Gallery(id=key, user_id=actor.user_id, guild_id=guild_id, wish=wish, created_at=now)
        page = await self._page(gallery, 0, sight)
        await self._store.add(page.gallery)
        return page

    async def find(self, gallery_id: str, actor: Actor) -> Gallery:
        """Return a list that the actor has begun.

        Raises:
            InvalidRequest: it is too old, or was never the actor's.
        """
        gallery = await self._store.get(gallery_id)
        if gallery is None or gallery.user_id != actor.user_id:
            raise InvalidRequest(code=Code.GALLERY_GONE)
        return gallery

    async def turn(self, gallery: Gallery, number: int, sight: Sight) -> Page:
        """Return a page of a list."""
        page = await self._page(gallery, gallery.nearest(number), sight)
        await self._store.found(page.gallery)
        return page

    async def _page(self, gallery: Gallery, number: int, sight: Sight) -> Page:
        short_id = gallery.begins_after(number)
        after = None if short_id is None else await self._jobs.by_short_id(short_id)
        entries: list[Entry] = []
        for _ in range(LOOKED_AT // AT_ONCE):
            looked = await self._store.look(gallery, after=after, limit=AT_ONCE)
            for entry in looked:
                if sight.lists(entry.job) and gallery.wish.fits(entry.job):
                    if len(entries) == PAGE:
                        return _turned(gallery, number, entries, entries[-1].job)
                    entries.append(entry)
            if len(looked) < AT_ONCE:
                return _turned(gallery, number, entries, None)
            after = looked[-1].job
        return _turned(gallery, number, entries, after)

    async def sheet(self, page: Page, sight: Sight) -> bytes | None:
        """Return a JPEG of what is kept here, numbered as the page is; None where there is nothing.

        Made once for the same videos, one at a time, and not for long.
        """
        jobs = [entry.job if sight.pictures(entry.job) else None for entry in page.entries]
        files = await asyncio.to_thread(self._files, jobs)
        if len(files) < FEWEST or not any(files):
            return None
        key = tuple("" if path is None else path.name for path in files)
        try:
            async with asyncio.timeout(SHEET_SECONDS), self._drawing:
                if key not in self._sheets:
                    self._sheets[key] = await self._media.contact_sheet(files)
        except (MediaError, StorageError, OSError, TimeoutError) as error:
            log.warning("no contact sheet of a page: %s", error or type(error).__name__)
            return None
        sheet = self._sheets[key]
        self._sheets.move_to_end(key)
        while len(self._sheets) > SHEETS_KEPT:
            self._sheets.popitem(last=False)
        return sheet

    def _files(self, jobs: Sequence[Job | None]) -> list[Path | None]:
        """Return the originals of a page, None for those that are not here."""
        return [None if job is None else self._file(job) for job in jobs]

    def _file(self, job: Job) -> Path | None:
        if job.result_file is None or not self._workspace.home.may_have(job):
            return None
        path = self._workspace.path(job.result_file)
        return path if path.is_file() else None


def _turned(gallery: Gallery, number: int, entries: Sequence[Entry], last: Job | None) -> Page:
    gallery = gallery.going_on(number, None if last is None else last.short_id)
    return Page(gallery=gallery, number=number, entries=tuple(entries), more=last is not None)

"""What is kept about one person: a copy of it for them, and its deletion."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.job import Job
from bot.domain.mydata import EXPORT_EVERY, Holdings, Plain, Removal, job_written_out
from bot.jobs.parcel import Parcel
from bot.ports import Clock, Workspace

log = logging.getLogger(__name__)

AT_ONCE = 200
DOCUMENT = 2_000_000
"""Characters of one JSON file; packed it fits into the smallest upload."""
PARTS = 20
EXPORT_SECONDS = 720.0
"""Answers can be sent for 15 minutes (reference: discord, interactions); the last upload takes some."""


class PersonalStore(Protocol):
    """Every table that knows persons; all raise `DatabaseUnavailable`."""

    async def holdings(self, user_id: int) -> Holdings:
        """Count what there is of a person."""

    async def jobs(self, user_id: int, *, after: Job | None, limit: int) -> list[Job]:
        """Return jobs of the person, oldest first, from the one after this on."""

    async def records(self, user_id: int) -> Mapping[str, list[Mapping[str, Plain]]]:
        """Return everything but the jobs, by kind."""

    async def begin_export(self, user_id: int, file: str, *, now: int, before: int) -> int | None:
        """Note that a copy is made in this file, unless there was one after `before` (ms): return when."""

    async def undo_export(self, user_id: int, file: str) -> None:
        """Forget a copy that has failed, so that another one can be asked for at once."""

    async def forget(self, user_id: int, *, now: int, messages: bool) -> None:
        """Take the person out of every row, all or nothing, and note what else has to go."""

    async def removals(self, *, messages: bool, after: str = "", limit: int = 100) -> list[Removal]:
        """Return what deletions have left to do: messages, or else everything but them, by id."""

    async def removed(self, removal: Removal) -> None:
        """Note that it is done."""

    async def overwrite(self) -> None:
        """Have the bytes of deleted rows overwritten, where the database is a file of ours."""


@dataclass(slots=True, kw_only=True)
class Copy:
    """A copy of a person's data that is being made. `left_out` are the links of videos that are not in it."""

    user_id: int
    file: Path
    limit: int
    until: int
    parts: int = 0
    left_out: list[str] = field(default_factory=list)


class MyData:
    """The use cases of `/mydata`. `link` writes the address of a job's message."""

    def __init__(
        self,
        *,
        store: PersonalStore,
        workspace: Workspace,
        clock: Clock,
        link: Callable[[Job], str],
    ) -> None:
        self._store = store
        self._workspace = workspace
        self._clock = clock
        self._link = link

    async def holdings(self, user_id: int) -> Holdings:
        """Count what there is of a person."""
        return await self._store.holdings(user_id)

    @asynccontextmanager
    async def copying(self, user_id: int, *, key: str, limit: int) -> AsyncIterator[Copy]:
        """Make room for a copy in ZIP files of at most `limit` bytes; one that fails does not count.

        Raises:
            InvalidRequest: EXPORT_TOO_SOON with when the next one can be had, seconds since 1970.
            NoRoom, StorageError: the disk or the database failed.
        """
        await self._workspace.check_room()
        now = self._clock.now()
        # A picture's name, so that the sweep of the data folder takes what a killed process leaves behind.
        name = f"pictures/{key}.given"
        last = await self._store.begin_export(user_id, name, now=now, before=now - EXPORT_EVERY)
        if last is not None:
            raise InvalidRequest(code=Code.EXPORT_TOO_SOON, when=f"<t:{(last + EXPORT_EVERY) // 1000 + 1}:R>")
        try:
            yield Copy(
                user_id=user_id,
                file=self._workspace.part(name),
                limit=limit,
                until=now + int(EXPORT_SECONDS * 1000),
            )
        except BaseException:
            await self._store.undo_export(user_id, name)
            raise
        finally:
            await self._workspace.discard([name])

    async def parts(self, copy: Copy) -> AsyncGenerator[Path, None]:
        """Write one ZIP after the other, each in the place of the one before."""
        parcel: Parcel | None = None
        try:
            async for put in self._pieces(copy):
                if parcel is not None and await asyncio.to_thread(put, parcel):
                    continue
                if parcel is not None and parcel.pieces:
                    await asyncio.to_thread(parcel.close)
                    parcel = None
                    copy.parts += 1
                    yield copy.file
                if parcel is None:
                    parcel = await asyncio.to_thread(Parcel, copy.file, copy.limit)
                if not await asyncio.to_thread(put, parcel):
                    log.info("a piece does not fit into %d bytes", copy.limit)
            if parcel is not None and parcel.pieces:
                await asyncio.to_thread(parcel.close)
                parcel = None
                copy.parts += 1
                yield copy.file
        finally:
            if parcel is not None:
                await asyncio.to_thread(parcel.close)

    async def _pieces(self, copy: Copy) -> AsyncIterator[Callable[[Parcel], bool]]:
        """Give what is to be put into the copy: texts, then pictures and videos, then what is not in it."""
        jobs: list[Job] = []
        number = 0
        async for document in self._documents(copy.user_id, jobs):
            number += 1
            yield _text("data.json" if number == 1 else f"data-{number}.json", document)
        for job in jobs:
            for picture in (job.request.picture, job.request.last_picture):
                path = None if picture is None else await self._here(job, picture)
                if path is not None:
                    yield _file(f"pictures/{path.name}", path)
        for job in jobs:
            video = None if job.result_file is None else await self._here(job, job.result_file)
            if video is not None and await self._has_room(copy, video):
                yield _file(f"videos/{job.short_id}.mp4", video)
            elif job.result is not None:
                copy.left_out.append(self._link(job))
        if copy.left_out:
            yield _text("links.txt", "\n".join(copy.left_out) + "\n")

    async def _documents(self, user_id: int, jobs: list[Job]) -> AsyncIterator[str]:
        """Write the data as JSON files of bounded size, and remember the jobs, without their words."""
        records = await self._store.records(user_id)
        kinds: dict[str, list[str]] = {kind: [] for kind in ("jobs", *records)}
        size = 0
        async for kind, item in _all_of(records, self._jobs(user_id, jobs)):
            if size and size + len(item) > DOCUMENT:
                yield _document(user_id, kinds)
                kinds, size = {}, 0
            kinds.setdefault(kind, []).append(item)
            size += len(item)
        yield _document(user_id, kinds)

    async def _jobs(self, user_id: int, jobs: list[Job]) -> AsyncIterator[str]:
        after: Job | None = None
        while page := await self._store.jobs(user_id, after=after, limit=AT_ONCE):
            jobs += [replace(job, request=replace(job.request, prompt="", typed=None)) for job in page]
            after = page[-1]
            for job in page:
                yield json.dumps(job_written_out(job, self._link(job)), ensure_ascii=False)

    async def _here(self, job: Job, name: str) -> Path | None:
        if name == job.result_file and not self._workspace.home.may_have(job):
            return None
        path = self._workspace.path(name)
        return path if await asyncio.to_thread(path.is_file) else None

    async def _has_room(self, copy: Copy, video: Path) -> bool:
        """Say whether the video can be sent, with some room for what stands around it in its ZIP."""
        if copy.parts >= PARTS or self._clock.now() > copy.until:
            return False
        return (await asyncio.to_thread(video.stat)).st_size + 4096 <= copy.limit

    async def forget(self, user_id: int, *, messages: bool) -> None:
        """Delete everything about a person but what accounting needs without them; with or without messages.

        When this returns, rows, files and bytes are gone; messages are left to `take_back`.

        Raises:
            InvalidRequest: STILL_UNDER_WAY: jobs of theirs have not ended.
            StorageError: the database or the disk failed; once the rows are gone, the rest follows later.
        """
        await self._store.forget(user_id, now=self._clock.now(), messages=messages)
        await self.clear()

    async def clear(self) -> None:
        """Do what deletions have left: delete files, then overwrite bytes. A repeat does the rest.

        Raises:
            NoRoom, StorageError: the disk or the database failed.
        """
        while removals := await self._store.removals(messages=False):
            for removal in removals:
                if removal.file is None:
                    await self._store.overwrite()
                else:
                    await self._workspace.discard([removal.file])
                await self._store.removed(removal)

    async def take_back(self, delete: Callable[[int, int], Awaitable[bool]]) -> int:
        """Delete the messages that deletions have left, by channel and id; return how many are left.

        `delete` says whether the message is gone or out of reach for good.
        """
        left, after = 0, ""
        while removals := await self._store.removals(messages=True, after=after):
            for removal in removals:
                after = removal.id
                if removal.channel_id is None or removal.message_id is None:
                    continue
                if await delete(removal.channel_id, removal.message_id):
                    await self._store.removed(removal)
                else:
                    left += 1
        return left


async def _all_of(
    records: Mapping[str, Iterable[Mapping[str, Plain]]], jobs: AsyncIterator[str]
) -> AsyncIterator[tuple[str, str]]:
    for kind, rows in records.items():
        for row in rows:
            yield kind, json.dumps(row, ensure_ascii=False)
    async for job in jobs:
        yield "jobs", job


def _document(user_id: int, kinds: Mapping[str, list[str]]) -> str:
    parts = [f'"user": "{user_id}"']
    parts += [f'"{kind}": [\n' + ",\n".join(items) + "\n]" for kind, items in kinds.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _text(name: str, text: str) -> Callable[[Parcel], bool]:
    return lambda parcel: parcel.put_text(name, text)


def _file(name: str, file: Path) -> Callable[[Parcel], bool]:
    return lambda parcel: parcel.put_file(name, file)

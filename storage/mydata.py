"""What is kept about one person: implements `bot.jobs.mydata.PersonalStore` over any `Database`."""

import json
import logging
from collections.abc import Mapping

from bot.domain.codes import Code
from bot.domain.errors import DatabaseUnavailable, InvalidRequest
from bot.domain.job import Job
from bot.domain.mydata import NOBODY, Holdings, Plain, Removal
from storage.database import Database, Row, Value
from storage.queries import load_queries
from storage.rows import job_from_row

log = logging.getLogger(__name__)

RECORDS = (
    *("votes", "favourites", "evaluations", "evaluation_scores", "comparisons", "comparison_votes"),
    *("boards", "board_clips", "drafts", "lists"),
)
"""The kinds of records beside jobs, as a copy of a person's data calls them."""
_WRITTEN_OUT = frozenset({"plan", "request"})
"""Columns that hold JSON."""
_TAKEN = (
    *("forget_postings", "forget_carried_pictures", "forget_votes", "forget_favourites", "forget_scores"),
    *("forget_evaluations", "forget_comparison_votes", "forget_comparisons", "forget_compared_videos"),
    *("forget_clips", "forget_boards", "forget_drafts", "forget_lists", "forget_export", "forget_notes"),
    *("forget_name", "forget_jobs"),
)
"""In this order: jobs last, because they say which rows of other tables are the person's."""
# What SQLite has deleted stays in the file and its log until it is written over.
_OVERWRITE = "PRAGMA secure_delete = ON"
_REWRITE = ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")


class SqlPersonalStore:
    """Every table that knows persons."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("mydata")

    async def holdings(self, user_id: int) -> Holdings:
        """Count what there is of a person."""
        [counts] = await self._database.fetch_all(self._sql["holdings"], user_id=user_id)
        under_way = await self._database.fetch_all(self._sql["under_way"], user_id=user_id)
        return Holdings(**counts, under_way=tuple(row["short_id"] for row in under_way))

    async def jobs(self, user_id: int, *, after: Job | None, limit: int) -> list[Job]:
        """Return jobs of the person, oldest first, from the one after this on."""
        rows = await self._database.fetch_all(
            self._sql["jobs"],
            user_id=user_id,
            at=-1 if after is None else after.created_at,
            id="" if after is None else after.id,
            limit=limit,
        )
        return [job_from_row(row) for row in rows]

    async def records(self, user_id: int) -> Mapping[str, list[Mapping[str, Plain]]]:
        """Return everything but the jobs, by kind."""
        return {
            kind: [
                _written_out(row) for row in await self._database.fetch_all(self._sql[kind], user_id=user_id)
            ]
            for kind in RECORDS
        }

    async def begin_export(self, user_id: int, file: str, *, now: int, before: int) -> int | None:
        """Note that a copy is made in this file, unless there was one after `before` (ms): return when."""
        values: dict[str, Value] = {"user_id": user_id, "file": file, "now": now, "before": before}
        if await self._database.fetch_all(self._sql["begin_export"], **values):
            return None
        rows = await self._database.fetch_all(self._sql["last_export"], user_id=user_id)
        last: int = rows[0]["at"] if rows else now
        return last

    async def undo_export(self, user_id: int, file: str) -> None:
        """Forget a copy that has failed, so that another one can be asked for at once."""
        await self._database.execute(self._sql["undo_export"], user_id=user_id, file=file)

    async def forget(self, user_id: int, *, now: int, messages: bool) -> None:
        """Take the person out of every row, all or nothing, and note what else has to go.

        Raises:
            InvalidRequest: STILL_UNDER_WAY, with how many of their jobs have not ended.
        """
        if not self._database.shared:
            await self._database.execute(_OVERWRITE)
        async with self._database.transaction(exclusive=True) as transaction:
            under_way = await transaction.fetch_all(self._sql["under_way"], user_id=user_id)
            if under_way:
                raise InvalidRequest(
                    code=Code.STILL_UNDER_WAY, count=len(under_way), id=under_way[0]["short_id"]
                )
            values: dict[str, Value] = {
                "user_id": user_id,
                "now": now,
                "nobody": NOBODY,
                "name": str(user_id),
            }
            await transaction.execute(self._sql["leave_rows"], **values)
            await transaction.execute(self._sql["leave_files"], **values)
            if messages:
                await transaction.execute(self._sql["leave_messages"], **values)
            for name in _TAKEN:
                await transaction.execute(self._sql[name], **values)

    async def removals(self, *, messages: bool, after: str = "", limit: int = 100) -> list[Removal]:
        """Return what deletions have left to do: messages, or else everything but them, by id."""
        rows = await self._database.fetch_all(
            self._sql["removals"], messages=int(messages), id=after, limit=limit
        )
        return [Removal(**row) for row in rows]

    async def removed(self, removal: Removal) -> None:
        """Note that it is done."""
        await self._database.execute(self._sql["removed"], id=removal.id)

    async def overwrite(self) -> None:
        """Have the bytes of deleted rows overwritten, where the database is a file of ours.

        A file too large for that keeps what was deleted before rows were overwritten at once.
        """
        if self._database.shared:
            return
        for statement in _REWRITE:
            try:
                await self._database.execute(statement)
            except DatabaseUnavailable as error:
                log.warning("the bytes of deleted rows may still stand in the database file: %s", error)


def _written_out(row: Row) -> Mapping[str, Plain]:
    return {
        name: json.loads(value) if name in _WRITTEN_OUT and value is not None else value
        for name, value in row.items()
    }

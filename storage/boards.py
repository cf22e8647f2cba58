"""The boards tables: implements `bot.ports_board.BoardStore` over any `Database`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from bot.domain.board import JOINED, Board, BoardId, BoardKind, BoardState, Clip, ClipPlan, ClipState
from bot.domain.codes import Code
from bot.domain.errors import StaleBoard, StorageError
from bot.domain.job import Job, JobId, Place, short_id
from storage.database import Database, Row, Transaction, Value
from storage.entry import SqlEntry
from storage.queries import load_queries
from storage.rows import job_from_row

_SALTS = 32


class SqlBoardStore:
    """Boards and their clips; a board's changes are compare-and-set by its version."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("boards")
        self._entry = SqlEntry()

    async def add(self, board: Board) -> Board:
        """Keep a new board; a known id returns the earlier one unchanged. Its `short_id` may change."""
        async with self._database.transaction() as transaction:
            for salt in range(_SALTS):
                board = replace(board, short_id=short_id(f"board {board.id}", salt))
                if await transaction.fetch_all(self._sql["insert"], **_values(board)):
                    for clip in board.every_clip:
                        await self._put(transaction, board, clip)
                    return board
                earlier = await transaction.fetch_all(self._sql["by_id"], id=board.id)
                if earlier:
                    return await self._whole(transaction, earlier[0])
        raise StorageError(f"no short id is free for board {board.id}")

    async def get(self, board_id: BoardId) -> Board | None:
        """Return the board of this id."""
        return await self._one("by_id", id=board_id)

    async def by_short_id(self, short_id: str) -> Board | None:
        """Return the board that members call so."""
        return await self._one("by_short_id", short_id=short_id)

    async def change(self, before: Board, after: Board, jobs: Sequence[Job] = ()) -> Board:
        """Write `after` over `before` with the jobs that this takes, all or nothing.

        Raises:
            StaleBoard: the board has changed since.
        """
        async with self._database.transaction() as transaction:
            values = _values(after) | {"version": before.version}
            if not await transaction.fetch_all(self._sql["change"], **values):
                raise StaleBoard(f"board {before.id} is not at version {before.version} any more")
            for clip in before.every_clip:
                if after.clip(clip.position) is None:
                    await transaction.execute(
                        self._sql["remove_clip"], board_id=before.id, position=clip.position
                    )
            for clip in after.every_clip:
                if clip != before.clip(clip.position):
                    await self._put(transaction, after, clip)
            for job in jobs:
                await self._entry.insert(transaction, job)
        return replace(after, version=before.version + 1)

    async def due(self, limit: int = 50) -> list[Board]:
        """Return boards that somebody must look at, oldest first."""
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch_all(self._sql["due"], limit=limit)
            return [await self._whole(transaction, row) for row in rows]

    async def settle(self, board: Board) -> None:
        """Note that all is done and shown, unless the board has changed meanwhile."""
        await self._database.execute(self._sql["settle"], id=board.id, version=board.version)

    async def jobs(self, board_id: BoardId) -> list[Job]:
        """Return every job of the board, earlier attempts included."""
        rows = await self._database.fetch_all(self._sql["jobs"], board_id=board_id)
        return [job_from_row(row) for row in rows]

    async def remove(self, board: Board) -> bool:
        """Forget a proposal; say whether it was still one."""
        async with self._database.transaction() as transaction:
            removed = await transaction.fetch_all(self._sql["remove"], id=board.id, version=board.version)
            if removed:
                await transaction.execute(self._sql["remove_clips"], id=board.id)
        return bool(removed)

    async def _one(self, query: str, **values: Value) -> Board | None:
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch_all(self._sql[query], **values)
            return await self._whole(transaction, rows[0]) if rows else None

    async def _whole(self, transaction: Transaction, row: Row) -> Board:
        clips = await transaction.fetch_all(self._sql["clips"], board_id=row["id"])
        return _board(row, [_clip(clip) for clip in clips])

    async def _put(self, transaction: Transaction, board: Board, clip: Clip) -> None:
        await transaction.execute(
            self._sql["put_clip"],
            board_id=board.id,
            position=clip.position,
            plan=json.dumps(asdict(clip.plan), ensure_ascii=False),
            picture=clip.plan.picture,
            state=clip.state.value,
            attempt=clip.attempt,
            job_id=clip.job_id,
            trouble=None if clip.trouble is None else clip.trouble.value,
        )


def _values(board: Board) -> dict[str, Value]:
    place = board.place
    return {
        "id": board.id,
        "short_id": board.short_id,
        "kind": board.kind.value,
        "state": board.state.value,
        "user_id": board.user_id,
        "guild_id": None if place is None else place.guild_id,
        "channel_id": None if place is None else place.channel_id,
        "message_id": None if place is None else place.status_message_id,
        "locale": board.locale,
        "provider": board.provider,
        "model": board.model,
        "size": board.size,
        "title": board.title,
        "chained": int(board.chained),
        "joins": int(board.joins),
        "fade": int(board.fade),
        "note": board.note,
        "created_at": board.created_at,
        "finished_at": board.finished_at,
        "due": int(board.due),
        "version": board.version,
    }


def _board(row: Row, clips: Sequence[Clip]) -> Board:
    place = None
    if row["message_id"] is not None:
        place = Place(
            channel_id=row["channel_id"], guild_id=row["guild_id"], status_message_id=row["message_id"]
        )
    return Board(
        id=BoardId(row["id"]),
        short_id=row["short_id"],
        kind=BoardKind(row["kind"]),
        state=BoardState(row["state"]),
        user_id=row["user_id"],
        place=place,
        locale=row["locale"],
        provider=row["provider"],
        model=row["model"],
        size=row["size"],
        title=row["title"],
        chained=bool(row["chained"]),
        joins=bool(row["joins"]),
        fade=bool(row["fade"]),
        note=row["note"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
        due=bool(row["due"]),
        version=row["version"],
        clips=tuple(clip for clip in clips if clip.position != JOINED),
        joined=next((clip for clip in clips if clip.position == JOINED), None),
    )


def _clip(row: Row) -> Clip:
    trouble = row["trouble"]
    return Clip(
        position=row["position"],
        plan=ClipPlan(**json.loads(row["plan"])),
        state=ClipState(row["state"]),
        attempt=row["attempt"],
        job_id=None if row["job_id"] is None else JobId(row["job_id"]),
        trouble=Code(trouble) if trouble in Code._value2member_map_ else None,
    )

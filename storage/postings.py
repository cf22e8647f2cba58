"""Messages that are posted once: implements `bot.ports_posting.PostingStore` over any `Database`."""

from bot.domain.job import JobId, WorkerId
from bot.domain.posting import Posting, PostingId, PostingKind, PostingState
from storage.database import Database, Row
from storage.queries import load_queries

_FAR = 2 * 3_600_000
"""No wait is as long as this, milliseconds."""


class SqlPostingStore:
    """An outbox, by the database's clock; what a process has in hand is its own while its lease holds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("postings")

    async def owe(self, posting: Posting) -> Posting:
        """Keep a new posting, due now, and return the row as it stands; a known id changes nothing."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                self._sql["owe"],
                id=posting.id,
                kind=posting.kind.value,
                guild_id=posting.guild_id,
                channel_id=posting.channel_id,
                mark=posting.mark,
                job_id=posting.job_id,
                now=await transaction.now_ms(),
            )
            [row] = await transaction.fetch_all(self._sql["get"], id=posting.id)
        return _posting(row)

    async def get(self, posting_id: PostingId) -> Posting | None:
        """Return the posting of this id."""
        rows = await self._database.fetch_all(self._sql["get"], id=posting_id)
        return _posting(rows[0]) if rows else None

    async def claim(self, worker: WorkerId, limit: int) -> list[Posting]:
        """Take what is due and in no living process's hands, oldest first; the intent is written along."""
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            rows = await transaction.fetch_all(
                self._sql["claim"], worker=worker, now=now, far=now + _FAR, limit=limit
            )
        return sorted(map(_posting, rows), key=lambda posting: (posting.due_at, posting.id))

    async def posted(self, posting: Posting, message_id: int) -> Posting:
        """Note the message and return the row; one that is to leave again meanwhile stays so."""
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            rows = await transaction.fetch_all(
                self._sql["posted"], id=posting.id, message_id=message_id, now=now
            )
        return _posting(rows[0]) if rows else posting

    async def put_off(self, posting: Posting, wait_ms: int) -> None:
        """Offer it again after so long, to any process."""
        async with self._database.transaction() as transaction:
            until = await transaction.now_ms() + wait_ms
            await transaction.execute(self._sql["put_off"], id=posting.id, owner=posting.owner, until=until)

    async def give_up(self, posting: Posting) -> None:
        """Offer it no more, unless it is another's by now or is to leave instead."""
        state = posting.state.value
        await self._database.execute(self._sql["give_up"], id=posting.id, owner=posting.owner, state=state)

    async def take_back(self, posting_id: PostingId) -> None:
        """Have its message deleted, also one that is just being sent; an unknown id is fine."""
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            await transaction.execute(self._sql["take_back"], id=posting_id, now=now)


def _posting(row: Row) -> Posting:
    return Posting(
        id=PostingId(row["id"]),
        kind=PostingKind(row["kind"]),
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        mark=row["mark"],
        job_id=JobId(row["job_id"]) if row["job_id"] is not None else None,
        state=PostingState(row["state"]),
        due_at=row["due_at"],
        attempt=row["attempt"],
        owner=WorkerId(row["owner"]) if row["owner"] is not None else None,
        intent_at=row["intent_at"],
        message_id=row["message_id"],
        created_at=row["created_at"],
    )

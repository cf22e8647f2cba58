"""Lists of videos: implements `bot.jobs.gallery.GalleryStore` over any `Database`."""

from bot.domain.gallery import Entry, Gallery, Rating, Wish, prefilter
from bot.domain.job import Job
from bot.domain.ratings import APPROVES, Tally
from storage.database import Database, Row, Value
from storage.queries import load_queries
from storage.rows import job_from_row

_NEWEST = 1 << 62
"""Milliseconds; nothing is younger."""


class SqlGalleryStore:
    """Pages by keyset, and the lists that they belong to."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("gallery")

    async def look(self, gallery: Gallery, *, after: Job | None, limit: int) -> list[Entry]:
        """Return delivered videos that fit, newest first, from the one after this on."""
        wish = gallery.wish
        values: dict[str, Value] = {
            "at": _NEWEST if after is None else after.created_at,
            "id": "" if after is None else after.id,
            "search": "" if wish.search is None else prefilter(wish.search),
            "style": wish.style or "",
            "model": wish.model or "",
            "rating": wish.rating or "",
            "even": APPROVES,
            "viewer": gallery.user_id,
            "limit": limit,
        }
        if gallery.guild_id is None:
            rows = await self._database.fetch_all(self._sql["own"], user_id=gallery.user_id, **values)
        else:
            values["member_id"] = wish.member_id or 0
            rows = await self._database.fetch_all(self._sql["of_guild"], guild_id=gallery.guild_id, **values)
        return [
            Entry(
                job=job_from_row(row),
                tally=Tally(people=row["people"], total=row["total"]),
                favourites=row["favourites"],
            )
            for row in rows
        ]

    async def add(self, gallery: Gallery) -> None:
        """Keep a list; a known id changes nothing."""
        wish = gallery.wish
        await self._database.execute(
            self._sql["add"],
            id=gallery.id,
            user_id=gallery.user_id,
            guild_id=gallery.guild_id,
            search=wish.search or "",
            style=wish.style or "",
            model=wish.model or "",
            rating=wish.rating or "",
            member_id=wish.member_id or 0,
            trail=" ".join(gallery.trail),
            created_at=gallery.created_at,
        )

    async def get(self, gallery_id: str) -> Gallery | None:
        """Return the list of this id."""
        rows = await self._database.fetch_all(self._sql["get"], id=gallery_id)
        return _gallery(rows[0]) if rows else None

    async def found(self, gallery: Gallery) -> None:
        """Keep where the pages begin that have been found."""
        await self._database.execute(self._sql["found"], id=gallery.id, trail=" ".join(gallery.trail))

    async def drop(self, before: int) -> None:
        """Forget lists of before that moment (ms)."""
        await self._database.execute(self._sql["drop"], before=before)


def _gallery(row: Row) -> Gallery:
    return Gallery(
        id=row["id"],
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        wish=Wish(
            search=row["search"] or None,
            style=row["style"] or None,
            model=row["model"] or None,
            rating=Rating(row["rating"]) if row["rating"] else None,
            member_id=row["member_id"] or None,
        ),
        created_at=row["created_at"],
        trail=tuple(row["trail"].split()),
    )

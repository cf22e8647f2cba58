"""The drafts table: implements `bot.ports.DraftStore` over any `Database`."""

import json

from bot.domain.draft import Draft
from bot.domain.job import JobId
from bot.domain.video import Size, Source, SourceUse, VideoRequest
from storage.database import Database, Row
from storage.queries import load_queries


class SqlDraftStore:
    """Drafts until they are decided; `SqlOriginalStore` forgets those that never are."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("drafts")

    async def add(self, draft: Draft) -> None:
        """Keep a draft; a known id changes nothing."""
        await self._database.execute(
            self._sql["insert"],
            id=draft.id,
            user_id=draft.user_id,
            provider=draft.provider,
            request=_written(draft),
            picture=draft.request.picture,
            last_picture=draft.request.last_picture,
            created_at=draft.created_at,
        )

    async def get(self, draft_id: JobId) -> Draft | None:
        """Return the draft of this id."""
        rows = await self._database.fetch_all(self._sql["by_id"], id=draft_id)
        return _draft(rows[0]) if rows else None

    async def change(self, draft: Draft) -> None:
        """Keep other words for a draft; its pictures stay. One that is gone stays so."""
        await self._database.execute(self._sql["change"], id=draft.id, request=_written(draft))

    async def remove(self, draft_id: JobId) -> None:
        """Forget a draft; an unknown one is fine."""
        await self._database.execute(self._sql["delete"], id=draft_id)


def _written(draft: Draft) -> str:
    request, source = draft.request, draft.request.source
    return json.dumps(
        {
            "prompt": request.prompt,
            "size": str(request.size),
            "seconds": request.seconds,
            "model": request.model,
            "seed": request.seed,
            "negative": request.negative,
            "audio": request.audio,
            "style": request.style,
            "typed": request.typed,
            "source": source and [source.use, source.remote_id],
            "enhanced": draft.enhanced,
        }
    )


def _draft(row: Row) -> Draft:
    """Read a row; those of earlier versions have fewer entries."""
    asked = json.loads(row["request"])
    enhanced, source = asked.pop("enhanced", None), asked.pop("source", None)
    return Draft(
        id=JobId(row["id"]),
        user_id=row["user_id"],
        provider=row["provider"],
        request=VideoRequest(
            **asked | {"size": Size.parse(asked["size"])},
            source=source and Source(use=SourceUse(source[0]), remote_id=source[1]),
            picture=row["picture"],
            last_picture=row["last_picture"],
        ),
        created_at=row["created_at"],
        enhanced=enhanced,
    )

"""The looks of servers: implements `bot.jobs.styles.StyleStore` over any `Database`."""

from bot.domain.prompts.styles import StylePreset
from storage.database import Database
from storage.queries import load_queries


class SqlStyleStore:
    """The guild_styles table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("styles")

    async def own(self, guild_id: int) -> list[StylePreset]:
        """Return the server's looks by name."""
        rows = await self._database.fetch_all(self._sql["own"], guild_id=guild_id)
        return [StylePreset(name=row["name"], prompt=row["prompt"], negative=row["negative"]) for row in rows]

    async def put(self, guild_id: int, preset: StylePreset, *, limit: int) -> bool:
        """Keep a look, in the place of one of the same name; False where there are `limit` others."""
        async with self._database.transaction() as transaction:
            [row] = await transaction.fetch_all(self._sql["others"], guild_id=guild_id, name=preset.name)
            if row["others"] >= limit:
                return False
            await transaction.execute(
                self._sql["put"],
                guild_id=guild_id,
                name=preset.name,
                prompt=preset.prompt,
                negative=preset.negative,
            )
        return True

    async def remove(self, guild_id: int, name: str) -> bool:
        """Forget a look; say whether there was one."""
        return bool(await self._database.fetch_all(self._sql["remove"], guild_id=guild_id, name=name))

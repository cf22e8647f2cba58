"""Settings of servers and the bot's notes: implements `bot.ports.SettingsStore` over any `Database`."""

from bot.domain.settings import GuildSettings
from storage.database import Database
from storage.queries import load_queries


class SqlSettingsStore:
    """What is set from Discord, and what the bot notes for itself."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("settings")

    async def guild(self, guild_id: int | None) -> GuildSettings:
        """Return the server's settings, or the defaults."""
        rows = await self._database.fetch_all(self._sql["guild"], guild_id=guild_id or 0)
        return GuildSettings(guild_id=guild_id, **rows[0]) if rows else GuildSettings(guild_id=guild_id)

    async def save_guild(self, settings: GuildSettings) -> None:
        """Keep the server's settings."""
        await self._database.execute(
            self._sql["save_guild"],
            guild_id=settings.guild_id or 0,
            running_per_member=settings.running_per_member,
            running_per_server=settings.running_per_server,
            waiting_per_member=settings.waiting_per_member,
            waiting_per_server=settings.waiting_per_server,
        )

    async def note(self, key: str) -> str | None:
        """Return a note of the bot to itself, such as the hash of the synced commands."""
        rows = await self._database.fetch_all(self._sql["note"], key=key)
        if not rows:
            return None
        value: str = rows[0]["value"]
        return value

    async def save_note(self, key: str, value: str) -> None:
        """Keep a note."""
        await self._database.execute(self._sql["save_note"], key=key, value=value)

"""Where a bot lives: one process on a SQLite file, or a gateway and two workers on PostgreSQL."""

import functools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.database import open_database
from storage.migrate import migrate
from tests.bench.kills_bot import Haste, RestlessBot
from tests.bench.kills_table import Read, sqlite_reader
from tests.bench.kills_takeover import WATCH
from tests.storage.postgres_server import PostgresServer

Settings = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The processes, and the way to read their table."""

    bots: tuple[RestlessBot, ...]
    read: Read


def on_sqlite(folder: Path, settings: Settings, haste: Haste) -> House:
    """Let `reelbot run` do everything."""
    bot = RestlessBot(folder, "run", lambda _: settings, haste=haste)
    return House(bots=(bot,), read=sqlite_reader(Path(settings["DATA_DIR"]) / "reelbot.db"))


@asynccontextmanager
async def on_postgres(
    folder: Path, settings: Settings, haste: Haste, server: PostgresServer
) -> AsyncIterator[House]:
    """Let `reelbot gateway` and two `reelbot worker` share a new database, in which all writes are noted."""
    async with server.database() as name:
        url = server.url(name)
        database = await open_database(url)
        try:
            await migrate(database)
        finally:
            await database.close()
        for statement in WATCH:
            await server.run(statement, name)

        def named(process: str) -> Settings:
            return {**settings, "DATABASE_URL": f"{url}?reelbot.process={process}"}

        bots = tuple(
            RestlessBot(folder, command, named, haste=haste, number=number)
            for command, number in (("gateway", ""), ("worker", "1"), ("worker", "2"))
        )
        yield House(bots=bots, read=functools.partial(server.run, database=name))

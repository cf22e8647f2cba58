"""Reference pictures on their way from the machine that takes them in to the one that sends them."""

import asyncio
import base64
from pathlib import Path

from bot.domain.home import Home
from bot.domain.job import JobId
from storage.database import Database
from storage.queries import load_queries
from storage.workspace import FileWorkspace


class CarryingWorkspace(FileWorkspace):
    """A folder of one machine, whose reference pictures reach the others through the database."""

    def __init__(self, data_dir: Path, database: Database, *, home: Home) -> None:
        super().__init__(data_dir, home=home)
        self._database = database
        self._sql = load_queries("pictures")

    async def keep_picture(self, job_id: JobId, data: bytes, kind: str = "picture") -> str:
        """Store a fitted reference picture, here and for the others, and return its name.

        Raises:
            NoRoom: the disk is full.
            StorageError: the disk or the database failed.
        """
        name = await super().keep_picture(job_id, data, kind)
        text = base64.b64encode(data).decode()
        async with self._database.transaction() as transaction:
            now = await transaction.now_ms()
            await transaction.execute(self._sql["put"], name=name, base64=text, now=now)
        return name

    async def bring_picture(self, name: str) -> Path:
        """Return the file of a reference picture, written here first where another machine took it in.

        Raises:
            NoRoom: the disk is full.
            StorageError: the disk or the database failed.
        """
        path = self.path(name)
        if not await asyncio.to_thread(path.is_file):
            for row in await self._database.fetch_all(self._sql["get"], name=name):
                await self._keep(name, base64.b64decode(row["base64"]))
        return path

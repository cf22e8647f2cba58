"""The schema, one numbered file a step; each is applied and recorded in one transaction."""

import logging
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from bot.domain.errors import StorageError
from storage.database import Database
from storage.queries import load_queries

log = logging.getLogger(__name__)

_FILE = re.compile(r"(\d{4})_(\w+)\.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema."""

    version: int
    name: str
    script: str

    def statements(self) -> Iterator[str]:
        """Split the script at the semicolons that end a statement.

        One by one and not as a script: sqlite3's `executescript` commits the open transaction first, which
        would leave half a step behind (https://docs.python.org/3/library/sqlite3.html).
        """
        statement = ""
        for piece in self.script.split(";")[:-1]:
            statement += piece + ";"
            if sqlite3.complete_statement(statement):
                yield statement.strip()
                statement = ""


def load_migrations() -> tuple[Migration, ...]:
    """Read `storage/migrations/NNNN_name.sql` in order.

    Raises:
        ValueError: the numbers have a gap or a double; a programming error.
    """
    found = []
    for file in (resources.files("storage") / "migrations").iterdir():
        match = _FILE.fullmatch(file.name)
        if match:
            found.append(Migration(version=int(match[1]), name=match[2], script=file.read_text("utf-8")))
    found.sort(key=lambda step: step.version)
    if [step.version for step in found] != list(range(1, len(found) + 1)):
        raise ValueError("the migrations are not numbered 1, 2, 3 ...")
    return tuple(found)


async def migrate(database: Database, steps: Sequence[Migration] | None = None) -> int:
    """Bring the schema up to date and return its version. Any number of processes may call it at once.

    Raises:
        StorageError: the database was written by a newer version, or a step failed and was undone.
        DatabaseUnavailable: it cannot be written.
    """
    steps = load_migrations() if steps is None else steps
    queries = load_queries("schema")
    while True:
        async with database.transaction(exclusive=True) as transaction:
            await transaction.execute(queries["create_table"])
            rows = await transaction.fetch_all(queries["version"])
            version: int = rows[0]["version"]
            if version > len(steps):
                raise StorageError(
                    f"The database has schema {version} and this Reelbot knows {len(steps)}: "
                    "install the newer version again, or restore a backup from before it."
                )
            if version == len(steps):
                return version
            step = steps[version]
            for statement in step.statements():
                await transaction.execute(statement)
            await transaction.execute(
                queries["record"], version=step.version, name=step.name, at=await transaction.now_ms()
            )
        log.info("the database has schema %d (%s) now", step.version, step.name)

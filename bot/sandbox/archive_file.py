"""The archive's file: one small SQLite database in a folder that one process at a time may use."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Key = tuple[str, str]  # kind and id

NAME, LOCK = "discord.db", "discord.lock"
FORMAT = 1
APPLICATION = 0x5265656C  # "Reel": tells our files from other programs' databases
BUSY_S = 5.0  # for the moments in which somebody else looks into the file
# https://www.sqlite.org/fileformat.html#the_database_header
MAGIC, MARK = b"SQLite format 3\0", slice(68, 72)

UPSERT = (
    "INSERT INTO kept (kind, id, json) VALUES (?, ?, ?)"
    " ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json"
)


class ArchiveError(Exception):
    """What was kept cannot be used; the text is one sentence for a person."""


class ArchiveFile:
    """Read and write records, JSON by kind and id. One thread does everything, from `open` to `close`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.path = directory / NAME
        self._lock: sqlite3.Connection | None = None
        self._database: sqlite3.Connection | None = None

    def open(self) -> dict[Key, Any]:
        """Take the folder and return every record, none from a new file.

        Raises ArchiveError where another process has the folder, and for a file that is damaged, somebody
        else's or of a later format; such a file stays as it is.
        """
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = self._locked()
            self._check_owner()
            _create_private(self.path)
            self._database = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
            self._prepare(self._database)
            return self._records(self._database)
        except (sqlite3.Error, ValueError) as error:
            raise self.unreadable(error) from error
        except OSError as error:
            raise ArchiveError(f"{self.path} cannot be used: {error.strerror or error}") from error

    def write(self, records: Mapping[Key, Any]) -> None:
        """Store records in one transaction; one that is None is removed. Raises sqlite3.Error."""
        if self._database is None:
            raise sqlite3.ProgrammingError("the archive is not open")
        if not records:
            return
        kept = [(*key, json.dumps(record)) for key, record in records.items() if record is not None]
        gone = [key for key, record in records.items() if record is None]
        with self._database as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(UPSERT, kept)
            database.executemany("DELETE FROM kept WHERE kind = ? AND id = ?", gone)

    def close(self) -> None:
        """Let file and folder go; a second call does nothing."""
        for connection in (self._database, self._lock):
            if connection is not None:
                connection.close()
        self._database = self._lock = None

    def unreadable(self, error: Exception) -> ArchiveError:
        """Return the sentence for a file whose content makes no sense."""
        return ArchiveError(f"{self.path} cannot be read ({error}): move it away to begin anew")

    def _locked(self) -> sqlite3.Connection:
        """Lock a file beside the database, which itself stays open to readers.

        SQLite's own locks go with the process, also a killed one, and work on every system.
        """
        path = self._directory / LOCK
        _create_private(path)
        lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            lock.close()
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise ArchiveError(f"{path} cannot be locked ({error})") from error
            raise ArchiveError(
                f"another sandbox uses {self._directory}: stop it, or give this one another folder"
            ) from error
        return lock

    def _check_owner(self) -> None:
        """Judge the first bytes by hand: opening a stranger's database could already change it."""
        try:
            with self.path.open("rb") as file:
                header = file.read(100)
        except FileNotFoundError:
            return
        if header and (header[:16] != MAGIC or header[MARK] != APPLICATION.to_bytes(4, "big")):
            raise ArchiveError(f"{self.path} is no archive of a sandbox: move it away, or use another folder")
        self.path.chmod(0o600)

    def _prepare(self, database: sqlite3.Connection) -> None:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > FORMAT:
            raise ArchiveError(
                f"{self.path} has format {version} of a later Reelbot, this one reads {FORMAT}: update it"
            )
        if version == 0:
            # Before the file turns to WAL: the mark has to stand in the file itself from the first moment.
            with database:
                database.execute("BEGIN IMMEDIATE")
                database.execute(f"PRAGMA application_id = {APPLICATION}")
                database.execute(f"PRAGMA user_version = {FORMAT}")
                database.execute(
                    "CREATE TABLE kept (kind TEXT, id TEXT, json TEXT NOT NULL, PRIMARY KEY (kind, id))"
                )
        if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("it is damaged")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")

    def _records(self, database: sqlite3.Connection) -> dict[Key, Any]:
        rows = database.execute("SELECT kind, id, json FROM kept")
        return {(kind, id_): json.loads(text) for kind, id_, text in rows}


def _create_private(path: Path) -> None:
    # A file that exists is not touched: closing it here would drop this process's locks on it (POSIX).
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

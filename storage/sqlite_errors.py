"""Every failure of SQLite, as one of our errors with one sentence. The only place that reads its codes."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bot.domain.errors import DatabaseUnavailable, StorageError

FAILURES = (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeEncodeError)
"""What the driver raises: its own tree, and two built-in errors for values that SQLite cannot hold."""

# Primary result codes (https://sqlite.org/rescode.html) that say "not now" or "not on this disk".
_UNAVAILABLE: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_FULL: "is on a full disk: free some space",
        sqlite3.SQLITE_READONLY: "is read-only: give the bot the right to write the file and its folder",
        sqlite3.SQLITE_PERM: "may not be used: give the bot the right to write the file and its folder",
        sqlite3.SQLITE_AUTH: "may not be used: give the bot the right to write the file and its folder",
        sqlite3.SQLITE_CANTOPEN: "cannot be opened: check the path and the rights of its folder",
        sqlite3.SQLITE_BUSY: "is held by another program: close whatever has it open",
        sqlite3.SQLITE_LOCKED: "is held by another program: close whatever has it open",
        sqlite3.SQLITE_PROTOCOL: "is held by another program: close whatever has it open",
        sqlite3.SQLITE_CORRUPT: "is damaged: restore a backup",
        sqlite3.SQLITE_NOTADB: "is not an SQLite database: correct DATABASE_URL or move the file away",
        sqlite3.SQLITE_FORMAT: "is not an SQLite database: correct DATABASE_URL or move the file away",
        sqlite3.SQLITE_IOERR: "cannot be read or written: look at the disk",
        sqlite3.SQLITE_NOLFS: "is too large for its disk",
        sqlite3.SQLITE_NOMEM: "needs more memory than there is",
        sqlite3.SQLITE_INTERRUPT: "was interrupted",
        sqlite3.SQLITE_ABORT: "was interrupted",
    }
)


def translate(error: Exception, file: Path) -> StorageError:
    """Turn what the driver raised into `DatabaseUnavailable`, or `StorageError` for a mistake of ours.

    A constraint, a wrong statement or a value that SQLite cannot hold is a mistake: waiting will not help.
    """
    code: int | None = getattr(error, "sqlite_errorcode", None)
    reason = None if code is None else _UNAVAILABLE.get(code & 0xFF)
    if reason is not None:
        return DatabaseUnavailable(f"The database {file} {reason} ({error}).")
    return StorageError(f"The database {file} refused a statement ({type(error).__name__}: {error}).")

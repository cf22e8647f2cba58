"""One process a database file: an advisory lock that the system drops when the process dies."""

import sys
from pathlib import Path
from typing import BinaryIO

from bot.domain.errors import DatabaseLocked, DatabaseUnavailable

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """The lock on `<database>.lock`. The empty file stays: deleting it would let two processes in."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._file: BinaryIO | None = None

    def acquire(self) -> None:
        """Take the lock without waiting.

        Raises:
            DatabaseLocked: another process has it.
            DatabaseUnavailable: the file cannot be created, or its disk has no locks.
        """
        path = self._database.with_name(self._database.name + ".lock")
        try:
            file = path.open("ab")
        except OSError as exc:
            raise DatabaseUnavailable(f"Cannot create {path}: {exc.strerror}.") from exc
        try:
            _lock(file)
        except (BlockingIOError, PermissionError) as exc:
            file.close()
            raise DatabaseLocked(
                f"Another Reelbot already uses {self._database}: stop it first, or set another DATABASE_URL."
            ) from exc
        except OSError as exc:
            file.close()
            raise DatabaseUnavailable(
                f"Cannot lock {path}: {exc.strerror}. Keep the database on a local disk."
            ) from exc
        self._file = file

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None

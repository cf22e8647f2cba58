"""Folder lock: one preview server a folder; the system drops the lock when the process dies."""

import sys
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


NAME = "preview.lock"


class FolderLock:
    """The lock on a folder. Its empty file stays: deleting it would let two servers in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None

    def acquire(self) -> None:
        """Take the lock without waiting.

        Raises OSError with a sentence: another server has it, or the folder cannot be written or locked.
        """
        try:
            file = (self._folder / NAME).open("ab")
        except OSError as exc:
            raise OSError(f"the folder {self._folder} cannot be written: {exc.strerror}") from exc
        try:
            _lock(file)
        except (BlockingIOError, PermissionError) as exc:
            file.close()
            raise OSError(
                f"another preview API already keeps its videos in {self._folder}: "
                "stop it first, or choose another data folder"
            ) from exc
        except OSError as exc:
            file.close()
            raise OSError(
                f"the folder {self._folder} cannot be locked: {exc.strerror}; keep it on a local disk"
            ) from exc
        self._file = file

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None

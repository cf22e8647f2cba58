"""The archive: what happens in the sandbox is written down soon after and found again at the next start."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.sandbox.archive_file import ArchiveFile, Key
from bot.sandbox.events import Event
from bot.sandbox.records import Record, Records
from bot.sandbox.sandbox import Sandbox

log = logging.getLogger(__name__)

SOON_S = 0.03  # a burst of changes becomes one transaction
NOT_OURS = (KeyError, TypeError, ValueError, AttributeError)


class Archive:
    """Keep one sandbox in one folder.

    Listening only notes what changed; a task writes it, in a thread that alone touches the file. When that
    fails, the sandbox goes on in memory and the next change tries again.
    """

    def __init__(self, directory: Path, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._file = ArchiveFile(directory)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")
        self._changed = asyncio.Event()
        self._dirty: set[Key] = set()
        self._failing = False
        self._records: Records | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._writer: asyncio.Task[None] | None = None

    async def open(self, secret: str) -> str:
        """Fill the sandbox with what was kept, or keep what it begins with; from then on keep what changes.

        Returns the kept secret of the addresses, in a new archive the given one. Raises ArchiveError.
        """
        records = Records(self._sandbox, secret)
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._load, records)
        except BaseException:
            release = self._thread.submit(self._file.close)
            self._thread.shutdown(wait=False)
            await asyncio.wrap_future(release)
            raise
        self._records = records
        self._unsubscribe = self._sandbox.events.subscribe(self._hear)
        self._writer = asyncio.create_task(self._keep_writing(), name="archive")
        return records.secret

    async def close(self) -> None:
        """Write what is not written yet and let the file go; a second call does nothing."""
        if self._writer is None or self._unsubscribe is None:
            return
        writer, self._writer = self._writer, None
        self._unsubscribe()
        writer.cancel()
        try:
            await asyncio.wait({writer})
        finally:
            # Handed over without waiting, so that a close that is cancelled itself gives the file back too.
            finish = self._thread.submit(self._finish, self._take())
            self._thread.shutdown(wait=False)
        await asyncio.wrap_future(finish)
        if not writer.cancelled():
            writer.result()

    def _hear(self, event: Event) -> None:
        if self._records is not None and (keys := self._records.touched(event)):
            self._dirty |= keys
            self._changed.set()

    async def _keep_writing(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(SOON_S)
            self._changed.clear()
            await self._write()

    async def _write(self) -> None:
        keys = set(self._dirty)
        records = self._take()
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._file.write, records)
        except sqlite3.Error as error:
            self._dirty |= keys
            if not self._failing:
                log.warning("%s cannot be written (%s): going on in memory", self._file.path, error)
            self._failing = True
        except BaseException:
            self._dirty |= keys  # the last write at the end takes them along
            raise
        else:
            self._failing = False

    def _take(self) -> dict[Key, Record | None]:
        """Describe what changed; records may be encoded in the thread, for nobody changes them any more."""
        keys, self._dirty = self._dirty, set()
        return {} if self._records is None else {key: self._records.record(key) for key in keys}

    def _load(self, records: Records) -> None:
        kept = self._file.open()
        try:
            if kept:
                records.restore(kept)
            else:
                self._file.write({key: records.record(key) for key in records.everything()})
        except (*NOT_OURS, sqlite3.Error) as error:
            raise self._file.unreadable(error) from error
        self._sandbox.files.sweep()

    def _finish(self, records: dict[Key, Record | None]) -> None:
        try:
            self._file.write(records)
        except sqlite3.Error as error:
            log.warning("%s cannot be written (%s): the last changes are lost", self._file.path, error)
        finally:
            self._file.close()

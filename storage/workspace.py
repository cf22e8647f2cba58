"""The files of jobs: implements `bot.ports.Workspace` in one folder."""

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.domain.disk import disk_error
from bot.domain.errors import NoRoom, StorageError
from bot.domain.files import FileKind, StoredFile
from bot.domain.home import Home
from bot.domain.job import Job, JobId

MIN_FREE_BYTES = 32 * 1024 * 1024

_FOLDERS = {"original": "originals", "fitted": "fitted", "still": "fitted", "picture": "pictures"}
_LAST = "-last"  # ends the name of a last frame, so that the job's id can be read off it
_NAME = re.compile(r"(?:originals|fitted|pictures)/[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.(?:mp4|jpg|given)")
_STORED = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,99})(\.part)?\.(?:mp4|jpg|given)(\.part|\.note)?")
_KINDS = {"originals": FileKind.ORIGINAL, "fitted": FileKind.COPY, "pictures": FileKind.PICTURE}


class FileWorkspace:
    """Originals, fitted copies and reference pictures under the data folder.

    Names are built of short id and job id, such as `originals/7F3K9-1423.mp4`. A download grows beside its
    target, so that the last move is one rename on one disk. File work runs in threads.
    """

    def __init__(
        self, data_dir: Path, *, min_free_bytes: int = MIN_FREE_BYTES, home: Home | None = None
    ) -> None:
        """Make the folders.

        Raises:
            StorageError: they cannot be made.
        """
        self._root = data_dir.absolute()
        self._min_free_bytes = min_free_bytes
        self._home = home or Home()
        self._make_folders()

    @property
    def home(self) -> Home:
        """Return the machine whose folder it is."""
        return self._home

    async def check_room(self) -> None:
        """Check that the disk can take another video, by writing to it: free bytes alone may not be ours.

        Raises:
            NoRoom: fewer than `min_free_bytes` are free, or the disk refuses: read-only, a quota, no inodes.
            StorageError: the folder cannot be used.
        """
        await asyncio.to_thread(self._check_room)

    async def keep_picture(self, job_id: JobId, data: bytes, kind: str = "picture") -> str:
        """Store a fitted reference picture, on disk for good, and return its name.

        Raises:
            NoRoom: the disk is full.
            StorageError: the disk failed.
        """
        name = _checked(f"pictures/{job_id}{_LAST if kind == 'last' else ''}.jpg")
        await self._keep(name, data)
        return name

    async def bring_picture(self, name: str) -> Path:
        """Return the file of a reference picture; all machines share the folder.

        Raises:
            StorageError: the name is not one of ours.
        """
        return self.path(name)

    async def keep_given(self, draft_id: JobId, data: bytes, kind: str = "picture") -> str:
        """Store a picture as it was given, whatever it is, and return its name.

        Raises:
            NoRoom: the disk is full.
            StorageError: the disk failed.
        """
        name = _checked(f"pictures/{draft_id}{_LAST if kind == 'last' else ''}.given")
        await self._keep(name, data)
        return name

    def path(self, name: str) -> Path:
        """Return the file of a stored name.

        Raises:
            StorageError: the name is not one of ours; it could lead out of the folder.
        """
        return self._root / _checked(name)

    def new_name(self, job: Job, kind: str) -> str:
        """Return the name for a file of the job: kind is "original", "fitted" or "still"."""
        ending = "jpg" if kind == "still" else "mp4"
        return _checked(f"{_FOLDERS[kind]}/{job.short_id}-{job.id}.{ending}")

    def part(self, name: str) -> Path:
        """Return where a download of this name grows. The ending stays, for tools that go by it."""
        path = self.path(name)
        return path.with_suffix(".part" + path.suffix)

    async def adopt(self, part: Path, name: str) -> int:
        """Move a finished download to its name and return its length; `settle` makes it last.

        A repeat after a crash or a lost answer finds the file in place.

        Raises:
            NoRoom: the disk is full.
            StorageError: the disk failed, or there is no such download.
        """
        return await asyncio.to_thread(self._adopt, part, self.path(name))

    async def settle(self, name: str) -> None:
        """Return when a power cut can no longer take the file.

        Raises:
            NoRoom: the disk is full.
            StorageError: the disk failed, or there is no such file.
        """
        await asyncio.to_thread(self._settle, self.path(name))

    async def discard(self, names: Sequence[str | None]) -> None:
        """Delete files that are no longer needed, half downloads included; missing ones are fine.

        Raises:
            StorageError: a name is not one of ours, or the disk failed.
        """
        paths = [
            path
            for name in names
            if name
            for path in (self.path(name), self.part(name), _note(self.part(name)))
        ]
        await asyncio.to_thread(self._delete, paths)

    async def stored(self) -> list[StoredFile]:
        """List the files of jobs, half ones and notes about them included; files of others are left out.

        Raises:
            NoRoom, StorageError: the disk failed.
        """
        return await asyncio.to_thread(self._list)

    async def remove(self, names: Sequence[str]) -> None:
        """Delete files by the names of `stored`; missing ones are fine.

        Raises:
            NoRoom, StorageError: a name is none of those, or the disk failed.
        """
        for name in names:
            folder, _, file = name.partition("/")
            if folder not in _KINDS or not _STORED.fullmatch(file):
                raise StorageError(f"{name!r} is not a file of this workspace")
        await asyncio.to_thread(self._delete, [self._root / name for name in names])

    async def _keep(self, name: str, data: bytes) -> None:
        await asyncio.to_thread(self._write, name, data)

    def _make_folders(self) -> None:
        with _disk_errors(self._root):
            for folder in _FOLDERS.values():
                (self._root / folder).mkdir(parents=True, exist_ok=True)

    def _check_room(self) -> None:
        self._make_folders()  # somebody may have tidied up while the bot ran
        with _disk_errors(self._root):
            free = shutil.disk_usage(self._root).free
            probe = self._root / "room.probe"
            try:
                probe.write_bytes(b"room?")
            finally:
                probe.unlink(missing_ok=True)
        if free < self._min_free_bytes:
            raise NoRoom(f"only {free // 1_000_000} MB are free in {self._root}")

    def _write(self, name: str, data: bytes) -> None:
        part = self.part(name)
        with _disk_errors(part):
            try:
                part.write_bytes(data)
                _move(part, self.path(name))
            except OSError:
                part.unlink(missing_ok=True)
                raise

    def _adopt(self, part: Path, target: Path) -> int:
        with _disk_errors(target):
            if part.exists() or not target.exists():
                part.replace(target)
            _note(part).unlink(missing_ok=True)
            return target.stat().st_size

    def _settle(self, path: Path) -> None:
        with _disk_errors(path):
            _sync(path)
            _sync_folder(path.parent)

    def _list(self) -> list[StoredFile]:
        found = []
        for folder, kind in _KINDS.items():
            with _disk_errors(self._root / folder), os.scandir(self._root / folder) as entries:
                for entry in entries:
                    match = _STORED.fullmatch(entry.name)
                    if match is None or not entry.is_file(follow_symlinks=False):
                        continue
                    stem, part, further = match.groups()
                    state = entry.stat(follow_symlinks=False)
                    found.append(
                        StoredFile(
                            name=f"{folder}/{entry.name}",
                            job_id=_job_of(stem, kind),
                            kind=FileKind.PART if part or further else kind,
                            size=state.st_size,
                            modified_at=state.st_mtime_ns // 1_000_000,
                        )
                    )
        return found

    def _delete(self, paths: Sequence[Path]) -> None:
        for path in paths:
            with _disk_errors(path):
                path.unlink(missing_ok=True)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise StorageError(f"{name!r} is not a name of this workspace")
    return name


def _job_of(stem: str, kind: FileKind) -> JobId:
    return JobId(stem.removesuffix(_LAST) if kind is FileKind.PICTURE else stem.partition("-")[2])


def _note(part: Path) -> Path:
    """Return what a download writes down about its part (`VideoProvider.download`)."""
    return part.with_name(part.name + ".note")


def _move(source: Path, target: Path) -> None:
    """Rename so that after a power cut there is the old file or the whole new one, never half of it."""
    _sync(source)
    source.replace(target)
    _sync_folder(target.parent)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    if os.name != "nt":  # Windows cannot open folders; NTFS journals the rename itself
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextlib.contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    """Map what the disk raises: `NoRoom` where it is full or read-only, else `StorageError`."""
    try:
        yield
    except OSError as exc:
        raise disk_error(exc, f"{path} cannot be used") from exc

"""Shelf: the folder in which the videos outlive the process.

Beside every `video_<hex>.mp4` lies its record, `video_<hex>.json`, and perhaps the rows of its first picture
(`.rgb`) and two stills. A record is there before anyone hears of its video, and goes before the other files:
what has no record is nobody's, and is removed at the next start.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from bot.preview.folderlock import FolderLock
from bot.preview.record import text_of, video_of
from bot.preview.video import Video

log = logging.getLogger(__name__)

STEM = "video_" + "[0-9a-f]" * 32
PART = ".part"  # what a render grows

Answer = TypeVar("Answer")


class Shelf:
    """The files of one server. Its single thread does first what was asked first.

    So a record that is being written never comes back after its video was removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FolderLock(folder)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="preview-shelf")

    async def open(self) -> list[Video]:
        """Return the videos of earlier runs in their order, and remove files that belong to none of them.

        A video whose record or file is damaged is dropped and named in the log. Raises OSError with a
        sentence if the folder cannot be used, or another server uses it.
        """
        return await self._run(self._open)

    async def close(self) -> None:
        """Finish what was asked for and leave the folder to others; may be called twice."""
        await asyncio.to_thread(self._thread.shutdown, wait=True)
        self._lock.release()

    def path_of(self, video_id: str, suffix: str) -> Path:
        """Return where a file of a video lies; the suffix has its dot."""
        return self._folder / (video_id + suffix)

    async def keep(self, video: Video) -> None:
        """Write how a video stands; after this a killed server finds it again. Raises OSError."""
        await self._run(lambda: self._write(video.id, ".json", text_of(video).encode()))

    async def keep_picture(self, video_id: str, rows: bytes) -> Path:
        """Write the RGB24 rows of a video's first frame and return their file. Raises OSError."""
        return await self._run(lambda: self._write(video_id, ".rgb", rows))

    async def copy_picture(self, source: Path, video_id: str) -> Path:
        """Write the rows of another video's picture again. Raises OSError."""
        return await self._run(lambda: self._write(video_id, ".rgb", source.read_bytes()))

    async def remove(self, videos: Sequence[Video]) -> None:
        """Remove all files of videos but what a render still writes; that one the render removes."""
        await self._run(lambda: self._remove(videos))

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> list[Video]:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # prompts and pictures are private
        except OSError as exc:
            raise OSError(f"the folder {self._folder} cannot be made: {exc.strerror}") from exc
        self._lock.acquire()
        found = {path.stem: self._read(path) for path in self._folder.glob(STEM + ".json")}
        videos = {video_id: video for video_id, video in found.items() if video is not None}
        for path in self._folder.glob(STEM + ".*"):
            video = videos.get(path.stem)
            if video is None or path.suffix not in _suffixes(video):
                _unlink(path)
        return sorted(videos.values(), key=lambda video: video.number)

    def _read(self, path: Path) -> Video | None:
        try:
            video = video_of(path.stem, path.read_text("ascii"), self.path_of(path.stem, ".rgb"))
            self._check_files(video)
        except (OSError, ValueError) as exc:
            log.warning("%s of an earlier run is lost: %s", path.stem, exc)
            return None
        return video

    def _check_files(self, video: Video) -> None:
        """Raise ValueError or OSError if a file is missing or cut short, as a power cut may leave it."""
        if video.status == "completed" and self.path_of(video.id, ".mp4").stat().st_size < video.length:
            raise ValueError("its MP4 is not whole")
        rows, clip = video.clip.picture, video.clip
        if video.is_pending and rows is not None and rows.stat().st_size != clip.width * clip.height * 3:
            raise ValueError("its picture is not whole")

    def _write(self, video_id: str, suffix: str, data: bytes) -> Path:
        """Write a file that only the owner can read; it is there as a whole or not at all."""
        path, part = self.path_of(video_id, suffix), self.path_of(video_id, suffix + ".tmp")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            _unlink(part)
            raise
        _sync_folder(self._folder)
        return path

    def _remove(self, videos: Sequence[Video]) -> None:
        for video in videos:
            _unlink(self.path_of(video.id, ".json"))
            for path in self._folder.glob(video.id + ".*"):
                if path.suffix != PART:
                    _unlink(path)


def _suffixes(video: Video) -> tuple[str, ...]:
    return (".json", ".rgb", ".mp4", ".webp", ".jpg") if video.status == "completed" else (".json", ".rgb")


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        log.warning("%s cannot be removed: %s", path.name, exc)


def _sync_folder(folder: Path) -> None:
    if os.name != "nt":  # Windows cannot open folders; NTFS journals the rename itself
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

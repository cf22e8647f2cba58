"""The contact sheet of a board whose clips are there to choose from."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

from bot.domain.board import Board, BoardKind, BoardState, Clip
from bot.domain.errors import MediaError, StorageError
from bot.jobs.studio import original
from bot.ports import JobStore, Workspace
from bot.ports_media import MediaTools

log = logging.getLogger(__name__)

COMPARED = frozenset({BoardKind.VARIATIONS, BoardKind.STYLES})
"""Boards whose clips show the same thing in several ways."""
FEWEST = 2


class Sheets:
    """Makes contact sheets of what is kept on this machine."""

    def __init__(self, *, jobs: JobStore, media: MediaTools, workspace: Workspace) -> None:
        self._jobs = jobs
        self._media = media
        self._workspace = workspace

    async def sheet(self, board: Board, captions: Mapping[int, str]) -> bytes | None:
        """Return a JPEG of the finished clips, numbered by their positions and with these captions.

        None where there is nothing to compare: the board goes on, is of another kind, or fewer than two of
        its videos are here.
        """
        if board.kind not in COMPARED or board.state is not BoardState.DONE:
            return None
        try:
            found = [(clip.position, await self._video(clip)) for clip in board.done]
            videos = {position: path for position, path in found if path is not None}
            if len(videos) < FEWEST:
                return None
            return await self._media.contact_sheet(
                list(videos.values()),
                captions=[captions.get(position, "") for position in videos],
                numbers=list(videos),
            )
        except (MediaError, StorageError, OSError) as error:
            log.warning("board %s: no contact sheet: %s", board.short_id, error)
            return None

    async def _video(self, clip: Clip) -> Path | None:
        job = None if clip.job_id is None else await self._jobs.get(clip.job_id)
        path = None if job is None else original(job, self._workspace)
        return path if path is not None and await asyncio.to_thread(path.is_file) else None

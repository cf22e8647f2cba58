"""APIs that answer an order with its end: nobody can be asked later, so what they said is kept."""

import uuid
from collections import OrderedDict
from typing import TypeVar

from bot.domain.errors import RemoteNotFound
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.providers.answers import Answers
from bot.providers.normalise import INLINE_URL, find_result, is_video, status_word
from bot.providers.reply import Reply

KEPT = 100
INLINE_KEPT = 8
"""So many videos that came inside an answer are kept in memory until they are fetched."""
LONGEST_ID = 1000
"""Longer ids do not fit into a database's index."""
_PENDING = frozenset({RemoteStatus.QUEUED, RemoteStatus.RUNNING})

_T = TypeVar("_T")


class Ends:
    """The ends of renders. A render's id is its location where it has one: that outlives this process."""

    def __init__(self, *, provider: str) -> None:
        self._provider = provider
        self._ends: OrderedDict[str, RemoteVideo] = OrderedDict()
        self._inline: OrderedDict[str, str] = OrderedDict()

    def read(self, data: object, reply: Reply, answers: Answers) -> RemoteVideo | None:
        """Return the end that an order's answer holds, and remember it; None where it holds none.

        Raises:
            BadResponse: it is a render that cannot be read.
        """
        found = find_result(data) if reply.ok else None
        if found is None and not is_video(data):
            return None
        if isinstance(data, dict) and not status_word(data):
            data = data | {"status": RemoteStatus.DONE.value}
        remote_id = found if found is not None and _is_location(found) else f"once-{uuid.uuid4()}"
        video = answers.video(data, reply, remote_id=remote_id)
        if video.status in _PENDING:
            return None
        _keep(self._ends, video.id, video, KEPT)
        if found is not None and video.url == INLINE_URL:
            _keep(self._inline, video.id, found, INLINE_KEPT)
        return video

    def get(self, remote_id: str) -> RemoteVideo:
        """Return how the render ended.

        Raises:
            RemoteNotFound: it has no location, and was ordered by an earlier process.
        """
        if (video := self._ends.get(remote_id)) is not None:
            return video
        if _is_location(remote_id):
            return RemoteVideo(id=remote_id, status=RemoteStatus.DONE, url=remote_id)
        raise RemoteNotFound(
            f"{self._provider} cannot be asked about {remote_id[:60]} again", provider=self._provider
        )

    def inline(self, remote_id: str) -> str | None:
        """Return the video that came inside the answer; it stays until others push it out."""
        return self._inline.get(remote_id)


def _keep(shelf: OrderedDict[str, _T], key: str, value: _T, most: int) -> None:
    shelf[key] = value
    while len(shelf) > most:
        shelf.popitem(last=False)


def _is_location(text: str) -> bool:
    return len(text) <= LONGEST_ID and text.startswith(("http://", "https://", "/"))

"""Many renders under way: one look at the API's list says of all of them that they are not done yet."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.errors import Unavailable
from bot.domain.remote import PollPace, RemoteStatus, RemoteVideo
from bot.providers.video_list import PAGE, VideoList

log = logging.getLogger(__name__)

ENOUGH = 20
"""With fewer renders under way each is asked about by itself."""
FRESH_S = 3.0
"""A list this young answers too; see `Rounds.pending` for renders that are polled more often than that."""
IN_A_ROW = 6
"""So often the list is believed, then the render itself is asked: a list may stand still."""
LATELY_S = 150.0
"""A render that nobody asked about for longer, two minutes being the longest poll interval, has gone."""
REST_S = 60.0
"""After a list that could not be read every render is asked about by itself for so long."""
_PENDING = frozenset({RemoteStatus.QUEUED, RemoteStatus.RUNNING})


@dataclass(slots=True)
class _Render:
    asked_at: float
    poll_after: float | None
    believed: int = 0


class Rounds:
    """Answers polls out of the list, where it says that the render is still pending.

    Never more than that: an end, a render that is not in the list and a list that fails are no answers. So a
    list of which not every page was read, or an API that leaves renders out of it, costs requests only.
    """

    def __init__(
        self, listing: VideoList, pace: PollPace, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._listing = listing
        self._pace = pace
        self._clock = clock
        self._renders: dict[str, _Render] = {}
        self._pending: dict[str, RemoteVideo] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    def note(self, video: RemoteVideo) -> None:
        """Remember what the API said of the render itself; from then on the list may speak for it."""
        self._renders.pop(video.id, None)
        if video.status in _PENDING:
            self._renders[video.id] = _Render(self._clock(), video.poll_after)

    async def pending(self, remote_id: str) -> RemoteVideo | None:
        """Return the render if the list says that it is pending, None where it must be asked itself.

        A list is used only while it is younger than the shortest time between two polls of the render. So an
        end that it does not know yet is seen at the next poll.
        """
        now = self._clock()
        self._forget_before(now - LATELY_S)
        render = self._renders.pop(remote_id, None)
        if render is None:
            return None
        render.asked_at = now
        self._renders[remote_id] = render  # at the end: the oldest stand first
        if len(self._renders) < ENOUGH or render.believed >= IN_A_ROW:
            return None
        interval = self._pace.first if render.poll_after is None else render.poll_after
        oldest = now - min(FRESH_S, 0.8 * interval)
        if self._read_at < oldest:
            async with self._reading:
                if self._read_at < oldest:  # else another poll has read it meanwhile
                    await self._read()
        video = self._pending.get(remote_id)
        if video is None:
            return None
        render.believed += 1
        return replace(video, poll_after=render.poll_after)

    async def _read(self) -> None:
        began = self._clock()
        try:
            async with asyncio.timeout(self._pace.first):  # no poll may wait for it longer than for the next
                videos = await self._listing.recent(max(PAGE, 2 * len(self._renders)))
        except (Unavailable, TimeoutError) as error:
            why = str(error) or "too slow"
            log.info("no list for %g s, each render is asked about by itself: %s", REST_S, why)
            self._pending, self._read_at = {}, began + REST_S
        else:
            self._pending = {video.id: video for video in videos if video.status in _PENDING}
            self._read_at = began

    def _forget_before(self, moment: float) -> None:
        while self._renders:
            oldest = next(iter(self._renders))
            if self._renders[oldest].asked_at >= moment:
                return
            del self._renders[oldest]

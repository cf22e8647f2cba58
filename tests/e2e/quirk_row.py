"""One quirk of a video API as data: what the server says, and how the job ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.states import JobState
from tests.e2e.faulty_api import CLIP
from tests.e2e.quirk_api import MP4, Answer, Script

S = JobState

DONE = "✅ Done in"
FAILED = "The video service failed while rendering: "
FAILED_WITHOUT_WORDS = "The video service failed while rendering. It may have been charged"
NOT_TAKEN = "does not take this request. Nothing was paid"
KEY_REFUSED = "refuses this bot's key. Nothing was paid"
RULES = "content rules"
MAYBE = "It may have been charged, so I do not order it again by myself"
NO_LONGER_KEPT = "no longer kept by the video service"
NO_VIDEO = "something that is no video, again and again"
BROKEN = "a broken file again and again"
FORGOTTEN = "no longer knows this video; it may have been restarted"
TOO_LONG = "took too long and was given up. It may have been charged"
CANCELLED_THERE = "The video service cancelled the rendering"
STOPPED = "The service has stopped the rendering"
RUNS_ON = "The service cannot stop what it has begun"
RENDERING = "🎨 Rendering"
ASKING = "the video service does not answer, asking again"


def job(status: str | None, **facts: Any) -> Answer:
    """Say of the render how it is doing, with HTTP 200."""
    word = {} if status is None else {"status": status}
    return Answer(body={"id": "<id>", "object": "video", **word, **facts})


def says(body: Any, status: int = 200, **facts: Any) -> Answer:
    """Say something else."""
    return Answer(body=body, status=status, **facts)


def film(**facts: Any) -> Answer:
    """Send the finished video."""
    return Answer(**{"body": CLIP, "kind": MP4, **facts})


QUEUED, RUNNING, COMPLETED = job("queued"), job("in_progress"), job("completed")
NO_CONTENT_ROUTE = says({"error": {"message": "no such route"}}, 404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk:
    """One row: the answers that differ from a well-behaved server's, and what must come of them.

    `ends_with` stands in the member's message at the end, `meanwhile` at some moment before: the first poll's
    answer is repeated until then. `order` is what the create must hold, among other things. `posts` counts
    the creates, `away` says whether the other origin was asked, `converted` that the result is a copy.
    """

    name: str
    create: tuple[Answer, ...] = (QUEUED,)
    polls: tuple[Answer, ...] = (RUNNING, COMPLETED)
    contents: tuple[Answer, ...] = (film(),)
    delete: Answer = field(default_factory=lambda: says({"id": "<id>", "deleted": True}))
    id: str = "video_<n>"
    listed: Mapping[str, Any] | None = None
    cancels: bool = False
    order: Mapping[str, Any] = field(default_factory=dict)
    poll_query: str = ""
    end: JobState = S.DELIVERED
    ends_with: str = DONE
    meanwhile: str = ""
    posts: int = 1
    away: bool = False
    converted: bool = False

    def __str__(self) -> str:
        ended = f"{self.end.upper():9}  {self.posts} POST{' ' if self.posts == 1 else 's'}"
        return f"{self.name:44}  {ended}  {self.meanwhile or '-'} > {self.ends_with}"

    @property
    def script(self) -> Script:
        """Return the server's side of it."""
        return Script(
            create=self.create,
            polls=self.polls,
            contents=self.contents,
            delete=self.delete,
            id=self.id,
            listed=self.listed,
            held=bool(self.meanwhile),
        )


def fails(**facts: Any) -> Quirk:
    """Return a row that ends without a video."""
    return Quirk(**{"end": S.FAILED, **facts})


UNCLEAR = says("<html>bad gateway</html>", 502, kind="text/html")
"""The answer to a create that was accepted."""
REFUSED: Mapping[str, Any] = {"end": S.FAILED, "ends_with": NOT_TAKEN}


def listed(**facts: Any) -> Mapping[str, Any]:
    """Return how a render stands in a list."""
    usual = {"id": "<id>", "object": "video", "status": "in_progress", "created_at": "<now>"}
    return usual | {"size": "1280x720", "seconds": "4"} | facts

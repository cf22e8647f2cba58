"""The API's list of renders, read to find one whose create was never answered, or to show them all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.domain.errors import BadResponse, OutcomeUnknown, ProviderError, Unavailable
from bot.domain.remote import RemoteVideo
from bot.domain.video import VideoRequest
from bot.providers.http import ProviderHttp
from bot.providers.normalise import read_video
from bot.providers.profile_answer import USUAL, Answer
from bot.providers.profile_routes import with_query
from bot.providers.refusal import refused_get

PAGE = 100
PAGES = 20
SLACK = 30_000
"""The API's clock may be behind ours and counts whole seconds: renders this much too early are ours, ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it stands in an answer, newest first where the API can sort."""

    videos: tuple[RemoteVideo, ...]
    has_more: bool | None
    last_id: str | None

    @classmethod
    def read(cls, data: object, answer: Answer = USUAL) -> "Page":
        """Read {data, has_more, last_id}, or a bare list; entries that are no renders are left out.

        Raises:
            BadResponse: there is no list.
        """
        table = data if isinstance(data, dict) else {"data": data}
        entries = table.get("data", table.get("items"))
        if not isinstance(entries, list):
            raise BadResponse("the answer is no list of renders")
        videos = tuple(video for entry in entries if (video := _entry(answer.usual(entry))) is not None)
        more, last = table.get("has_more"), table.get("last_id")
        return cls(
            videos=videos,
            has_more=more if isinstance(more, bool) else None,
            last_id=last if isinstance(last, str) and last else videos[-1].id if videos else None,
        )

    def is_last(self, since: int) -> bool:
        """Say whether nothing created since then can stand on a later page."""
        if not self.videos or self.has_more is False:
            return True
        if self.has_more is None and len(self.videos) < PAGE:
            return True
        first, last = self.videos[0].created_at, self.videos[-1].created_at
        return first is not None and last is not None and first >= last and last < since


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoList:
    """The list route of one API; `path` may have a query of its own."""

    http: ProviderHttp
    provider: str
    path: str
    answer: Answer = USUAL
    secrets: Collection[str] = ()

    async def find(self, request: VideoRequest, *, since: int) -> list[RemoteVideo]:
        """Return the renders created since then (ms) with this prompt, size and length.

        An empty list means that there is none, so that the order may be sent again. Where the list cannot
        prove that, because it does not page or its entries have no prompt, this is an error.

        Raises:
            OutcomeUnknown: nothing matches, but the list does not say everything.
            Unavailable: it could not be read, for whatever reason. None of the errors that would say
                something about the order itself.
        """
        since -= SLACK
        videos, complete = await self._since(since)
        recent = [video for video in videos if video.created_at is None or video.created_at >= since]
        found = [video for video in recent if video.prompt is not None and _same(video, request)]
        if found:
            return found
        if not complete:
            raise OutcomeUnknown(f"the list of {self.provider} has no end", provider=self.provider)
        if any(video.prompt is None and _same(video, request) for video in recent):
            raise OutcomeUnknown(f"the list of {self.provider} has no prompts", provider=self.provider)
        return []

    async def recent(self, limit: int) -> list[RemoteVideo]:
        """Return up to `limit` renders as the list has them, newest first where the API can sort.

        Raises:
            Unavailable: it could not be read, for whatever reason.
        """
        videos, _ = await self._since(0, limit)
        return videos[:limit]

    async def _since(self, since: int, enough: int = PAGE * PAGES) -> tuple[list[RemoteVideo], bool]:
        """Read pages until the last, one that repeats itself, or `enough`; say whether it was the end."""
        videos: dict[str, RemoteVideo] = {}
        query = {"limit": str(PAGE), "order": "desc"}
        for _ in range(PAGES):
            page = await self._page(query)
            fresh = {video.id: video for video in page.videos if video.id not in videos}
            videos |= fresh
            if page.is_last(since):
                return list(videos.values()), True
            if not fresh or page.last_id is None or len(videos) >= enough:
                break
            query["after"] = page.last_id
        return list(videos.values()), False

    async def _page(self, query: Mapping[str, str]) -> Page:
        try:
            reply = await self.http.get(with_query(self.path, query))
            if not reply.ok:
                raise refused_get(reply, provider=self.provider, secrets=self.secrets, answer=self.answer)
            return Page.read(reply.data(), self.answer)
        except ProviderError as exc:
            raise Unavailable(f"{self.provider} shows no list: {exc}", provider=self.provider) from exc


def _entry(entry: object) -> RemoteVideo | None:
    try:
        return read_video(entry)
    except BadResponse:
        return None


def _same(video: RemoteVideo, request: VideoRequest) -> bool:
    """Compare what the list tells; what it does not tell differs from nothing.

    What was made from an earlier video has the size and length that the API gave it, not those asked for.
    """
    if video.prompt is not None and video.prompt.split() != request.prompt.split():
        return False
    return request.source is not None or (
        (video.size is None or video.size == str(request.size))
        and (video.seconds is None or abs(video.seconds - request.seconds) < 1)
    )

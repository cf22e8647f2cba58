"""The seam to the video APIs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from bot.domain.capabilities import Capabilities
from bot.domain.remote import PollPace, RemoteVideo, SubmitSafety
from bot.domain.video import VideoRequest


class VideoProvider(Protocol):
    """One video API. All methods raise the `ProviderError` tree and have time limits."""

    @property
    def name(self) -> str:
        """The card's name; it is stored in jobs."""

    @property
    def label(self) -> str:
        """What members read of it."""

    @property
    def models(self) -> Sequence[Capabilities]:
        """What its models take, at least one; the first is the default."""

    def capabilities(self, model: str) -> Capabilities | None:
        """Return what this model takes, None where it is not offered any more."""

    @property
    def retired(self) -> str | None:
        """The day from which it takes no orders, written "2026-09-24"; None where it goes on."""

    @property
    def submit_safety(self) -> SubmitSafety:
        """How an unclear submit is cleared up."""

    @property
    def pace(self) -> PollPace:
        """How often to ask, and for how long."""

    @property
    def slots(self) -> int:
        """How many renders may run at once."""

    async def submit(
        self, request: VideoRequest, *, picture: Path | None, last_picture: Path | None = None, key: str
    ) -> RemoteVideo:
        """Buy the render: exactly one POST on the wire unless it provably was not sent.

        Raises:
            NotSent, RateLimited: it may be sent again later.
            ContentRejected, UnsupportedRequest, AuthFailed: refused, nothing was paid.
            OutcomeUnknown: anything else; the render may exist.
        """

    async def poll(self, remote_id: str) -> RemoteVideo:
        """Ask how the render is doing."""

    async def find(self, request: VideoRequest, *, since: int) -> list[RemoteVideo]:
        """List renders created since then (ms) that match prompt, size and seconds."""

    async def download(
        self,
        video: RemoteVideo,
        *,
        into: Path,
        limit: int,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> int:
        """Stream the result to the file, going on with a part and its `.note`; return the checked length.

        Raises:
            NotReady, Unavailable, RateLimited: try again later.
            RemoteNotFound: gone for good. BadResponse: not a video, too short, or over `limit` bytes.
        """

    async def cancel(self, remote_id: str) -> bool:
        """Ask the API to stop the render; say whether it will."""


class ProviderCatalog(Protocol):
    """The configured providers."""

    def default(self) -> VideoProvider:
        """Return the provider that is used when the member chose none."""

    def get(self, name: str) -> VideoProvider | None:
        """Return the provider of this name."""

    def all(self) -> Sequence[VideoProvider]:
        """Return every provider, the default first."""

    def find(self, model: str) -> tuple[VideoProvider, Capabilities] | None:
        """Return the model that a member names: "provider/model", a model or a label, in any case."""

"""A video API of the `/videos` shape, driven by a profile. Implements the `VideoProvider` port."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from bot.domain.capabilities import Capabilities
from bot.domain.codes import Code
from bot.domain.errors import (
    AuthFailed,
    BadResponse,
    NotReady,
    OutcomeUnknown,
    ProviderError,
    RemoteNotFound,
    Unavailable,
    UnsupportedRequest,
)
from bot.domain.remote import PollPace, RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.video import VideoRequest
from bot.providers.http import ProviderHttp
from bot.providers.normalise import STATUS_WORDS, is_video, read_id, read_video, status_word
from bot.providers.order import make_order
from bot.providers.probing import probe
from bot.providers.profile import Profile, Routes
from bot.providers.refusal import refused_get, refused_order, refused_result
from bot.providers.reply import Reply
from bot.providers.result_file import ResultFile
from bot.providers.retry_after import poll_hint
from bot.providers.rounds import Rounds
from bot.providers.video_list import VideoList

PICTURE_LIMIT = 32 * 1024 * 1024
_WORDS_KEPT = 100

log = logging.getLogger(__name__)


class VideosApi:
    """One API with its models."""

    def __init__(
        self,
        *,
        name: str,
        http: ProviderHttp,
        profile: Profile,
        models: Sequence[Capabilities],
        label: str = "",
        retired: str | None = None,
        secrets: Collection[str] = (),
    ) -> None:
        self._name = name
        self._http = http
        self._profile = profile
        self._models = tuple(models)
        self._label = label
        self._retired = retired
        self._secrets = tuple(secrets)
        self._unknown_words: set[str] = set()
        listing = self._list() if profile.poll_by_list else None
        self._rounds = Rounds(listing, profile.pace) if listing is not None else None

    @property
    def name(self) -> str:
        """The card's name."""
        return self._name

    @property
    def label(self) -> str:
        """What members read of it."""
        return self._label or self._name

    @property
    def models(self) -> Sequence[Capabilities]:
        """What its models take; the first is the default."""
        return self._models

    def capabilities(self, model: str) -> Capabilities | None:
        """Return what this model takes, None where it is not offered any more."""
        return next((found for found in self._models if found.model == model), None)

    @property
    def retired(self) -> str | None:
        """The day from which it takes no orders."""
        return self._retired

    @property
    def submit_safety(self) -> SubmitSafety:
        """How an unclear submit is cleared up."""
        return self._profile.safety

    @property
    def pace(self) -> PollPace:
        """How often to ask, and for how long."""
        return self._profile.pace

    @property
    def slots(self) -> int:
        """How many renders may run at once."""
        return self._profile.slots

    async def submit(
        self, request: VideoRequest, *, picture: Path | None, last_picture: Path | None = None, key: str
    ) -> RemoteVideo:
        """Buy the render with exactly one POST; the reply may already be its end.

        `key` is sent where the profile names a header for it.

        Raises:
            NotSent, RateLimited: it may be sent again later.
            ContentRejected, UnsupportedRequest, AuthFailed: refused, nothing was paid.
            OutcomeUnknown: anything else; the render may exist.
        """
        content = None if picture is None else await self._picture(picture)
        last = None if last_picture is None else await self._picture(last_picture)
        order = make_order(self._profile, request, picture=content, last_picture=last, key=key)
        reply = await self._http.post(
            self._profile.routes.create, json=order.json, form=order.form, headers=order.headers
        )
        data = reply.data()
        # A failed render may come with an error's status: it was bought all the same.
        if (reply.ok or is_video(data)) and read_id(data) is not None:
            return self._noted(self._video(data, reply))
        raise refused_order(reply, provider=self._name, secrets=self._secrets)

    async def poll(self, remote_id: str) -> RemoteVideo:
        """Ask how the render is doing. Its id stays the given one, whatever the answer says.

        While many are under way the list may say that it is still pending: see `Rounds`. A 404 is
        `RemoteNotFound` also right after the create, when it is only replica lag: the caller knows how old
        the render is.

        Raises:
            RemoteNotFound, Unavailable, RateLimited, AuthFailed, UnsupportedRequest, BadResponse.
        """
        if self._rounds is not None and (video := await self._rounds.pending(remote_id)) is not None:
            return video
        return self._noted(await self._ask(remote_id))

    async def _ask(self, remote_id: str) -> RemoteVideo:
        def is_this_video(reply: Reply) -> bool:
            return is_video(reply.data(), remote_id=remote_id)

        route = Routes.fill(self._profile.routes.poll, remote_id)
        reply = await self._http.get(route, settled=is_this_video)
        data = reply.data()
        if (reply.ok and not reply.body.strip()) or (reply.status == 202 and data is None):
            return RemoteVideo(id=remote_id, status=RemoteStatus.RUNNING, poll_after=poll_hint(reply))
        if is_this_video(reply) or (reply.ok and status_word(data)):
            return self._video(data, reply, remote_id=remote_id)
        raise refused_get(reply, provider=self._name, secrets=self._secrets)

    async def recent(self, limit: int) -> list[RemoteVideo] | None:
        """Return the latest renders of the API's list, None where it has none.

        Raises:
            Unavailable: it could not be read, for whatever reason.
        """
        listing = self._list()
        return await listing.recent(limit) if listing is not None else None

    async def find(self, request: VideoRequest, *, since: int) -> list[RemoteVideo]:
        """List renders created since then (ms) that match prompt, size and seconds.

        The API's clock is given 30 s of slack. An empty list proves that nothing was bought; see `VideoList`.

        Raises:
            OutcomeUnknown: the list cannot prove it, or the API has none.
            Unavailable: it could not be read, for whatever reason.
        """
        listing = self._list()
        if listing is None:
            raise OutcomeUnknown(f"{self._name} has no list", provider=self._name)
        return await listing.find(request, since=since)

    async def download(
        self,
        video: RemoteVideo,
        *,
        into: Path,
        limit: int,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> int:
        """Stream the result to the file and return its length.

        The content route comes first, then the location in the answer. A file that breaks off is
        `Unavailable`. A 404 is `NotReady`: servers say so for some moments after the end, and a poll tells
        whether the render itself is gone.

        Raises:
            NotReady, Unavailable, RateLimited, AuthFailed: try again later.
            RemoteNotFound: gone for good. BadResponse: not a video, or over `limit` bytes.
            NoRoom, StorageError: the disk does not take it.
        """
        target = ResultFile(path=into, limit=limit, opening=_check_opening, progress=progress)
        content, places = self._profile.routes.content, []
        if content is not None:
            places.append(self._http.base.route(Routes.fill(content, video.id)))
        if video.url is not None:
            places.append(video.url)
        failure: ProviderError = NotReady(f"{self._name} names no result location", provider=self._name)
        for place in places:
            try:
                return await self._download(place, target)
            except (AuthFailed, BadResponse, NotReady, RemoteNotFound, Unavailable) as error:
                if error.code is Code.RESULT_TOO_LARGE:
                    raise
                failure = error
        raise failure

    async def cancel(self, remote_id: str) -> bool:
        """Ask the API to stop the render; say whether it will.

        Raises:
            Unavailable, RateLimited, AuthFailed: it could not be asked.
        """
        route = self._profile.routes.delete
        if route is None or not self._profile.delete_cancels:
            return False
        reply = await self._http.delete(Routes.fill(route, remote_id))
        if reply.ok:
            return True
        error = refused_get(reply, provider=self._name, secrets=self._secrets)
        if isinstance(error, BadResponse | RemoteNotFound | UnsupportedRequest):
            return False
        raise error

    async def probe(self) -> None:
        """Ask one harmless GET whether address and key are right; raises as `probing.probe` does."""
        await probe(self._http, self._profile, provider=self._name, secrets=self._secrets)

    def _list(self) -> VideoList | None:
        path = self._profile.routes.list
        if path is None:
            return None
        return VideoList(http=self._http, provider=self._name, path=path, secrets=self._secrets)

    def _noted(self, video: RemoteVideo) -> RemoteVideo:
        if self._rounds is not None:
            self._rounds.note(video)
        return video

    def _video(self, data: object, reply: Reply, *, remote_id: str | None = None) -> RemoteVideo:
        word = status_word(data)
        if word not in STATUS_WORDS and len(self._unknown_words) < _WORDS_KEPT:
            if word not in self._unknown_words:
                log.warning("%s says %r of a render, which is taken as running", self._name, word)
            self._unknown_words.add(word)
        return read_video(data, remote_id=remote_id, poll_after=poll_hint(reply), secrets=self._secrets)

    async def _download(self, place: str, target: ResultFile) -> int:
        answer = await self._http.download(place, target)
        if isinstance(answer, Reply):
            raise refused_result(answer, provider=self._name, secrets=self._secrets)
        return answer

    async def _picture(self, path: Path) -> bytes:
        def read() -> bytes:
            with path.open("rb") as file:
                return file.read(PICTURE_LIMIT + 1)

        try:
            content = await asyncio.to_thread(read)
        except OSError as exc:
            raise UnsupportedRequest(
                f"the picture cannot be read: {exc.strerror}",
                provider=self._name,
                code=Code.PICTURE_UNREADABLE,
            ) from exc
        if len(content) > PICTURE_LIMIT:
            raise UnsupportedRequest(
                f"the picture is over {PICTURE_LIMIT} bytes", provider=self._name, code=Code.PICTURE_TOO_LARGE
            )
        return content


def _check_opening(opening: bytes) -> None:
    """Tell a video from a message by its first bytes; the label is often wrong (LiteLLM says video/mp4)."""
    if opening[4:8] != b"ftyp" and not opening.startswith(b"\x1a\x45\xdf\xa3"):
        raise BadResponse("something that is no video" if opening else "an empty result")

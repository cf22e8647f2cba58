"""A video API of the `/videos` shape, driven by a profile. Implements the `VideoProvider` port."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from bot.domain.capabilities import Capabilities, Option
from bot.domain.codes import Code
from bot.domain.errors import BadResponse, OutcomeUnknown, ProviderError, RemoteNotFound, UnsupportedRequest
from bot.domain.remote import PollPace, RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.video import Source, VideoRequest
from bot.providers.answers import Answers
from bot.providers.http import ProviderHttp
from bot.providers.normalise import INLINE_URL, find_result, is_inline, is_video, read_id, status_word
from bot.providers.order import Order, make_order, sent_options
from bot.providers.picture_file import read_picture
from bot.providers.probing import probe
from bot.providers.profile import Profile
from bot.providers.refused_option import RefusedOptions, refused_option, refuses_field
from bot.providers.reply import Reply
from bot.providers.result import check_opening, fetch_first, places, write_inline
from bot.providers.result_file import ResultFile
from bot.providers.retry_after import poll_hint
from bot.providers.rounds import Rounds
from bot.providers.synchronous import Ends
from bot.providers.video_list import VideoList

_REFUSES = frozenset({400, 422})
_NO_ROUTE = frozenset({405, 501})
_NO_SOURCE = _NO_ROUTE | {404, 410}


class VideosApi:
    """One API with its models.

    `learnt` and `ends` are what it remembers: given by whoever builds it anew while orders are under way.
    """

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
        learnt: RefusedOptions | None = None,
        ends: Ends | None = None,
    ) -> None:
        self._name = name
        self._http = http
        self._profile = profile
        self._models = tuple(models)
        self._label = label
        self._retired = retired
        self._secrets = tuple(secrets)
        self._learnt = learnt or RefusedOptions()
        self._answers = Answers(provider=name, base=http.base, profile=profile, secrets=self._secrets)
        self._ends = ends or Ends(provider=name)
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
        return tuple(map(self._learnt.on_top_of, self._models))

    def capabilities(self, model: str) -> Capabilities | None:
        """Return what this model takes, None where it is not offered any more."""
        return next((found for found in self.models if found.model == model), None)

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
        content = None if picture is None else await read_picture(picture, provider=self._name)
        last = None if last_picture is None else await read_picture(last_picture, provider=self._name)
        order = make_order(self._profile, request, picture=content, last_picture=last, key=key)
        reply = await self._http.post(
            order.route,
            json=order.json,
            form=order.form,
            headers=order.headers,
            limit=self._profile.answer.longest,
            patience=self._profile.create.patience,
        )
        data = self._answers.data(reply)
        if self._profile.routes.poll is None:
            if (end := self._ends.read(data, reply, self._answers)) is not None:
                return end
        # A failed render may come with an error's status: it was bought all the same.
        elif (reply.ok or is_video(data)) and read_id(data) is not None:
            return self._noted(self._answers.video(data, reply))
        if request.source is not None and self._has_no_source(request.source, request.model, order, reply):
            said = self._answers.refused_order(reply)
            raise UnsupportedRequest(str(said), provider=self._name, code=Code.SOURCE_GONE)
        error = self._answers.refused_order(reply)
        if isinstance(error, UnsupportedRequest) and reply.status in _REFUSES:
            sent = sent_options(order.create, request, picture=content, last_picture=last)
            if (option := refused_option(data, sent)) is not None:
                raise self._learn(request.model, option, error)
        raise error

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
        return self._noted((await self._ask(remote_id))[0])

    async def _ask(self, remote_id: str) -> tuple[RemoteVideo, object]:
        """Return the render and the answer in which it stood."""
        if self._profile.routes.poll is None:
            return self._ends.get(remote_id), None

        def is_this(data: object) -> bool:
            return is_video(data, remote_id=remote_id)

        reply = await self._http.get(
            self._profile.url(self._profile.routes.poll, remote_id),
            settled=lambda reply: is_this(self._answers.data(reply)),
            limit=self._profile.answer.longest,
        )
        data = self._answers.data(reply)
        if (reply.ok and not reply.body.strip()) or (reply.status == 202 and data is None):
            return RemoteVideo(id=remote_id, status=RemoteStatus.RUNNING, poll_after=poll_hint(reply)), None
        if is_this(data) or (reply.ok and status_word(data)):
            return self._answers.video(data, reply, remote_id=remote_id), data
        raise self._answers.refused(reply)

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

        The content route and the location in the answer are tried in the profile's order. A file that breaks
        off is `Unavailable`. A 404 is `NotReady`: servers say so for some moments after the end, and a poll
        tells whether the render itself is gone.

        Raises:
            NotReady, Unavailable, RateLimited, AuthFailed: try again later.
            RemoteNotFound: gone for good. BadResponse: not a video, or over `limit` bytes.
            NoRoom, StorageError: the disk does not take it.
        """
        target = ResultFile(path=into, limit=limit, opening=check_opening, progress=progress)
        if video.url == INLINE_URL:
            found = await self._inline(video.id)
            if found is not None and is_inline(found):
                return await write_inline(found, target, provider=self._name)
            video = replace(video, url=found)
        locations = places(self._profile, self._http, video)
        return await fetch_first(self._http, self._answers, locations, target, provider=self._name)

    async def _inline(self, remote_id: str) -> str | None:
        """Return the video that stands in the render's answer, asked for again where it can be."""
        if self._profile.routes.poll is None:
            return self._ends.inline(remote_id)
        _, data = await self._ask(remote_id)
        return find_result(data)

    async def cancel(self, remote_id: str) -> bool:
        """Ask the API to stop the render; say whether it will.

        Raises:
            Unavailable, RateLimited, AuthFailed: it could not be asked.
        """
        routes, method = self._profile.routes, self._profile.cancel_method.value
        route = routes.cancel
        if route is None and self._profile.delete_cancels:
            route, method = routes.delete, "DELETE"
        if route is None:
            return False
        reply = await self._http.delete(self._profile.url(route, remote_id), method=method)
        if reply.ok:
            return True
        error = self._answers.refused(reply)
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
        return VideoList(
            http=self._http,
            provider=self._name,
            path=self._profile.url(path),
            answer=self._profile.answer,
            secrets=self._secrets,
        )

    def _noted(self, video: RemoteVideo) -> RemoteVideo:
        if self._rounds is not None:
            self._rounds.note(video)
        return video

    def _has_no_source(self, source: Source, model: str, order: Order, reply: Reply) -> bool:
        """Say whether the API refuses to go on from an earlier video; remember it where it never does."""
        never = reply.status in _NO_ROUTE or (
            reply.status in _REFUSES
            and order.video is not None
            and refuses_field(self._answers.data(reply), order.video)
        )
        if never:
            self._learnt.add_use(model, source.use)
        return never or reply.status in _NO_SOURCE

    def _learn(self, model: str, option: Option, error: ProviderError) -> UnsupportedRequest:
        """Remember what the model refused; return the error that names it."""
        self._learnt.add(model, option)
        found = self.capabilities(model)
        shown = (found.shown_as if found is not None else model) or self.label
        return UnsupportedRequest(
            str(error), provider=self._name, code=Code.OPTION_UNSUPPORTED, option=option.value, model=shown
        )

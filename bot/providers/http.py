"""HTTP to one video API. The only file that imports httpx.

Foreign exceptions are mapped here, in `translated`; statuses are left to the caller, as a `Reply`.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from bot.domain.errors import BadResponse, NotSent, OutcomeUnknown, ProviderError, Unavailable
from bot.providers.addresses import Resolve, resolve_public
from bot.providers.base_url import PORTS, BaseUrl, Origin
from bot.providers.reply import Reply
from bot.providers.result_file import ResultFile
from bot.providers.retries import Retries
from bot.providers.retry_after import retry_after

Transport = httpx.AsyncBaseTransport
Part = tuple[str, tuple[str | None, str | bytes] | tuple[str | None, str | bytes, str]]
"""One part of a form: (field, (file name or None, content[, content type]))."""

JSON_LIMIT = 4 * 1024 * 1024
HOPS = 5
_CONTENT = frozenset({httpx.codes.OK, httpx.codes.PARTIAL_CONTENT})
_NO_SUCH_RANGE = httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NONSENSE = (
    httpx.CookieConflict,
    httpx.DecodingError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpx.TooManyRedirects,
    httpx.UnsupportedProtocol,
)
# OSError: TimeoutError of a whole exchange, and what slips through below httpx.
_FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """Seconds. The first five are for one wait, the others for a whole exchange."""

    connect: float = 10.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 15.0
    order_read: float = 180.0
    get: float = 60.0
    order: float = 300.0
    download: float = 3600.0


class ProviderHttp:
    """Requests to one API: credentials for its origin alone, GETs retried, POSTs sent exactly once."""

    def __init__(
        self,
        base: BaseUrl,
        *,
        name: str,
        credentials: Mapping[str, str],
        transport: Transport | None = None,
        resolve: Resolve = resolve_public,
        limits: TimeLimits | None = None,
        retries: Retries | None = None,
    ) -> None:
        self._base = base
        self._name = name
        self._credentials = dict(credentials)
        self._resolve = resolve
        self._limits = limits or TimeLimits()
        self._retries = retries or Retries()
        verify = True if transport is not None else httpx.create_ssl_context()
        # A server may close an idle connection in the very moment in which it is used again. A GET is
        # repeated then; a POST could not tell whether it arrived, so each gets a connection of its own.
        self._gets, self._orders = (
            httpx.AsyncClient(
                transport=transport,
                verify=verify,
                timeout=httpx.Timeout(
                    connect=self._limits.connect, read=read, write=self._limits.write, pool=self._limits.pool
                ),
                limits=httpx.Limits(max_connections=100, max_keepalive_connections=kept),
                headers={"user-agent": "reelbot", "accept-encoding": "identity"},
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=False,
            )
            for read, kept in ((self._limits.read, 100), (self._limits.order_read, 0))
        )

    @property
    def base(self) -> BaseUrl:
        """The configured address."""
        return self._base

    async def aclose(self) -> None:
        """Close every connection."""
        await self._gets.aclose()
        await self._orders.aclose()

    async def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        settled: Callable[[Reply], bool] = lambda _: False,
    ) -> Reply:
        """Ask a route; again up to twice while the API is busy or does not answer.

        `settled` says of a reply with a busy status that it is the answer all the same.

        Raises:
            Unavailable: no answer. BadResponse: a body over 4 MiB.
        """

        async def attempt() -> Reply:
            async with translated(self._name, self._limits.get):
                return await self._exchange(self._gets, "GET", path, params=params)

        return await self._retries.run(attempt, lambda reply: None if settled(reply) else reply)

    async def delete(self, path: str) -> Reply:
        """Send one DELETE.

        Raises:
            Unavailable: no answer. BadResponse: a body over 4 MiB.
        """
        async with translated(self._name, self._limits.get):
            return await self._exchange(self._gets, "DELETE", path)

    async def post(
        self,
        path: str,
        *,
        json: Mapping[str, object] | None = None,
        form: Sequence[Part] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send exactly one POST, with a JSON or a multipart body.

        Raises:
            NotSent: no connection was made. OutcomeUnknown: anything else that brings no answer.
        """
        async with translated(self._name, self._limits.order, order=True):
            return await self._exchange(
                self._orders, "POST", path, json=json, files=form, headers=headers or {}
            )

    async def download(self, url: str, into: ResultFile) -> int | Reply:
        """Stream a result to the file and return its length, or the reply where it is no content.

        What is here of it already is not asked for again where the server sends the rest. A relative URL is
        joined to the API's address. Up to five redirects are followed by hand, with credentials at the
        configured origin alone (reference: providers, redirect and URL security).

        Raises:
            Unavailable: no answer, or it stopped early.
            BadResponse: too long, no video, or a forbidden address.
            NoRoom, StorageError: the disk does not take it.
        """

        async def attempt() -> int | Reply:
            begun = await into.begun()
            if begun.is_whole:
                return begun.length
            async with translated(self._name, self._limits.download):
                response = await self._follow(url, begun.request_headers())
                status = response.status_code
                if status not in _CONTENT and not (status == _NO_SUCH_RANGE and begun.length):
                    return await self._reply(response)
                async with contextlib.aclosing(response):
                    return await into.take(begun, status, response.headers, response.aiter_raw())

        return await self._retries.run(attempt, lambda answer: answer if isinstance(answer, Reply) else None)

    async def _exchange(
        self,
        client: httpx.AsyncClient,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
        files: Sequence[Part] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        request = client.build_request(
            method,
            self._base.route(path),
            params=params,
            json=json,
            files=files,
            headers={**self._credentials, **(headers or {})},
        )
        return await self._reply(await client.send(request, stream=True))

    async def _reply(self, response: httpx.Response) -> Reply:
        """Read the body; of an error's body as much as can be read."""
        body = bytearray()
        async with contextlib.aclosing(response):
            try:
                async for part in response.aiter_raw():
                    body += part
                    if len(body) > JSON_LIMIT:
                        raise BadResponse(f"an answer of over {JSON_LIMIT} bytes")
            except (httpx.HTTPError, BadResponse):
                if response.status_code < httpx.codes.BAD_REQUEST:
                    raise
        headers = dict(response.headers)
        return Reply(
            status=response.status_code,
            headers=headers,
            body=bytes(body[:JSON_LIMIT]),
            retry_after=retry_after(headers, now=time.time()),
        )

    async def _follow(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        target = httpx.URL(self._base.text + "/")
        for _ in range(HOPS + 1):
            try:
                target = target.join(url)
            except ValueError as exc:
                raise BadResponse("a result location that is no URL") from exc
            request = await self._request_for(target)
            request.headers.update(headers)
            response = await self._gets.send(request, stream=True)
            if not response.has_redirect_location:
                return response
            url = response.headers["location"]
            await response.aclose()
        raise BadResponse(f"more than {HOPS} redirects")

    async def _request_for(self, target: httpx.URL) -> httpx.Request:
        """Build a GET that carries credentials home only, and reaches no private address but home."""
        origin = Origin(target.scheme, target.host, target.port or PORTS.get(target.scheme, 0))
        home = self._base.origin
        if target.userinfo or origin.scheme not in {"https", home.scheme}:
            raise BadResponse("a result location that is not plain https")
        if origin == home:
            return self._gets.build_request("GET", target, headers=self._credentials)
        try:
            address = await self._resolve(origin.host, origin.port)
        except ValueError as exc:
            raise BadResponse(f"a forbidden result location: {exc}") from exc
        # Connecting to the very address that was checked: the name cannot change its meaning in between.
        return self._gets.build_request(
            "GET",
            target.copy_with(host=address),
            # Kept, it could be used again for another name at that address, with the first one's certificate.
            headers={"host": target.netloc.decode("ascii"), "connection": "close"},
            extensions={"sni_hostname": origin.host},
        )


@contextlib.asynccontextmanager
async def translated(provider: str, seconds: float, *, order: bool = False) -> AsyncIterator[None]:
    """Give an exchange its time and turn every foreign exception into ours, named after the provider.

    With `order` something may have been bought: only what provably was not sent may be sent again
    (reference: jobs, rule 1). The text of a foreign exception is kept only where nothing was exchanged yet:
    no header and no signed URL can stand in it then.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except _NOT_SENT as exc:
        kind = NotSent if order else Unavailable
        raise kind(
            f"{provider} cannot be reached: {str(exc)[:120] or _name(exc)}", provider=provider
        ) from exc
    except _FOREIGN as exc:
        if order:
            raise OutcomeUnknown(f"{provider} did not answer: {_name(exc)}", provider=provider) from exc
        if isinstance(exc, _NONSENSE):
            raise BadResponse(f"{provider} sent nonsense: {_name(exc)}", provider=provider) from exc
        raise Unavailable(f"{provider} did not answer: {_name(exc)}", provider=provider) from exc
    except BadResponse as exc:
        if order:
            raise OutcomeUnknown(f"{provider} sent {exc}", provider=provider) from exc
        raise BadResponse(f"{provider} sent {exc}", provider=provider, code=exc.code) from exc
    except ProviderError as exc:
        exc.provider = provider
        raise


def _name(exc: BaseException) -> str:
    return type(exc).__name__

"""HTTP to one video API. The only file that imports httpx.

Foreign exceptions are mapped here, in `translated`; statuses are left to the caller, as a `Reply`.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from bot.domain.errors import BadResponse, NotSent, OutcomeUnknown, ProviderError, Unavailable
from bot.providers.addresses import Reach, Resolve, resolve_host, resolve_public
from bot.providers.base_url import PORTS, BaseUrl, Origin
from bot.providers.reply import Reply
from bot.providers.result_file import ResultFile
from bot.providers.retries import Retries
from bot.providers.retry_after import retry_after
from bot.providers.time_limits import TimeLimits

Transport = httpx.AsyncBaseTransport
Part = tuple[str, tuple[str | None, str | bytes] | tuple[str | None, str | bytes, str]]
"""One part of a form: (field, (file name or None, content[, content type]))."""

JSON_LIMIT = 4 * 1024 * 1024
HOPS = 5
TURNS = 32
"""So many GETs at once: for each, httpcore looks through every one that waits and every open connection."""
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


class ProviderHttp:
    """Requests to one API: credentials for its origin alone, GETs retried, POSTs sent exactly once.

    `allow_private` lets its results stand on hosts of the own network.
    """

    def __init__(
        self,
        base: BaseUrl,
        *,
        name: str,
        credentials: Mapping[str, str],
        transport: Transport | None = None,
        resolve: Resolve | None = None,
        allow_private: bool = False,
        limits: TimeLimits | None = None,
        retries: Retries | None = None,
    ) -> None:
        self._base = base
        self._name = name
        self._credentials = dict(credentials)
        outside = resolve_host if allow_private else resolve_public
        self._reach = Reach(home=base.origin, resolve=resolve or outside)
        self._limits = limits or TimeLimits()
        self._retries = retries or Retries()
        self._turns = asyncio.Semaphore(TURNS)
        verify = True if transport is not None else httpx.create_ssl_context()
        # A server may close an idle connection in the very moment in which it is used again. A GET is
        # repeated then; a POST could not tell whether it arrived, so each gets a connection of its own.
        self._gets, self._orders = (
            httpx.AsyncClient(
                transport=transport,
                verify=verify,
                timeout=self._timeout(read),
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
        settled: Callable[[Reply], bool] = lambda _: False,
        limit: int = JSON_LIMIT,
    ) -> Reply:
        """Ask a route; again up to twice while the API is busy or does not answer.

        `settled` says of a reply with a busy status that it is the answer all the same.

        Raises:
            Unavailable: no answer. BadResponse: a body over `limit` bytes.
        """

        async def attempt() -> Reply:
            async with self._turns, translated(self._name, self._limits.get):
                return await self._exchange(self._gets, "GET", path, limit)

        return await self._retries.run(attempt, lambda got: got if got.ok or not settled(got) else None)

    async def delete(self, path: str, *, method: str = "DELETE") -> Reply:
        """Send one DELETE, or what stands in its place; raise `Unavailable` or `BadResponse` like `get`."""
        async with translated(self._name, self._limits.get):
            return await self._exchange(self._gets, method, path)

    async def post(
        self,
        path: str,
        *,
        json: Mapping[str, object] | None = None,
        form: Sequence[Part] | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = JSON_LIMIT,
        patience: float | None = None,
    ) -> Reply:
        """Send exactly one POST, with a JSON or a multipart body.

        `patience` replaces the time limits, in seconds: some APIs render before they answer.

        Raises:
            NotSent: no connection was made. OutcomeUnknown: anything else that brings no answer.
        """
        wait = self._timeout(patience or self._limits.order_read)
        async with translated(self._name, patience or self._limits.order, order=True):
            return await self._exchange(
                self._orders, "POST", path, limit, json=json, files=form, headers=headers, timeout=wait
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

    async def fetch(self, url: str, *, limit: int) -> Reply:
        """Read a file of at most `limit` bytes into memory; its URL is followed as in `download`.

        Raises:
            Unavailable: no answer, or it stopped early.
            BadResponse: too long (fact `limit`), or a forbidden address (fact `reason`).
        """
        async with translated(self._name, self._limits.get):
            return await self._reply(await self._follow(url, {}), limit, raw=True)

    def _timeout(self, read: float) -> httpx.Timeout:
        own = self._limits
        return httpx.Timeout(connect=own.connect, read=read, write=own.write, pool=own.pool)

    async def _exchange(
        self, client: httpx.AsyncClient, method: str, path: str, limit: int = JSON_LIMIT, **options: Any
    ) -> Reply:
        headers = {**self._credentials, **(options.pop("headers", None) or {})}
        request = client.build_request(method, self._base.route(path), headers=headers, **options)
        return await self._reply(await client.send(request, stream=True), limit)

    async def _reply(self, response: httpx.Response, limit: int = JSON_LIMIT, *, raw: bool = False) -> Reply:
        """Read the body, unpacked if an API packs it unasked; of an error's body as much as can be read."""
        body = bytearray()
        async with contextlib.aclosing(response):
            try:
                async for part in response.aiter_raw() if raw else response.aiter_bytes():
                    body += part
                    if len(body) > limit:
                        raise BadResponse(f"an answer of over {limit} bytes", limit=limit)
            except (httpx.HTTPError, BadResponse):
                if response.status_code < httpx.codes.BAD_REQUEST:
                    raise
        headers = dict(response.headers)
        return Reply(
            status=response.status_code,
            headers=headers,
            body=bytes(body[:limit]),
            retry_after=retry_after(headers, now=time.time()),
        )

    async def _follow(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        target = httpx.URL(self._base.text + "/")
        for _ in range(HOPS + 1):
            try:
                target = target.join(url)
            except (ValueError, httpx.InvalidURL) as exc:
                raise BadResponse("a result location that is no URL", reason="it is no link") from exc
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
        port = target.port or PORTS.get(target.scheme, 0)
        origin = Origin(target.scheme, target.raw_host.decode("ascii"), port)
        try:
            if target.userinfo:
                raise ValueError("it carries a user name or password")
            address = await self._reach.address_of(origin)
        except ValueError as exc:
            raise BadResponse(f"a forbidden result location: {exc}", reason=str(exc)) from exc
        if address is None:
            return self._gets.build_request("GET", target, headers=self._credentials)
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

    With `order` something may have been bought: only what provably was not sent may be sent again (reference:
    jobs, rule 1). A foreign exception's text is kept where no header and no signed URL can stand in it.
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
        exc.args, exc.provider = (f"{provider} sent {exc}",), provider
        raise
    except ProviderError as exc:
        exc.provider = provider
        raise


def _name(exc: BaseException) -> str:
    return type(exc).__name__

"""POSTs to addresses that members name: a stranger's server, reached from inside the owner's network."""

import ssl
from collections.abc import Mapping

import aiohttp
from yarl import URL

from bot.domain.callback import check_address
from bot.domain.errors import Unavailable
from bot.providers.addresses import Resolve, resolve_public

SECONDS = 10.0


class PublicPost:
    """Implements `bot.jobs.callbacks.Post`: https to public addresses; no redirect, no cookie, no proxy.

    `resolve` and `trust` let a test stand in for the internet.
    """

    def __init__(self, *, resolve: Resolve = resolve_public, trust: ssl.SSLContext | None = None) -> None:
        self._resolve = resolve
        self._trust = trust

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
        """Send one POST and return the status of its answer; nothing else of the answer is read.

        Raises:
            ValueError: the address must not be reached.
            Unavailable: no answer within ten seconds.
        """
        flaw = check_address(url)
        if flaw is not None:
            raise ValueError(flaw)
        target = URL(url)
        host, port = target.raw_host or "", target.port or 443
        # Connecting to the very address that was checked: the name cannot change its meaning in between.
        address = await self._resolve(host, port)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(force_close=True),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=SECONDS),
                    auto_decompress=False,
                    trust_env=False,
                ) as session,
                session.post(
                    target.with_host(address),
                    data=body,
                    headers={**headers, "host": target.host_port_subcomponent or host},
                    server_hostname=host,
                    ssl=self._trust or True,
                    allow_redirects=False,
                ) as response,
            ):
                return response.status
        except (aiohttp.ClientError, OSError) as exc:
            raise Unavailable(f"the callback's address did not answer: {type(exc).__name__}") from exc

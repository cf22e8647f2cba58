"""Files that members point to: a stranger's address, read from inside the owner's network."""

import re

from bot.domain.codes import Code
from bot.domain.errors import BadResponse, InvalidRequest, ProviderError
from bot.providers.addresses import Resolve, resolve_public
from bot.providers.base_url import BaseUrl, Origin
from bot.providers.http import ProviderHttp, Transport
from bot.providers.time_limits import TimeLimits

LONGEST_URL = 2048
LIMITS = TimeLimits(read=15.0, get=45.0)
"""A member waits for this, and a stranger's server must not hold the bot."""
_ABSOLUTE = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)


class ForeignFiles:
    """Implements `bot.ports.PictureFetcher`: https from public addresses, without any credential.

    Redirects are followed by hand, and each address is checked and then connected to itself. `resolve` and
    `plain` (http is taken as well) let a host of one's own pass.
    """

    def __init__(
        self,
        *,
        resolve: Resolve = resolve_public,
        plain: bool = False,
        transport: Transport | None = None,
        limits: TimeLimits = LIMITS,
    ) -> None:
        # There is no home: no URL has an empty host.
        nowhere = BaseUrl("https://", Origin("http" if plain else "https", "", 0))
        self._http = ProviderHttp(
            nowhere,
            name="the server",
            credentials={},
            transport=transport,
            resolve=resolve,
            limits=limits,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def fetch(self, url: str, *, limit: int) -> bytes:
        """Download at most `limit` bytes from a public address; what they are is not looked at.

        Raises:
            InvalidRequest: PICTURE_ADDRESS with the `reason`, PICTURE_UNREACHABLE, or PICTURE_TOO_LARGE with
                the `limit` in MiB.
        """
        try:
            reply = await self._http.fetch(_checked(url), limit=limit)
        except BadResponse as exc:
            raise _refusal(exc, limit) from exc
        except ProviderError as exc:
            raise InvalidRequest(str(exc), code=Code.PICTURE_UNREACHABLE) from exc
        if reply.status != 200 or not reply.body:
            raise InvalidRequest(f"status {reply.status}", code=Code.PICTURE_UNREACHABLE)
        return reply.body


def _checked(url: str) -> str:
    """Return what a member pasted as one absolute URL, without what may stand around a link in a chat."""
    url = url.strip().removeprefix("<").removesuffix(">")
    if len(url) > LONGEST_URL or not _ABSOLUTE.match(url) or not url.isprintable():
        raise InvalidRequest("no absolute URL", code=Code.PICTURE_ADDRESS, reason="it is no https:// link")
    return url


def _refusal(exc: BadResponse, limit: int) -> InvalidRequest:
    if "reason" in exc.facts:
        return InvalidRequest(str(exc), code=Code.PICTURE_ADDRESS, reason=exc.facts["reason"])
    if "limit" in exc.facts:
        return InvalidRequest(str(exc), code=Code.PICTURE_TOO_LARGE, limit=limit >> 20)
    return InvalidRequest(str(exc), code=Code.PICTURE_UNREACHABLE)

"""One harmless question: are the address and the key of a video API right?"""

from collections.abc import Collection

from bot.domain.errors import BadResponse, RemoteNotFound
from bot.providers.discovery import entries
from bot.providers.http import ProviderHttp
from bot.providers.profile import Profile
from bot.providers.refusal import refused_get
from bot.providers.reply import Reply


async def probe(http: ProviderHttp, profile: Profile, *, provider: str, secrets: Collection[str]) -> object:
    """Ask one harmless GET whether address and key are right, and return the list that came.

    Raises:
        Unavailable: nothing answers there. AuthFailed: the key is wrong.
        BadResponse: something answers that is no video API. The text says what to set right.
    """
    base, route = http.base, profile.routes.probe
    reply = await http.get(profile.url(route))
    if reply.ok and entries(reply.data()) is not None:
        return reply.data()
    error = refused_get(reply, provider=provider, secrets=secrets)
    if reply.ok or reply.redirects or isinstance(error, BadResponse | RemoteNotFound):
        hint = _likely_base(base.text, reply, route)
        raise BadResponse(
            f"{base.text} is no video API ({error}); check the base URL{hint}", provider=provider
        )
    raise error


def _likely_base(base: str, reply: Reply, route: str) -> str:
    """Guess what the base URL should be: where the API redirects to, or the usual "/v1"."""
    location = reply.headers.get("location", "")
    if reply.redirects and location.startswith("http") and location.endswith(route):
        return f"; perhaps it is {location.removesuffix(route)[:200]}"
    return "" if base.endswith("/v1") else f"; perhaps it is {base}/v1"

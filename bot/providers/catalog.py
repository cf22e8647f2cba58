"""The configured providers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field

from bot.domain.capabilities import Capabilities
from bot.domain.errors import ConfigError
from bot.providers.base_url import BaseUrl
from bot.providers.http import ProviderHttp, Transport
from bot.providers.profile import load_profile
from bot.providers.videos_api import VideosApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One provider as it is configured. `name` is kept in jobs; a `model` of "" is not sent."""

    name: str
    base_url: str
    key: str | None = field(default=None, repr=False)
    profile: str = "openai"
    model: str = ""


class Catalog:
    """Implements the `ProviderCatalog` port over providers that are open; the first is the default."""

    def __init__(self, providers: Sequence[VideosApi]) -> None:
        """Keep the providers in their order.

        Raises:
            ConfigError: there is none, or two have one name.
        """
        if not providers:
            raise ConfigError("No video API is configured; set VIDEO_API_BASE_URL.")
        self._providers: dict[str, VideosApi] = {}
        for provider in providers:
            if provider.name in self._providers:
                raise ConfigError(f"Two providers are called {provider.name!r}; every name may stand once.")
            self._providers[provider.name] = provider

    def default(self) -> VideosApi:
        """Return the provider that is used when the member chose none."""
        return next(iter(self._providers.values()))

    def get(self, name: str) -> VideosApi | None:
        """Return the provider of this name."""
        return self._providers.get(name)

    def all(self) -> Sequence[VideosApi]:
        """Return every provider, the default first."""
        return tuple(self._providers.values())

    def find(self, model: str) -> tuple[VideosApi, Capabilities] | None:
        """Return the model that a member names: "provider/model", a model or a label, in any case."""
        wanted = model.strip().casefold()
        for provider in self._providers.values():
            for found in provider.models:
                names = (f"{provider.name}/{found.model}", found.model, found.shown_as)
                if wanted in map(str.casefold, names):
                    return provider, found
        return None


@contextlib.asynccontextmanager
async def open_catalog(
    cards: Sequence[Card], *, transport: Transport | None = None
) -> AsyncIterator[Catalog]:
    """Open every card's provider; nothing is sent yet, so that a bot starts while its provider is down.

    Raises:
        ConfigError: a card is wrong; one sentence that says what to set right.
    """
    async with contextlib.AsyncExitStack() as stack:
        providers = [
            await stack.enter_async_context(open_provider(card, transport=transport)) for card in cards
        ]
        yield Catalog(providers)


@contextlib.asynccontextmanager
async def open_provider(card: Card, *, transport: Transport | None = None) -> AsyncIterator[VideosApi]:
    """Open one provider; `transport` takes the place of the network.

    Raises:
        ConfigError: the card is wrong.
    """
    base, key = BaseUrl.parse(card.base_url, setting=f"The base URL of {card.name!r}"), _key(card)
    profile = await asyncio.to_thread(load_profile, card.profile)
    http = ProviderHttp(base, name=card.name, credentials=profile.credentials(key), transport=transport)
    async with contextlib.aclosing(http):
        yield VideosApi(
            name=card.name,
            http=http,
            profile=profile,
            models=(profile.capabilities(card.model),),
            secrets=(key,) if key else (),
        )


def short_cards(
    *, base_url: str, key: str | None, profile: str = "openai", models: Collection[str] = ()
) -> list[Card]:
    """Build the cards of the short settings: one a model, named after it; without any, the profile."""
    return [
        Card(name=model or profile, base_url=base_url, key=key, profile=profile, model=model)
        for model in dict.fromkeys(models or ("",))
    ]


def _key(card: Card) -> str | None:
    """Return the key without the spaces that come along when it is pasted."""
    key = (card.key or "").strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError(f"The key of {card.name!r} is wrong: it has spaces or unusual characters inside.")
    return key or None

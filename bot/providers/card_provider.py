"""A card come to life: its profile, its connection and its provider."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field

from bot.domain.capabilities import Capabilities
from bot.providers.base_url import BaseUrl
from bot.providers.card import Card
from bot.providers.card_capabilities import merge
from bot.providers.discovery import Discovered, read_openrouter
from bot.providers.http import ProviderHttp, Transport
from bot.providers.profile import Profile, load_profile
from bot.providers.refusal import refused_get
from bot.providers.refused_option import RefusedOptions
from bot.providers.synchronous import Ends
from bot.providers.videos_api import VideosApi

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class CardProvider:
    """One provider with what it was made from; `api` is made anew when more is known of its models."""

    card: Card
    profile: Profile
    http: ProviderHttp
    closed: str | None = None
    found: Mapping[str, Discovered] = field(default_factory=dict)
    replaces: InitVar["CardProvider | None"] = None
    api: VideosApi = field(init=False)
    learnt: RefusedOptions = field(init=False, default_factory=RefusedOptions)
    ends: Ends = field(init=False)

    def __post_init__(self, replaces: "CardProvider | None") -> None:
        # An order that is under way on the old one brings its end there, and the job asks here.
        self.ends = replaces.ends if replaces is not None else Ends(provider=self.card.name)
        if replaces is not None and replaces.card.base_url == self.card.base_url:
            # Until the next discovery brings its own.
            self.found = replaces.found
            self.learnt = replaces.learnt
        self.api = self._make()

    def same_as(self, card: Card, profile: Profile) -> bool:
        """Say whether a card as it stands now describes just this provider."""
        return (self.card, self.profile) == (card, profile)

    def close_since(self, day: str | None) -> None:
        """Take no orders from this day on; None takes them again."""
        if day != self.closed:
            self.closed = day
            self.api = self._make()

    async def discover(self) -> None:
        """Ask the API what its models take, where its profile says how.

        Raises:
            ProviderError: it did not tell.
        """
        ask = self.profile.discovery
        if ask is None:
            return
        reply = await self.http.get(self.profile.url(ask.route))
        found = read_openrouter(reply.data()) if reply.ok else {}
        if not found:
            raise refused_get(reply, provider=self.card.name, secrets=self.secrets)
        models = {model.name for model in self.card.models}
        for name in models - found.keys() - {""}:
            log.warning("the list of the video API %r has no model %r", self.card.name, name)
        wanted = {name: found[name] for name in models & found.keys()}
        if wanted != self.found:
            self.found = wanted
            self.api = self._make()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no sentence may show."""
        key = self.card.clean_key()
        return (key,) if key else ()

    @property
    def capabilities(self) -> tuple[Capabilities, ...]:
        """What its models take, in the card's order."""
        return tuple(merge(self.profile, model, self.found.get(model.name)) for model in self.card.models)

    def _make(self) -> VideosApi:
        return VideosApi(
            name=self.card.name,
            label=self.card.label,
            http=self.http,
            profile=self.profile,
            models=self.capabilities,
            retired=self.closed,
            secrets=self.secrets,
            learnt=self.learnt,
            ends=self.ends,
        )


async def read_profile(card: Card) -> Profile:
    """Return the card's profile with what the card says instead.

    Raises:
        ConfigError: there is none, or it is wrong.
    """
    return card.adapt(await asyncio.to_thread(load_profile, card.profile))


def make_provider(
    card: Card,
    profile: Profile,
    *,
    replaces: CardProvider | None = None,
    transport: Transport | None = None,
) -> CardProvider:
    """Build the provider; its `http` is the caller's to close. Nothing is sent yet.

    Raises:
        ConfigError: the base URL or the key is wrong.
    """
    base = BaseUrl.parse(card.base_url, setting=f"The base URL of {card.name!r}")
    http = ProviderHttp(
        base,
        name=card.name,
        credentials=profile.credentials(card.clean_key()),
        transport=transport,
        allow_private=card.allow_private,
    )
    return CardProvider(card, profile, http, replaces=replaces)

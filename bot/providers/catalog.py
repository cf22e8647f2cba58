"""The configured providers, which may change while the bot runs."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, date, datetime

from bot.domain.capabilities import Capabilities
from bot.domain.errors import ConfigError, ProviderError
from bot.domain.webhooks import WebhookSecret
from bot.providers.card import Card
from bot.providers.card_provider import CardProvider, make_provider, read_profile
from bot.providers.http import Transport
from bot.providers.videos_api import VideosApi

log = logging.getLogger(__name__)

_NONE = "No video API is configured; set VIDEO_API_BASE_URL or PROVIDERS_FILE."


class Catalog:
    """Implements the `ProviderCatalog` port; the first provider is the default."""

    def __init__(self, providers: Sequence[VideosApi]) -> None:
        """Keep the providers in their order.

        Raises:
            ConfigError: there is none, or two have one name.
        """
        self._providers: dict[str, VideosApi] = {}
        self.show(providers)

    def show(self, providers: Iterable[VideosApi]) -> None:
        """Put others in the place of all.

        Raises:
            ConfigError: there is none, or two have one name; nothing was changed.
        """
        shown: dict[str, VideosApi] = {}
        for provider in providers:
            if provider.name in shown:
                raise ConfigError(f"Two providers are called {provider.name!r}; every name may stand once.")
            shown[provider.name] = provider
        if not shown:
            raise ConfigError(_NONE)
        self._providers = shown

    def default(self) -> VideosApi:
        """Return the provider that is used when the member chose none: the first that takes orders."""
        providers = self._providers.values()
        return next((provider for provider in providers if provider.retired is None), next(iter(providers)))

    def get(self, name: str) -> VideosApi | None:
        """Return the provider of this name."""
        return self._providers.get(name)

    def all(self) -> Sequence[VideosApi]:
        """Return every provider in its order; one whose card is gone stays at the end for its jobs."""
        return tuple(self._providers.values())

    def find(self, model: str) -> tuple[VideosApi, Capabilities] | None:
        """Return the model that a member names: "provider/model", a model or a label, in any case.

        One that takes orders goes before one that is retired.
        """
        wanted = model.strip().casefold()
        matches = (
            (provider, found)
            for provider in sorted(self._providers.values(), key=lambda other: other.retired is not None)
            for found in provider.models
            if wanted in _names(provider, found)
        )
        return next(matches, None)


class OpenCatalog(Catalog):
    """Providers made from cards. The connections of replaced ones stay open for what runs on them."""

    def __init__(self, stack: contextlib.AsyncExitStack, transport: Transport | None = None) -> None:
        """Begin without any; `stack` closes the connections at the end."""
        self._stack = stack
        self._transport = transport
        self._open: list[CardProvider] = []
        self.changed = asyncio.Event()
        """Set by `put` where it changed something; who waits for it clears it."""

    @property
    def opened(self) -> Sequence[CardProvider]:
        """Every provider with its card, in their order."""
        return tuple(self._open)

    def webhook_secret(self, name: str) -> WebhookSecret | None:
        """Return what the webhooks of the provider of this name are signed with, None where it sends none."""
        cards = (provider.card for provider in self._open if provider.card.name == name)
        return next((card.webhook_secret for card in cards), None)

    async def put(self, cards: Sequence[Card], *, today: date) -> None:
        """Let these cards be the providers; what is the same goes on, what is gone takes no orders any more.

        Raises:
            ConfigError: a card is wrong; nothing was changed.
        """
        if not cards:
            raise ConfigError(_NONE)
        known = {provider.card.name: provider for provider in self._open}
        ready: list[CardProvider] = []
        async with contextlib.AsyncExitStack() as opened:
            for card in cards:
                profile, old = await read_profile(card), known.get(card.name)
                if old is None or not old.same_as(card, profile):
                    # The certificates of the system are read for each connection.
                    old = await asyncio.to_thread(
                        make_provider, card, profile, replaces=old, transport=self._transport
                    )
                    opened.push_async_callback(old.http.aclose)
                ready.append(old)
            names = {card.name for card in cards}
            gone = [provider for provider in self._open if provider.card.name not in names]
            Catalog([provider.api for provider in ready])  # no name stands twice
            self._stack.push_async_exit(opened.pop_all())
        for provider in ready:
            before = known.get(provider.card.name)
            if before is not None and before.card.base_url != provider.card.base_url:
                # Jobs know their API by its card's name alone.
                log.warning(
                    "the video API %r is at %s now: what it renders for jobs under way is asked for there",
                    provider.card.name,
                    provider.card.base_url,
                )
        for provider in ready:
            provider.close_since(provider.card.closed_since(today))
        for provider in gone:
            provider.close_since(provider.closed or today.isoformat())
        if [*ready, *gone] != self._open:
            self._open = [*ready, *gone]
            self.changed.set()
        self._show_all()

    async def discover(self) -> None:
        """Ask each API what its models take; one that does not tell is a line in the log."""
        async with asyncio.TaskGroup() as group:
            for provider in self._open:
                group.create_task(_discover(provider))
        self._show_all()

    def _show_all(self) -> None:
        self.show(provider.api for provider in self._open)


@contextlib.asynccontextmanager
async def open_catalog(
    cards: Sequence[Card], *, transport: Transport | None = None
) -> AsyncIterator[OpenCatalog]:
    """Open every card's provider; nothing is sent yet, so that a bot starts while its provider is down.

    Raises:
        ConfigError: a card is wrong; one sentence that says what to set right.
    """
    async with contextlib.AsyncExitStack() as stack:
        catalog = OpenCatalog(stack, transport)
        await catalog.put(cards, today=datetime.now(UTC).date())
        yield catalog


async def _discover(provider: CardProvider) -> None:
    try:
        await provider.discover()
    except ProviderError as error:
        log.warning("what the models of the video API %r take is not known: %s", provider.card.name, error)
    except Exception:  # one API's strange list must not keep the others' from being read, nor the cards'
        log.exception("what the models of the video API %r take is not known", provider.card.name)


def _names(provider: VideosApi, found: Capabilities) -> set[str]:
    names = (f"{provider.name}/{found.model}", found.model, found.shown_as)
    return {name.casefold() for name in names}

"""Which model a member means, and whether it takes what they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.capabilities import Asked, Capabilities, Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.video import Size, Source, VideoRequest
from bot.ports_provider import ProviderCatalog, VideoProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a member typed, unchecked; `style`, `typed` and `source` go along as in `VideoRequest`."""

    prompt: str
    size: str | None = None
    seconds: int | None = None
    model: str | None = None
    seed: int | None = None
    negative: str | None = None
    audio: bool | None = None
    style: str | None = None
    typed: str | None = None
    source: Source | None = None

    @classmethod
    def of(cls, provider: str, request: VideoRequest) -> "Options":
        """Ask for the same again, of the same model."""
        return cls(
            prompt=request.prompt,
            size=str(request.size),
            seconds=request.seconds,
            model=address(provider, request.model),
            seed=request.seed,
            negative=request.negative,
            audio=request.audio,
            style=request.style,
            typed=request.typed,
            source=request.source,
        )


class Models:
    """The models of every provider, as they are configured now."""

    def __init__(self, catalog: ProviderCatalog) -> None:
        self._catalog = catalog

    def all(self) -> Sequence[VideoProvider]:
        """What can be asked, the default first."""
        return self._catalog.all()

    def open(self) -> list[tuple[VideoProvider, Capabilities]]:
        """Return every model that takes orders, the default first."""
        return [
            (provider, model)
            for provider in self._catalog.all()
            if provider.retired is None
            for model in provider.models
        ]

    def offered(self) -> frozenset[Option]:
        """Return the options that some model takes, or may take."""
        models = [model for _, model in self.open()]
        return frozenset(
            option
            for option in Option
            if any(model.known(option).support is not Support.NO for model in models)
        )

    def taking(self, option: Option) -> str | None:
        """Return the address of the first model that takes, or may take, the option."""
        for provider, model in self.open():
            if model.known(option).support is not Support.NO:
                return address(provider.name, model.model)
        return None

    def named(self, model: str) -> tuple[VideoProvider, Capabilities] | None:
        """Return the model of this address and its provider, None where it is not offered any more."""
        return self._catalog.find(model)

    def find(self, model: str) -> Capabilities | None:
        """Return the model of this address, None where it is not offered any more."""
        named = self.named(model)
        return None if named is None else named[1]

    def choose(self, model: str | None) -> tuple[VideoProvider, Capabilities]:
        """Return the model that a member names, or the first of those that still take orders.

        Raises:
            InvalidRequest: there is none of this name, or it takes no orders any more.
        """
        if model is None:
            open_ones = [provider for provider in self._catalog.all() if provider.retired is None]
            provider = open_ones[0] if open_ones else self._catalog.default()
            found = provider.models[0]
        else:
            named = self._catalog.find(model)
            if named is None:
                raise InvalidRequest(code=Code.MODEL_UNKNOWN, model=model[:60])
            provider, found = named
        if provider.retired is not None:
            raise InvalidRequest(
                code=Code.MODEL_RETIRED, model=found.shown_as or provider.label, day=provider.retired
            )
        return provider, found

    def check(
        self, options: Options, picture: Size | None = None, last_picture: Size | None = None
    ) -> tuple[VideoProvider, VideoRequest]:
        """Check the options without touching anything, so that a mistake is answered at once.

        Raises:
            InvalidRequest: with the sentence for the member.
        """
        provider, model = self.choose(options.model)
        if options.source is not None and options.source.use not in model.sources:
            raise InvalidRequest(code=Code.SOURCE_GONE)
        asked = Asked(
            prompt=options.prompt,
            size=options.size,
            seconds=options.seconds,
            seed=options.seed,
            negative=options.negative,
            audio=options.audio,
            picture=picture,
            last_picture=last_picture,
        )
        return provider, replace(
            model.request(asked), style=options.style, typed=options.typed, source=options.source
        )


def address(provider: str, model: str) -> str:
    """Return what names a model beyond doubt; `ProviderCatalog.find` understands it."""
    return f"{provider}/{model}"

"""What a model takes, from everybody who knows: profile, then discovery, then card."""

from bot.domain.capabilities import Capabilities, Known, Option, Source, Support
from bot.providers.card import ModelCard
from bot.providers.discovery import Discovered
from bot.providers.profile import Profile


def merge(profile: Profile, model: ModelCard, found: Discovered | None) -> Capabilities:
    """Return the model's capabilities, each with its source; what is learnt later stands above all.

    What the profile has no field for stays "no": it cannot be sent, whoever says that it is understood.
    """
    found = found or Discovered()
    usual = profile.capabilities(model.name)
    sizes, sizes_from = usual.sizes, Source.PROFILE
    seconds, seconds_from = usual.seconds, Source.PROFILE
    for source, by in ((found, Source.DISCOVERED), (model, Source.CARD)):
        if source.sizes:
            sizes, sizes_from = source.sizes, by
        if source.seconds:
            seconds, seconds_from = source.seconds, by
    if sizes_from is Source.DISCOVERED:
        # The first is the default: of many sizes the profile's usual one is meant.
        sizes = tuple(size for size in usual.sizes if size in sizes) + tuple(
            size for size in sizes if size not in usual.sizes
        )
    default = model.default_seconds or usual.default_seconds
    price = model.price_per_second if model.price_per_second is not None else found.price_per_second
    return Capabilities(
        model=model.name,
        label=model.label,
        sizes=sizes,
        sizes_from=sizes_from,
        seconds=seconds,
        seconds_from=seconds_from,
        default_seconds=min(seconds, key=lambda length: (abs(length - default), length)),
        options={option: _known(option, profile, model, found) for option in Option},
        prompt_limit=model.prompt_limit or usual.prompt_limit,
        price_per_second=price,
        sources=usual.sources,
    )


def _known(option: Option, profile: Profile, model: ModelCard, found: Discovered) -> Known:
    if option not in profile.fields:
        return Known(Support.NO, Source.PROFILE)
    for options, source in ((model.options, Source.CARD), (found.options, Source.DISCOVERED)):
        if option in options:
            return Known(Support.YES if options[option] else Support.NO, source)
    return profile.options[option]

"""What an API's own lists say of its models. Pure; arbitrary JSON gives less knowledge, never an error."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from bot.domain.capabilities import Option
from bot.domain.video import Size

LONGEST_VIDEO = 600
"""Seconds; a range up to a slip of the pen would fill every list of choices."""
_DEAREST = 1_000_000
_RESOLUTION = re.compile(r"(\d{3,4})p|(4)k", re.IGNORECASE)
_RATIO = re.compile(r"(\d{1,2}):(\d{1,2})")
_LISTS = ("data", "models", "items")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What a list says of one model; what it leaves open is None or missing."""

    sizes: tuple[Size, ...] | None = None
    seconds: tuple[int, ...] | None = None
    price_per_second: Decimal | None = None
    options: Mapping[Option, bool] = field(default_factory=lambda: MappingProxyType({}))


def entries(data: object) -> list[object] | None:
    """Return the entries of a list of models, None where it is no list."""
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        return next((data[key] for key in _LISTS if isinstance(data.get(key), list)), None)
    return None


def model_names(data: object) -> frozenset[str]:
    """Return the names that a list of models has; an entry may be a table or the bare name."""
    names = set()
    for entry in entries(data) or []:
        name = (entry.get("id") or entry.get("name")) if isinstance(entry, dict) else entry
        if isinstance(name, str):
            names.add(name)
    return frozenset(names)


def read_openrouter(data: object) -> dict[str, Discovered]:
    """Read OpenRouter's list of video models, by their names (reference: providers, section 10)."""
    return {
        entry["id"]: Discovered(
            sizes=tuple(dict.fromkeys(_sizes(entry))) or None,
            seconds=tuple(sorted(set(_whole(entry.get("supported_durations"))))) or None,
            price_per_second=_price(entry.get("pricing_skus")),
            options=MappingProxyType(dict(_options(entry))),
        )
        for entry in entries(data) or []
        if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    }


def _sizes(entry: Mapping[str, object]) -> Iterator[Size]:
    """Give the sizes that are named, else each resolution in each shape: "p" counts the shorter side."""
    for text in _texts(entry.get("supported_sizes")):
        try:
            yield Size.parse(text)
        except ValueError:
            continue
    if _texts(entry.get("supported_sizes")):
        return
    for resolution in map(_RESOLUTION.fullmatch, _texts(entry.get("supported_resolutions"))):
        for ratio in map(_RATIO.fullmatch, _texts(entry.get("supported_aspect_ratios"))):
            if resolution is None or ratio is None or not int(ratio[1]) or not int(ratio[2]):
                continue
            short = int(resolution[1] or 2160)
            wide, high = int(ratio[1]), int(ratio[2])
            unit = short / min(wide, high)
            if short:
                yield Size(round(unit * wide / 2) * 2, round(unit * high / 2) * 2)


def _options(entry: Mapping[str, object]) -> Iterator[tuple[Option, bool]]:
    for option, key in ((Option.SEED, "seed"), (Option.AUDIO, "generate_audio")):
        value = entry.get(key)
        if isinstance(value, bool):
            yield option, value
    frames = entry.get("supported_frame_images")
    if isinstance(frames, list):
        yield Option.PICTURE, "first_frame" in frames
        yield Option.LAST_PICTURE, "last_frame" in frames


def _price(skus: object) -> Decimal | None:
    """Return the dearest price of a second, in dollars: what a video costs at most."""
    if not isinstance(skus, dict):
        return None
    prices = []
    for name, text in skus.items():
        try:
            price = Decimal(str(text))
        except InvalidOperation:
            continue
        if not price.is_finite() or not 0 <= price < _DEAREST:
            continue
        if name.startswith("cents_per_second"):
            prices.append(price / 100)
        elif "duration_seconds" in name:
            prices.append(price)
    return max(prices, default=None)


def _texts(values: object) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _whole(values: object) -> list[int]:
    if not isinstance(values, list):
        return []
    return [value for value in values if type(value) is int and 0 < value <= LONGEST_VIDEO]

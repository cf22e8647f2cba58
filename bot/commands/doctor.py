"""`reelbot doctor`: whether each video API works as its card says, and what its models take."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from bot.config import Settings
from bot.domain.capabilities import Capabilities, Option, Source, Support
from bot.domain.errors import BotError, ConfigError
from bot.providers.card import Card, ModelCard
from bot.providers.card_check import Report, check
from bot.providers.catalog import open_catalog
from bot.video_apis import card_source

LOG_LEVEL = "CRITICAL"
SECONDS = 15.0
UNKNOWN = "unknown: it is sent, the API may refuse it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take which API to check, and how long to wait for it."""
    parser.add_argument("--provider", metavar="NAME", help="the card of this name alone (all)")
    parser.add_argument(
        "--timeout",
        type=float,
        default=SECONDS,
        metavar="SECONDS",
        help=f"for each question ({SECONDS:g})",
    )


async def main(settings: Settings, arguments: argparse.Namespace) -> None:
    """Check the cards and print what was found.

    Raises:
        ConfigError: a card is wrong, or none has the name.
        BotError: there is a problem.
    """
    source = card_source(settings)
    if source.is_empty:
        print("No video API is set: the built-in preview renders, and there is nothing to check.")
        return
    cards = _chosen(await asyncio.to_thread(source.load), arguments.provider)
    async with open_catalog(cards) as catalog:
        today = datetime.now(UTC).date()
        reports = await asyncio.gather(
            *(check(provider, today=today, seconds=arguments.timeout) for provider in catalog.opened)
        )
    print("\n\n".join(describe(card, report) for card, report in zip(cards, reports, strict=True)))
    broken = [card.name for card, report in zip(cards, reports, strict=True) if not report.works]
    if broken:
        raise BotError(
            f"there is a problem with {len(broken)} of {len(cards)} video APIs: {', '.join(broken)}"
        )


def describe(card: Card, report: Report) -> str:
    """Write what was found of one provider, then a table of what each of its models takes."""
    key = f", key in {card.key_from}" if card.key_from else ""
    lines = [f"{card.name}: {card.base_url} (profile {card.profile}{key})"]
    lines += [f"  {finding.verdict:<8} {finding.sentence}" for finding in report.findings]
    for model, said in zip(report.models, card.models, strict=bool(report.models)):
        rows = list(_rows(model, said))
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        lines += ["", f"  {_title(model)}"]
        lines += [f"    {name:<{widths[0]}}  {value:<{widths[1]}}  {source}" for name, value, source in rows]
    # A name from an API's list must not move the terminal's cursor.
    return "\n".join("".join(char if char.isprintable() else " " for char in line) for line in lines)


def _chosen(cards: Sequence[Card], name: str | None) -> list[Card]:
    chosen = [card for card in cards if name in (None, card.name)]
    if not chosen:
        names = ", ".join(card.name for card in cards)
        raise ConfigError(f"There is no provider {name!r}; there are: {names}.")
    return chosen


def _title(model: Capabilities) -> str:
    if not model.model:
        return model.label or "whichever model the API chooses"
    return f"{model.label} ({model.model})" if model.label else model.model


def _rows(model: Capabilities, said: ModelCard) -> Iterator[tuple[str, str, str]]:
    yield "takes", "", "known from"
    yield "size", ", ".join(map(str, model.sizes)), model.sizes_from
    lengths = f"{_lengths(model.seconds)} ({model.default_seconds} where nobody chooses)"
    yield "seconds", lengths, model.seconds_from
    for option in Option:
        known = model.known(option)
        value = UNKNOWN if known.support is Support.UNKNOWN else known.support.value
        yield option.value, value, known.source
    limit_from = Source.PROFILE if said.prompt_limit is None else Source.CARD
    yield "prompt", f"{model.prompt_limit} characters", limit_from
    if model.price_per_second is not None:
        price_from = Source.DISCOVERED if said.price_per_second is None else Source.CARD
        yield "price", f"{model.price_per_second} a second", price_from


def _lengths(seconds: Sequence[int]) -> str:
    """Write 4, 8, 12, or 1-10 where none is left out."""
    gapless = len(seconds) > 2 and all(after == before + 1 for before, after in pairwise(seconds))
    return f"{seconds[0]}-{seconds[-1]}" if gapless else ", ".join(map(str, seconds))

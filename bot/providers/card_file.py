"""The cards file: TOML with `[[provider]]` tables, read into cards or one sentence that names the line."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.domain.capabilities import Option
from bot.domain.errors import ConfigError
from bot.domain.remote import SubmitSafety
from bot.domain.video import Size
from bot.domain.webhooks import WebhookSecret
from bot.providers.base_url import BaseUrl
from bot.providers.card import Card, ModelCard
from bot.providers.card_lines import CardLines, CardTable
from bot.providers.discovery import LONGEST_VIDEO
from bot.providers.profile import Profile, load_profile, profile_names
from bot.providers.profile_create import NO_PROOF
from bot.providers.toml_table import TomlTable

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RANGE = re.compile(r"\s*(\d{1,4})\s*-\s*(\d{1,4})\s*")
_FLAGS: Mapping[Option, str] = MappingProxyType({option: option.value.replace("-", "_") for option in Option})
_KEYS_THEMSELVES = ("key", "api_key", "token", "secret")
_PROVIDER = (
    "name",
    "label",
    "base_url",
    "key_env",
    "profile",
    "slots",
    "notes",
    "retired",
    "allow_private",
    "api_version",
    "safety",
    "poll_first",
    "poll_longest",
    "deadline",
    "webhook_secret_env",
    "model",
)
_MODEL = (
    "name",
    "label",
    "sizes",
    "seconds",
    "default_seconds",
    "price_per_second",
    "prompt_limit",
    *_FLAGS.values(),
)


def parse_cards(text: str, *, file: str, folder: Path, environment: Mapping[str, str]) -> list[Card]:
    """Read the cards of a file; `folder` is where the paths of profiles begin.

    Raises:
        ConfigError: something is wrong; names file, line, key and the allowed values, and shows no key.
    """
    root = TomlTable.parse(text, file=file).values
    lines = CardLines(text)
    top = CardTable(file, "", root, lambda key: lines.line(-1, -1, key))
    top.allow("provider")
    cards: list[Card] = []
    for number, values in enumerate(_tables(top, "provider", "[[provider]]")):
        table = _table(file, f"provider {number + 1}", values, lines, number)
        card = _card(table, folder, environment, lines, number)
        if card.name in {other.name for other in cards}:
            raise table.wrong("name", f"is {card.name!r}, as another provider's; every name may stand once")
        cards.append(card)
    if not cards:
        raise ConfigError(f"{file} has no provider; write a table that begins with [[provider]].")
    return cards


def _card(
    table: CardTable, folder: Path, environment: Mapping[str, str], lines: CardLines, number: int
) -> Card:
    for key in _KEYS_THEMSELVES:
        if key in table.values:
            raise table.wrong(
                key,
                "must not stand here: no key belongs into this file; "
                'write key_env = "MY_VIDEO_KEY" and put MY_VIDEO_KEY=... into .env or the environment',
            )
    name = table.text("name")
    if not _NAME.fullmatch(name):
        raise table.wrong("name", f'is {name[:60]!r}; it may have a-z, 0-9 and "-", 40 of them at most')
    table = replace(table, path=f"provider {name!r}")
    table.allow(*_PROVIDER)
    base_url = table.text("base_url")
    BaseUrl.parse(base_url, setting=f"{table.file}, line {table.line('base_url')}: base_url of {table.path}")
    profile_name, profile = _profile(table, folder)
    card = Card(
        name=name,
        label=table.text("label", ""),
        base_url=base_url,
        key=_secret(table, "key_env", environment),
        key_from=table.text("key_env", ""),
        profile=profile_name,
        models=_models(table, profile, lines, number),
        notes=table.text("notes", ""),
        retired=_day(table, "retired"),
        allow_private=table.flag("allow_private", default=False),
        api_version=table.optional_text("api_version"),
        slots=table.whole("slots") if "slots" in table.values else None,
        safety=_safety(table, profile),
        poll_first=_seconds(table, "poll_first"),
        poll_longest=_seconds(table, "poll_longest"),
        deadline=_seconds(table, "deadline"),
        webhook_secret=_webhook_secret(table, environment),
    )
    pace = card.pace(profile.pace)
    if pace.longest < pace.first:
        raise table.wrong("poll_longest", f"is {pace.longest:g}; it must be {pace.first:g} or more")
    return card


def _models(table: CardTable, profile: Profile, lines: CardLines, number: int) -> tuple[ModelCard, ...]:
    models: list[ModelCard] = []
    if "model" not in table.values:
        return (ModelCard(),)
    for index, values in enumerate(_tables(table, "model", "[[provider.model]]")):
        inner = _table(table.file, f"model {index + 1} of {table.path}", values, lines, number, index)
        inner.allow(*_MODEL)
        model = _model(inner, profile)
        if model.name in {other.name for other in models}:
            raise inner.wrong("name", f"is {model.name!r}, as another model's; every name may stand once")
        models.append(model)
    return tuple(models)


def _model(table: CardTable, profile: Profile) -> ModelCard:
    seconds = _lengths(table)
    default = table.whole("default_seconds") if "default_seconds" in table.values else None
    # What a discovery will bring is not known yet: then nothing can be said against the default.
    known = seconds or (None if profile.discovery is not None else profile.seconds)
    if default is not None and known is not None and default not in known:
        raise table.wrong("default_seconds", f"is {default}; allowed: {', '.join(map(str, known))}")
    options = {
        option: table.flag(key, default=False) for option, key in _FLAGS.items() if key in table.values
    }
    for option, takes in options.items():
        if takes and option not in profile.fields:
            raise table.wrong(
                _FLAGS[option], f"is true, but the profile {profile.name!r} has no field to send it in"
            )
    return ModelCard(
        name=table.text("name", ""),
        label=table.text("label", ""),
        sizes=_sizes(table),
        seconds=seconds,
        default_seconds=default,
        price_per_second=_price(table),
        prompt_limit=table.whole("prompt_limit") if "prompt_limit" in table.values else None,
        options=MappingProxyType(options),
    )


def _table(
    file: str, path: str, values: Mapping[str, Any], lines: CardLines, provider: int, model: int = -1
) -> CardTable:
    return CardTable(file, path, values, lambda key: lines.line(provider, model, key))


def _tables(table: CardTable, key: str, header: str) -> list[dict[str, Any]]:
    found = table.values.get(key, [])
    if not isinstance(found, list) or not all(isinstance(values, dict) for values in found):
        raise table.wrong(key, f"must be a list of tables: write each as {header}, with two brackets")
    return found


def _profile(table: CardTable, folder: Path) -> tuple[str, Profile]:
    name = table.text("profile", "openai")
    if not name.endswith(".toml") and name not in profile_names():
        allowed = ", ".join(profile_names())
        raise table.wrong("profile", f'is {name[:60]!r}; allowed: {allowed}, or the path of a ".toml" file')
    if name.endswith(".toml"):
        name = str(folder / name)
        if not Path(name).is_file():
            raise table.wrong("profile", f"names {name}, where no file is")
    return name, load_profile(name)


def _secret(table: CardTable, key: str, environment: Mapping[str, str]) -> str | None:
    """Return the value of the variable that a key names."""
    variable = table.optional_text(key)
    if variable is None:
        return None
    if not _VARIABLE.fullmatch(variable):
        # It may be the secret itself: it is not repeated.
        raise table.wrong(key, 'must be the name of a variable, such as "MY_VIDEO_KEY", never the key itself')
    secret = environment.get(variable, "")
    if not secret.strip():
        raise table.wrong(key, f"names {variable}, which is not set; set it in .env or the environment")
    return secret


def _webhook_secret(table: CardTable, environment: Mapping[str, str]) -> WebhookSecret | None:
    secret = _secret(table, "webhook_secret_env", environment)
    try:
        return WebhookSecret.parse(secret) if secret is not None else None
    except ValueError as exc:
        raise table.wrong("webhook_secret_env", f"names a secret that cannot be used: {exc}") from None


def _safety(table: CardTable, profile: Profile) -> SubmitSafety | None:
    if "safety" not in table.values:
        return None
    safety = SubmitSafety(table.choice("safety", tuple(SubmitSafety)))
    if safety is SubmitSafety.LIST and profile.routes.list is None:
        raise table.wrong("safety", f'is "list", but the profile {profile.name!r} has no list')
    if safety is SubmitSafety.LIST and profile.routes.poll is None:
        raise table.wrong("safety", f'is "list", {NO_PROOF}')
    if safety is SubmitSafety.KEY and profile.create.key_header is None:
        raise table.wrong("safety", f'is "key", but the profile {profile.name!r} names no key_header')
    return safety


def _seconds(table: CardTable, key: str) -> float | None:
    return table.seconds(key, 1.0) if key in table.values else None


def _day(table: CardTable, key: str) -> date | None:
    value = table.values.get(key)
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise table.wrong(key, 'must be a day, written "2026-09-24"') from None


def _sizes(table: CardTable) -> tuple[Size, ...] | None:
    if "sizes" not in table.values:
        return None
    what = 'sizes like "1280x720"'
    try:
        return tuple(dict.fromkeys(map(Size.parse, table.listed("sizes", str, what))))
    except ValueError:
        raise table.wrong("sizes", f"must be a list of {what}") from None


def _lengths(table: CardTable) -> tuple[int, ...] | None:
    """Read [4, 8, 12] or "1-10"."""
    if "seconds" not in table.values:
        return None
    what = f'a list like [4, 8, 12] or a range like "1-10", from 1 to {LONGEST_VIDEO}'
    value = table.values["seconds"]
    if isinstance(value, str) and (found := _RANGE.fullmatch(value)):
        first, last = int(found[1]), int(found[2])
        if 1 <= first <= last <= LONGEST_VIDEO:
            return tuple(range(first, last + 1))
    elif isinstance(value, list) and value and all(_is_length(length) for length in value):
        return tuple(sorted(set(value)))
    raise table.wrong("seconds", f"must be {what}")


def _is_length(value: object) -> bool:
    return type(value) is int and 1 <= value <= LONGEST_VIDEO


def _price(table: CardTable) -> Decimal | None:
    value = table.values.get("price_per_second")
    if value is None:
        return None
    if type(value) not in (int, float) or not 0 <= value < 1e6:
        raise table.wrong("price_per_second", "must be a number such as 0.1, 0 or more")
    return Decimal(str(value))

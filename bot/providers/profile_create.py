"""How a dialect wants a render ordered: the tables `[create]` and `[fields]` of a profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.domain.capabilities import Option
from bot.domain.remote import SubmitSafety
from bot.providers.profile_routes import Routes
from bot.providers.toml_table import TomlTable

SIZE_FIELDS = ("size", "width", "height", "resolution", "aspect_ratio")
FIELDS = ("prompt", "model", *SIZE_FIELDS, "seconds", *Option)
NO_PROOF = "but without routes.poll the list cannot hold what is still being rendered"
"""Why the list of a synchronous API says nothing about an order whose answer is lost."""
PICTURES = (Option.PICTURE, Option.LAST_PICTURE)


class Encoding(StrEnum):
    """What the body is."""

    JSON = "json"
    MULTIPART = "multipart"
    MIXED = "json-or-multipart"  # multipart only where a picture goes along


class SecondsAs(StrEnum):
    """How the length is written."""

    TEXT = "text"  # "8"
    NUMBER = "number"  # 8


class PictureAs(StrEnum):
    """How a picture goes along."""

    FILE = "file"  # a part of the form
    DATA_URL = "data-url"  # a text
    DATA_URL_OBJECT = "data-url-object"  # {"image_url": a text}
    FRAMES = "frame-images"  # a list of {"type", "image_url": {"url"}, "frame_type"}: OpenRouter's shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """How an order is written.

    `fields` maps our options to the API's names, with dots where one stands inside another; what has none is
    not sent. `extra` goes along unchanged. `key_header` carries the job's id where the API honours it.
    `patience` is how many seconds the answer may take, None for the usual time.
    """

    fields: Mapping[str, str]
    encoding: Encoding
    picture_as: PictureAs
    seconds_as: SecondsAs
    extra: Mapping[str, Any]
    key_header: str | None
    patience: float | None


def read_create(table: TomlTable, fields: TomlTable) -> Create:
    """Read both tables.

    Raises:
        ConfigError: a value is unknown, or two of them contradict each other.
    """
    table.allow("encoding", "picture", "seconds", "safety", "key_header", "patience", "extra")
    encoding = Encoding(table.choice("encoding", tuple(Encoding)))
    usual = PictureAs.DATA_URL if encoding is Encoding.JSON else PictureAs.FILE
    picture_as = PictureAs(table.choice("picture", tuple(PictureAs), usual))
    if encoding is Encoding.JSON and picture_as is PictureAs.FILE:
        raise table.wrong("picture", 'is "file"; with encoding = "json" there is no place for one')
    return Create(
        fields=_fields(fields),
        encoding=encoding,
        picture_as=picture_as,
        seconds_as=SecondsAs(table.choice("seconds", tuple(SecondsAs), SecondsAs.TEXT)),
        extra=MappingProxyType(dict(table.table("extra").values)),
        key_header=table.optional_text("key_header"),
        patience=table.seconds("patience", 1) if "patience" in table.values else None,
    )


def _fields(table: TomlTable) -> Mapping[str, str]:
    table.allow(*FIELDS)
    table.text("prompt")
    found = {key: table.text(key) for key in table.values}
    for key, name in found.items():
        if not all(name.split(".")):
            raise table.wrong(key, f'is {name!r}; it must be a name like "seed" or "options.seed"')
    for key, other in (("width", "height"), ("height", "width")):
        if key in found and other not in found:
            raise table.wrong(key, f"is set; then {other} must be set too")
    return MappingProxyType(found)


def read_safety(create: TomlTable, routes: Routes) -> SubmitSafety:
    """Read how an unclear order is cleared up.

    Raises:
        ConfigError: it needs a header or a list that there is not.
    """
    safety = SubmitSafety(create.choice("safety", tuple(SubmitSafety), SubmitSafety.NONE))
    if safety is SubmitSafety.KEY and "key_header" not in create.values:
        raise create.wrong("safety", 'is "key"; then key_header must name the header that carries it')
    if safety is SubmitSafety.LIST and routes.list is None:
        raise create.wrong("safety", 'is "list"; then routes.list must be set')
    if safety is SubmitSafety.LIST and routes.poll is None:
        raise create.wrong("safety", f'is "list", {NO_PROOF}')
    return safety

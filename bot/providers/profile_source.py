"""How a dialect makes a video from an earlier one: the tables `[remix]` and `[extend]` of a profile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.domain.video import SourceUse
from bot.providers.profile_create import Create
from bot.providers.profile_routes import Routes
from bot.providers.toml_table import TomlTable


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOrder:
    """An order that names an earlier render.

    `route` is where it goes, None for that of every order. `fields` are those of our options that go along,
    None for all. `video` is the API's name for the earlier render's id, None where that stands in the route.
    """

    route: str | None
    fields: frozenset[str] | None
    video: str | None

    def create(self, usual: Create) -> Create:
        """Return how such an order is written; what goes along with every order belongs to its route."""
        fields = {
            key: name for key, name in usual.fields.items() if self.fields is None or key in self.fields
        }
        extra = usual.extra if self.route is None else MappingProxyType({})
        return replace(usual, fields=MappingProxyType(fields), extra=extra)


def read_sources(root: TomlTable, routes: Routes, create: Create) -> Mapping[SourceUse, SourceOrder]:
    """Read both tables; a dialect that has neither starts every video from nothing.

    Raises:
        ConfigError: the earlier render is named nowhere or twice, or a field has no name.
    """
    found = {use: _read(root.table(use), routes, create) for use in SourceUse if use in root.values}
    return MappingProxyType(found)


def _read(table: TomlTable, routes: Routes, create: Create) -> SourceOrder:
    table.allow("route", "fields", "video")
    route, video = table.optional_text("route"), table.optional_text("video")
    if route is not None and not route.startswith("/"):
        raise table.wrong("route", f'is {route!r}; it must start with "/"')
    if (video is not None) == (route is not None and "{id}" in route):
        raise table.wrong("video", 'must name the field with the earlier id, or else route must hold "{id}"')
    if video is not None and not all(video.split(".")):
        raise table.wrong("video", f'is {video!r}; it must be a name like "video" or "video.id"')
    if routes.poll is None:
        raise table.wrong("route", "is of no use: without routes.poll no earlier render has an id")
    fields = frozenset(table.listed("fields", str, "names of fields")) if "fields" in table.values else None
    for name in sorted(fields or ()):
        if name not in create.fields:
            raise table.wrong("fields", f"has {name!r}; then fields.{name} must name the API's field")
    if fields is not None and "prompt" not in fields:
        raise table.wrong("fields", 'must hold "prompt"')
    return SourceOrder(route=route, fields=fields, video=video)

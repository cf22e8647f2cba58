"""Where a dialect's questions go: the table `[routes]` of a profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, urlencode

from bot.providers.toml_table import TomlTable

_PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "create": (),
        "poll": ("{id}",),
        "content": ("{id}", "{result}"),
        "list": (),
        "delete": ("{id}",),
        "cancel": ("{id}",),
        "probe": (),
    }
)
"""The routes, and what each must hold one of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Paths below the base URL; None where the API has no such route.

    "{id}" stands for the render's id, "{result}" in `content` for the id of its file where that is another.
    Without `poll` the API is synchronous: its answer to the order is the end.
    """

    create: str
    probe: str
    poll: str | None = None
    content: str | None = None
    list: str | None = None
    delete: str | None = None
    cancel: str | None = None

    @property
    def content_by_result(self) -> bool:
        """Whether the file is fetched by an id of its own."""
        return self.content is not None and "{result}" in self.content

    @staticmethod
    def fill(route: str, remote_id: str) -> str:
        """Put an id into a route as one path segment, whatever it holds."""
        # A segment of dots alone would be taken for a way up.
        segment = remote_id.replace(".", "%2E") if not remote_id.strip(".") else quote(remote_id, safe="")
        return route.replace("{id}", segment).replace("{result}", segment)


def with_query(route: str, query: Mapping[str, str]) -> str:
    """Return the route with query parameters behind those that stand in it."""
    return f"{route}{'&' if '?' in route else '?'}{urlencode(query)}" if query else route


def read_routes(table: TomlTable) -> Routes:
    """Read the table.

    Raises:
        ConfigError: a route is missing, has no "/" in front, or lacks its id.
    """
    table.allow(*_PLACES)
    found = {key: table.text(key) for key in table.values}
    for key, route in found.items():
        if not route.startswith("/"):
            raise table.wrong(key, f'is {route!r}; it must start with "/"')
        places = _PLACES[key]
        held = [place for place in ("{id}", "{result}") if place in route]
        if places and (len(held) != 1 or held[0] not in places):
            wanted = " or ".join(f'"{place}"' for place in places)
            raise table.wrong(key, f"is {route!r}; it must hold {wanted}")
        if held and not places:
            raise table.wrong(key, f'is {route!r}; it must not hold "{held[0]}"')
    return Routes(
        create=table.text("create"),
        probe=table.text("probe"),
        poll=found.get("poll"),
        content=found.get("content"),
        list=found.get("list"),
        delete=found.get("delete"),
        cancel=found.get("cancel"),
    )

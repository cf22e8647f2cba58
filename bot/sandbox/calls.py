"""A REST call on its way through the sandbox: what came in, what goes out, and the table of routes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.files import Upload
from bot.sandbox.form import bad_field
from bot.sandbox.ratelimit import Limit
from bot.sandbox.sandbox import Sandbox

PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of the bot: path arguments, query, JSON payload and files."""

    args: dict[str, str]
    query: Mapping[str, str]
    payload: Any = None
    uploads: list[Upload] = field(default_factory=list)

    @property
    def form(self) -> dict[str, Any]:
        """Return the payload as an object; raise ApiError 50035 for anything else."""
        if self.payload is None:
            return {}
        if not isinstance(self.payload, dict):
            raise bad_field((), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return self.payload

    def number(self, key: str, *, default: int, least: int, most: int) -> int:
        """Return a number of the query; raise ApiError 50035 when it is none or out of range."""
        text = self.query.get(key)
        if text is None:
            return default
        if not text.isdecimal() or not least <= int(text) <= most:
            raise bad_field((key,), "NUMBER_TYPE_RANGE", f"int value should be between {least} and {most}.")
        return int(text)

    def snowflake(self, key: str) -> str | None:
        """Return an id of the query, or None; raise ApiError 50035 when it is no number."""
        text = self.query.get(key)
        if text is not None and not text.isdecimal():
            raise bad_field((key,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the sandbox answers; without a body the status is 204."""

    body: Any = None
    status: int = 200


Handler = Callable[[Sandbox, Call], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation of the API: `by_token` routes carry their secret in the path instead of a header."""

    method: str
    template: str
    handler: Handler
    limit: Limit | None = None
    major: str = "channel_id"
    by_token: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return the expression that a path after /api/v10 has to match as a whole."""
        parts = PARAMETER.split(self.template)
        named = [re.escape(p) if i % 2 == 0 else f"(?P<{p}>[^/]+)" for i, p in enumerate(parts)]
        return re.compile("".join(named))


class RouteTable:
    """Find the route for a request; literal paths win over parameters."""

    def __init__(self, routes: list[Route]) -> None:
        ordered = sorted(routes, key=lambda r: r.template.count("{"))
        self._routes = [(route.pattern, route) for route in ordered]

    def match(self, method: str, path: str) -> tuple[Route | None, dict[str, str], bool]:
        """Return the route, its path arguments (still quoted), and whether the path exists at all."""
        known = False
        for pattern, route in self._routes:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            if route.method == method:
                return route, found.groupdict(), True
            known = True
        return None, {}, known

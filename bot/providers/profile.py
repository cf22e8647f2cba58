"""A dialect of the `/videos` protocol as data: `profiles/<name>.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from bot.domain.capabilities import Capabilities, Known, Option, Source, Support
from bot.domain.errors import ConfigError
from bot.domain.remote import PollPace, SubmitSafety
from bot.domain.video import Size
from bot.providers.toml_table import TomlTable

FOLDER = Path(__file__).parent / "profiles"
FIELDS = ("prompt", "model", "size", "seconds", *Option)
_ROUTES = ("create", "poll", "content", "list", "delete", "probe")
_WITH_ID = frozenset({"poll", "content", "delete"})


class Encoding(StrEnum):
    """How a render is ordered."""

    MIXED = "json-or-multipart"  # multipart only where a picture goes along
    MULTIPART = "multipart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Paths below the base URL; None where the API has no such route. "{id}" stands for the render's id."""

    create: str
    poll: str
    probe: str
    content: str | None = None
    list: str | None = None
    delete: str | None = None

    @staticmethod
    def fill(route: str, remote_id: str) -> str:
        """Put an id into a route as one path segment, whatever it holds."""
        # A segment of dots alone would be taken for a way up.
        segment = remote_id.replace(".", "%2E") if not remote_id.strip(".") else quote(remote_id, safe="")
        return route.replace("{id}", segment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What code must know of a dialect (reference: providers, sections 2 to 5).

    `fields` maps our options to the API's names; a missing one is not sent. `scheme` stands before the key in
    `auth_header`. `key_header` carries the job's id where the API honours it. `delete_cancels` says that
    DELETE stops a running render, `poll_by_list` that the list tells each render's stage as truly as its own
    route does.
    """

    name: str
    routes: Routes
    fields: Mapping[str, str]
    encoding: Encoding
    auth_header: str
    scheme: str
    safety: SubmitSafety
    key_header: str | None
    delete_cancels: bool
    pace: PollPace
    poll_by_list: bool
    slots: int
    sizes: tuple[Size, ...]
    seconds: tuple[int, ...]
    default_seconds: int
    options: Mapping[Option, Known]
    prompt_limit: int

    def credentials(self, key: str | None) -> Mapping[str, str]:
        """Return the headers that prove who asks; none without a key."""
        return {self.auth_header: f"{self.scheme} {key}".strip()} if key else {}

    def capabilities(self, model: str) -> Capabilities:
        """Return what a model takes as far as the profile knows."""
        return Capabilities(
            model=model,
            sizes=self.sizes,
            seconds=self.seconds,
            default_seconds=self.default_seconds,
            options=self.options,
            prompt_limit=self.prompt_limit,
        )


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def load_profile(name: str) -> Profile:
    """Read a shipped profile.

    Raises:
        ConfigError: there is none of this name; lists those that there are.
    """
    if name not in profile_names():
        raise ConfigError(f"There is no profile {name[:40]!r}; allowed: {', '.join(profile_names())}.")
    file = FOLDER / f"{name}.toml"
    return parse_profile(file.read_text(encoding="utf-8"), name=name, file=file.name)


def parse_profile(text: str, *, name: str, file: str) -> Profile:
    """Read a profile from TOML.

    Raises:
        ConfigError: something is wrong in it; names `file`, the key and the allowed values.
    """
    root = TomlTable.parse(text, file=file)
    root.allow("routes", "auth", "create", "fields", "cancel", "pace", "model")
    routes, auth, create = _routes(root.table("routes")), root.table("auth"), root.table("create")
    auth.allow("header", "scheme")
    create.allow("encoding", "safety", "key_header")
    cancel = root.table("cancel")
    cancel.allow("delete_cancels")
    pace = root.table("pace")
    pace.allow("first", "longest", "deadline", "slots", "poll_by_list")
    model = root.table("model")
    model.allow("sizes", "seconds", "default_seconds", "picture", "prompt_limit")
    seconds = model.listed("seconds", int, "whole seconds")
    default_seconds = model.whole("default_seconds", seconds[0])
    if default_seconds not in seconds:
        raise model.wrong("default_seconds", f"is {default_seconds}; allowed: {', '.join(map(str, seconds))}")
    fields = _fields(root.table("fields"))
    return Profile(
        name=name,
        routes=routes,
        fields=fields,
        encoding=Encoding(create.choice("encoding", tuple(Encoding))),
        auth_header=auth.text("header", "Authorization"),
        scheme=auth.text("scheme", "Bearer" if "header" not in auth.values else ""),
        safety=_safety(create, routes),
        key_header=create.optional_text("key_header"),
        delete_cancels=_delete_cancels(cancel, routes),
        pace=_pace(pace),
        poll_by_list=_poll_by_list(pace, routes),
        slots=pace.whole("slots", 2),
        sizes=_sizes(model),
        seconds=seconds,
        default_seconds=default_seconds,
        options=_options(model, fields),
        prompt_limit=model.whole("prompt_limit", 4000),
    )


def _routes(table: TomlTable) -> Routes:
    table.allow(*_ROUTES)
    found = {key: table.text(key) for key in table.values}
    for key, route in found.items():
        if not route.startswith("/"):
            raise table.wrong(key, f'is {route!r}; it must start with "/"')
        if ("{id}" in route) is not (key in _WITH_ID):
            must = "must" if key in _WITH_ID else "must not"
            raise table.wrong(key, f'is {route!r}; it {must} hold "{{id}}"')
    return Routes(
        create=table.text("create"),
        poll=table.text("poll"),
        probe=table.text("probe"),
        content=found.get("content"),
        list=found.get("list"),
        delete=found.get("delete"),
    )


def _fields(table: TomlTable) -> Mapping[str, str]:
    table.allow(*FIELDS)
    table.text("prompt")
    return MappingProxyType({key: table.text(key) for key in table.values})


def _options(model: TomlTable, fields: Mapping[str, str]) -> Mapping[Option, Known]:
    """Say of each option whether it can be sent at all; whether a model minds it, a card may know."""
    flags = {Option.PICTURE: model.flag("picture", default=True)}
    return MappingProxyType(
        {
            option: Known(
                Support.UNKNOWN if option in fields and flags.get(option, True) else Support.NO,
                Source.PROFILE,
            )
            for option in Option
        }
    )


def _safety(create: TomlTable, routes: Routes) -> SubmitSafety:
    safety = SubmitSafety(create.choice("safety", tuple(SubmitSafety), SubmitSafety.NONE))
    if safety is SubmitSafety.KEY and "key_header" not in create.values:
        raise create.wrong("safety", 'is "key"; then key_header must name the header that carries it')
    if safety is SubmitSafety.LIST and routes.list is None:
        raise create.wrong("safety", 'is "list"; then routes.list must be set')
    return safety


def _delete_cancels(cancel: TomlTable, routes: Routes) -> bool:
    cancels = cancel.flag("delete_cancels", default=False)
    if cancels and routes.delete is None:
        raise cancel.wrong("delete_cancels", "is true; then routes.delete must be set")
    return cancels


def _pace(table: TomlTable) -> PollPace:
    pace = PollPace(
        first=table.seconds("first", 5.0),
        longest=table.seconds("longest", 20.0),
        deadline=table.seconds("deadline", 3600.0),
    )
    if pace.longest < pace.first:
        raise table.wrong("longest", f"is {pace.longest:g}; it must not be less than first ({pace.first:g})")
    return pace


def _poll_by_list(pace: TomlTable, routes: Routes) -> bool:
    by_list = pace.flag("poll_by_list", default=False)
    if by_list and routes.list is None:
        raise pace.wrong("poll_by_list", "is true; then routes.list must be set")
    return by_list


def _sizes(model: TomlTable) -> tuple[Size, ...]:
    sizes = model.listed("sizes", str, 'sizes like "1280x720"')
    try:
        return tuple(map(Size.parse, sizes))
    except ValueError as exc:
        raise model.wrong("sizes", f'must be a list of sizes like "1280x720"; {exc}') from exc

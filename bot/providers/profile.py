"""A dialect of the `/videos` protocol as data: `profiles/<name>.toml`, or a file of one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from bot.domain.capabilities import Capabilities, Known, Option, Source, Support
from bot.domain.errors import ConfigError
from bot.domain.remote import PollPace, SubmitSafety
from bot.domain.video import Size, SourceUse
from bot.providers.profile_answer import Answer, read_answer
from bot.providers.profile_create import Create, read_create, read_safety
from bot.providers.profile_routes import Routes, read_routes, with_query
from bot.providers.profile_source import SourceOrder, read_sources
from bot.providers.toml_table import TomlTable, read_toml

FOLDER = Path(__file__).parent / "profiles"
DISCOVERIES = ("openrouter",)
LONGEST_FILE = 100_000
"""No profile is longer, in characters."""
_TABLES = (
    "routes",
    "query",
    "auth",
    "create",
    "fields",
    *SourceUse,
    "answer",
    "status",
    "moderation",
    "result",
    "cancel",
    "pace",
    "model",
    "discovery",
)


class CancelMethod(StrEnum):
    """How the cancel route is asked."""

    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Where an API tells what its models take, and in which form."""

    kind: str
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What code must know of a dialect (reference: providers, sections 2 to 5).

    `query` goes along with every request, `scheme` stands before the key in `auth_header`. `delete_cancels`
    says that DELETE stops a running render, `poll_by_list` that the list tells each render's stage as truly
    as its own route does. `slots` is how many renders may run at once. `sizes` to `prompt_limit` are what its
    models take where nobody knows better; `models_listed` says that `probe` names all that can be ordered.
    `sources` says how a video is made from an earlier one over there.
    """

    name: str
    routes: Routes
    query: Mapping[str, str]
    create: Create
    sources: Mapping[SourceUse, SourceOrder]
    safety: SubmitSafety
    answer: Answer
    auth_header: str
    scheme: str
    delete_cancels: bool
    cancel_method: CancelMethod
    pace: PollPace
    poll_by_list: bool
    slots: int
    sizes: tuple[Size, ...]
    seconds: tuple[int, ...]
    default_seconds: int
    options: Mapping[Option, Known]
    prompt_limit: int
    models_listed: bool
    discovery: Discovery | None

    @property
    def fields(self) -> Mapping[str, str]:
        """The API's names for what can be sent at all."""
        return self.create.fields

    def url(self, route: str, remote_id: str = "") -> str:
        """Return a route with its id in place and the query parameters behind it."""
        return with_query(Routes.fill(route, remote_id), self.query)

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
            sources=frozenset(self.sources),
        )


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def load_profile(name: str) -> Profile:
    """Read a shipped profile, or the file where the name is a path that ends in ".toml".

    Raises:
        ConfigError: there is none of this name, or something is wrong in it; says what is allowed.
    """
    if name.endswith(".toml"):
        path = Path(name)
        text = read_toml(path, what="profile", longest=LONGEST_FILE)
        return parse_profile(text, name=path.stem, file=path.name)
    if name not in profile_names():
        raise ConfigError(
            f"There is no profile {name[:40]!r}; allowed: {', '.join(profile_names())}, "
            'or the path of a file that ends in ".toml".'
        )
    file = FOLDER / f"{name}.toml"
    return parse_profile(file.read_text(encoding="utf-8"), name=name, file=file.name)


def parse_profile(text: str, *, name: str, file: str) -> Profile:
    """Read a profile from TOML.

    Raises:
        ConfigError: something is wrong in it; names `file`, the key and the allowed values.
    """
    root = TomlTable.parse(text, file=file)
    root.allow(*_TABLES)
    routes, query, auth = read_routes(root.table("routes")), root.table("query"), root.table("auth")
    auth.allow("header", "scheme")
    create = read_create(root.table("create"), root.table("fields"))
    cancel, pace, model = root.table("cancel"), root.table("pace"), root.table("model")
    cancel.allow("delete_cancels", "method")
    pace.allow("first", "longest", "deadline", "slots", "poll_by_list")
    model.allow("sizes", "seconds", "default_seconds", "prompt_limit", "listed", *Option)
    seconds = model.listed("seconds", int, "whole seconds")
    default_seconds = model.whole("default_seconds", seconds[0])
    if default_seconds not in seconds:
        raise model.wrong("default_seconds", f"is {default_seconds}; allowed: {', '.join(map(str, seconds))}")
    return Profile(
        name=name,
        routes=routes,
        query=MappingProxyType({key: query.text(key) for key in query.values}),
        create=create,
        sources=read_sources(root, routes, create),
        safety=read_safety(root.table("create"), routes),
        answer=read_answer(root, routes),
        auth_header=auth.text("header", "Authorization"),
        scheme=auth.text("scheme", "Bearer" if "header" not in auth.values else ""),
        delete_cancels=_delete_cancels(cancel, routes),
        cancel_method=CancelMethod(cancel.choice("method", tuple(CancelMethod), CancelMethod.POST)),
        pace=_pace(pace),
        poll_by_list=_poll_by_list(pace, routes),
        slots=pace.whole("slots", 2),
        sizes=_sizes(model),
        seconds=seconds,
        default_seconds=default_seconds,
        options=_options(model, create.fields),
        prompt_limit=model.whole("prompt_limit", 4000),
        models_listed=model.flag("listed", default=True),
        discovery=_discovery(root.table("discovery")),
    )


def _discovery(table: TomlTable) -> Discovery | None:
    table.allow("kind", "route")
    if not table.values:
        return None
    route = table.text("route")
    if not route.startswith("/"):
        raise table.wrong("route", f'is {route!r}; it must start with "/"')
    return Discovery(kind=table.choice("kind", DISCOVERIES), route=route)


def _options(model: TomlTable, fields: Mapping[str, str]) -> Mapping[Option, Known]:
    """Say of each option whether it can be sent at all, and whether the models mind it where they all do."""

    def support(option: Option) -> Support:
        takes = model.flag(option, default=False)
        if takes and option not in fields:
            raise model.wrong(option, f"is true; then fields.{option} must name the API's field")
        if option not in fields or (option in model.values and not takes):
            return Support.NO
        return Support.YES if takes else Support.UNKNOWN

    return MappingProxyType({option: Known(support(option), Source.PROFILE) for option in Option})


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

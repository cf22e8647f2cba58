"""How a dialect answers: the tables `[answer]`, `[status]`, `[moderation]` and `[result]` of a profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from bot.domain.remote import RemoteStatus
from bot.providers.normalise import Steps, at, status_key
from bot.providers.profile_routes import Routes
from bot.providers.toml_table import TomlTable

PLACES = ("id", "status", "progress", "error", "url", "result", "created_at", "expires_at")
_MEGABYTE = 1024 * 1024


class ResultFirst(StrEnum):
    """Where the video is looked for first; the other place comes second."""

    CONTENT = "content"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the dialect's answers mean beside the rules that hold for all.

    `paths` says where things stand in answers of another shape, `words` what its status words mean,
    `moderation` which words in an error speak of content rules (lower case).
    `first` says where the video is, `wait` after how many seconds one that is not ready is asked for again,
    `longest` how long a whole answer may be, bytes: a video may be inside.
    """

    paths: Mapping[str, Steps] = field(default_factory=lambda: MappingProxyType({}))
    words: Mapping[str, RemoteStatus] = field(default_factory=lambda: MappingProxyType({}))
    moderation: tuple[str, ...] = ()
    first: ResultFirst = ResultFirst.CONTENT
    wait: float | None = None
    longest: int = 4 * _MEGABYTE

    def usual(self, data: object) -> object:
        """Return the answer in the usual shape, with `id`, `status` and the others where all rules look.

        Where the profile names a place, that place alone counts; an error may also stand elsewhere.
        """
        if not isinstance(data, dict) or not (self.paths or self.words):
            return data
        found = {key: at(data, path) for key, path in self.paths.items()}
        shaped = {key: value for key, value in data.items() if key not in found or key == "error"}
        shaped |= {key: value for key, value in found.items() if value is not None}
        status = shaped.get("status")
        if isinstance(status, bool | int) and "status" in self.paths:
            status = str(status).lower()
        if isinstance(status, str):
            shaped["status"] = self.words.get(status_key(status), status)
        return shaped


USUAL = Answer()
"""Nothing but the rules that hold for all."""


def read_answer(root: TomlTable, routes: Routes) -> Answer:
    """Read the four tables.

    Raises:
        ConfigError: a key or a status is unknown, or a place is missing that a route needs.
    """
    answer, result, moderation = root.table("answer"), root.table("result"), root.table("moderation")
    answer.allow(*PLACES)
    paths = {key: _path(answer, key) for key in answer.values}
    if routes.content_by_result and "result" not in paths:
        raise answer.wrong("result", 'is missing; routes.content holds "{result}"')
    result.allow("first", "wait", "longest_mb")
    moderation.allow("words")
    words = moderation.listed("words", str, "words") if "words" in moderation.values else ()
    return Answer(
        paths=MappingProxyType(paths),
        words=_words(root.table("status")),
        moderation=tuple(word.lower() for word in words),
        first=ResultFirst(result.choice("first", tuple(ResultFirst), ResultFirst.CONTENT)),
        wait=result.seconds("wait", 1) if "wait" in result.values else None,
        longest=result.whole("longest_mb", 4) * _MEGABYTE,
    )


def _words(table: TomlTable) -> Mapping[str, RemoteStatus]:
    table.allow(*RemoteStatus)
    words: dict[str, RemoteStatus] = {}
    for key in table.values:
        for word in table.listed(key, str, "words"):
            if (other := words.setdefault(status_key(word), RemoteStatus(key))) != key:
                raise table.wrong(key, f"has {word!r}, which stands under {other.value} too")
    return MappingProxyType(words)


def _path(table: TomlTable, key: str) -> Steps:
    """Read "job.files.0.link"; a whole number is a place in a list."""
    text = table.text(key)
    steps = text.split(".")
    if not all(steps):
        raise table.wrong(key, f'is {text!r}; it must be a place like "job.files.0.link"')
    return tuple(int(step) if step.isdecimal() and step.isascii() else step for step in steps)

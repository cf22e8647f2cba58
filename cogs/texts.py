"""The texts that members see, from Project Fluent files beside this module."""

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from fluent.runtime import FluentBundle, FluentResource

from bot.domain.codes import Code
from bot.domain.errors import BotError, Fact

DEFAULT_LOCALE = "en-US"

_UNKNOWN: Mapping[Code, Mapping[str, Fact]] = MappingProxyType(
    {
        Code.PROVIDER_FAILED: {"reason": "none"},
        Code.PROVIDER_MODERATED: {"what": "unknown", "cost": "unknown"},
        Code.INTERNAL: {"paid": "unknown"},
        Code.RESULT_TOO_LARGE: {"kept": "yes"},
        Code.DELIVERY_FORBIDDEN: {"kept": "yes"},
        Code.DELIVERY_GONE: {"kept": "yes"},
        Code.DELIVERY_FAILED: {"kept": "yes"},
    }
)
"""What stands in a sentence where a fact is not known."""


class Texts:
    """The texts of one language; what it lacks is taken from English."""

    def __init__(self, bundles: tuple[FluentBundle, ...]) -> None:
        self._bundles = bundles

    def __call__(self, key: str, /, **values: Fact) -> str:
        """Return the text of the key with its places filled.

        Raises:
            KeyError: no language has the key; a programming error, which a test finds.
            ValueError: a place was not filled.
        """
        for bundle in self._bundles:
            if bundle.has_message(key):
                pattern = bundle.get_message(key).value
                if pattern is not None:
                    text, errors = bundle.format_pattern(pattern, dict(values))
                    if errors:
                        raise ValueError(f"text {key}: {errors}")
                    return str(text)
        raise KeyError(key)

    def has(self, key: str) -> bool:
        """Say whether there is such a text."""
        return any(bundle.has_message(key) for bundle in self._bundles)

    def error(self, code: Code, facts: Mapping[str, Fact]) -> str:
        """Return the sentence of an error; facts come from a closed set of plain values."""
        known = {name: value for name, value in facts.items() if value != ""}
        return self(f"error-{code}", **{**_UNKNOWN.get(code, {}), **known})

    def of(self, error: BotError) -> str:
        """Return the sentence of an error that was raised."""
        return self.error(error.code, error.facts)


class Library:
    """All languages."""

    def __init__(self, bundles: Mapping[str, FluentBundle]) -> None:
        self._bundles = bundles

    @property
    def locales(self) -> tuple[str, ...]:
        """Return Discord's names of the languages that there are."""
        return tuple(self._bundles)

    def texts(self, locale: str) -> Texts:
        """Return the texts in this language, else in one of the same family, else in English."""
        family = locale.partition("-")[0]
        near = [name for name in self._bundles if name.partition("-")[0] == family]
        wanted = [name for name in (locale, *near, DEFAULT_LOCALE) if name in self._bundles]
        return Texts(tuple(self._bundles[name] for name in dict.fromkeys(wanted)))


def load_library() -> Library:
    """Read every `<locale>.ftl` file."""
    bundles = {}
    for entry in sorted(files("cogs").joinpath("text").iterdir(), key=lambda entry: entry.name):
        locale, _, ending = entry.name.rpartition(".")
        if ending == "ftl":
            bundle = FluentBundle([locale], use_isolating=False)
            bundle.add_resource(FluentResource(entry.read_text(encoding="utf-8")))
            bundles[locale] = bundle
    return Library(bundles)

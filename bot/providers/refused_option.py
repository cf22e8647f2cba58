"""Which options an API has said that it does not know, so that nobody is offered them again."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.capabilities import Capabilities, Known, Option, Source, Support
from bot.domain.video import SourceUse
from bot.providers.reason import strings

_UNKNOWN = re.compile(
    r"unknown|unrecogni[sz]ed|unexpected|unsupported|extra_forbidden|unavailable"
    r"|(?:not|n't) (?:supported|support|permitted|allowed|accept|available)"
)
_VALUE = re.compile(
    r"value|range|between|must be|should be|format|mime|image/|(?:content|file|media)[- ]type"
    r"|dimension|pixel|resolution|ratio|too (?:long|large|small|many)"
)
"""A complaint about what stood in the option says nothing against the option."""


class RefusedOptions:
    """What each model has refused since the start, in memory: an API may learn more by the next one."""

    def __init__(self) -> None:
        self._refused: dict[str, Mapping[Option, Known]] = {}
        self._uses: dict[str, frozenset[SourceUse]] = {}

    def add(self, model: str, option: Option) -> None:
        """Remember that the model refused the option."""
        learnt = {option: Known(Support.NO, Source.LEARNT)}
        self._refused[model] = {**self._refused.get(model, {}), **learnt}

    def add_use(self, model: str, use: SourceUse) -> None:
        """Remember that the API makes nothing of this kind from the model's earlier videos."""
        self._uses[model] = self._uses.get(model, frozenset()) | {use}

    def on_top_of(self, model: Capabilities) -> Capabilities:
        """Return what is known of a model with what was learnt since."""
        refused, uses = self._refused.get(model.model), self._uses.get(model.model)
        if uses:
            model = replace(model, sources=model.sources - uses)
        return replace(model, options={**model.options, **refused}) if refused else model


def refused_option(data: object, sent: Mapping[Option, str]) -> Option | None:
    """Return the option whose field the error calls unknown or unsupported; `sent` names the fields."""
    text = " ".join(strings(data)).lower()
    if not _UNKNOWN.search(text) or _VALUE.search(text):
        return None
    named = [option for option, field in sent.items() if _names(text, field.rsplit(".", 1)[-1])]
    if len(named) == 2 and sent[named[0]] == sent[named[1]]:  # one list holds both pictures
        return Option.LAST_PICTURE if _names(text, "last_frame") else Option.PICTURE
    return named[0] if len(named) == 1 else None


def refuses_field(data: object, field: str) -> bool:
    """Say whether the error calls this field unknown or unsupported."""
    text = " ".join(strings(data)).lower()
    return _UNKNOWN.search(text) is not None and _names(text, field.rsplit(".", 1)[-1])


def _names(text: str, field: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(field.lower())}(?![\w-])", text) is not None

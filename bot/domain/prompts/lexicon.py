"""The word lists of `lexicon.toml` as something that finds words in a prompt."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain.prompts.data import read_data

_GAP = "[^.!?;。！？；]{0,30}?"
LONGEST = 4000
"""Characters of a prompt that the rules read; what they cost grows with it (some 10 ms for 1,000)."""
_NEGATION_REACH = 24
"""Characters before a word in which a negation of it may stand."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word as it stands in the prompt; `thing` is the number of its entry: synonyms share it."""

    text: str
    thing: int


@dataclass(frozen=True, slots=True)
class Topic:
    """One list: each entry is a group of a pattern; phrases of other meaning are matched outside of them."""

    latin: re.Pattern[str] | None
    chinese: re.Pattern[str] | None

    def matches(self, text: str) -> Iterator[tuple[int, Found]]:
        """Yield each word and where it begins, words in Latin letters first."""
        lowered = _lowered(text)
        for pattern, script in ((self.latin, 1), (self.chinese, -1)):
            for match in pattern.finditer(lowered) if pattern is not None else ():
                if match.lastindex is not None:
                    found = Found(text[match.start() : match.end()], script * match.lastindex)
                    yield match.start(), found


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every list by name, the pairs that exclude each other, and what takes a word's meaning away."""

    topics: Mapping[str, Topic]
    contradictions: Sequence[tuple[str, str]]
    negated: re.Pattern[str]

    def says(self, topic: str, text: str) -> bool:
        """Whether the prompt has a word of the list, negated or not."""
        return next(self.topics[topic].matches(text), None) is not None

    def found(self, topic: str, text: str) -> tuple[Found, ...]:
        """Return the list's words that the prompt means, in its order; "no rain" means no rain."""
        return tuple(
            word
            for start, word in self.topics[topic].matches(text)
            if not self.negated.search(text[max(0, start - _NEGATION_REACH) : start])
        )


@cache
def lexicon() -> Lexicon:
    """Read and compile the lists, once. Takes some tens of milliseconds: not first on an event loop."""
    data = read_data("lexicon")
    negation = data["negation"]
    english = "|".join(_phrase(word) for word in negation["en"])
    chinese = "|".join(map(re.escape, negation["zh"]))
    return Lexicon(
        topics={
            name: _topic(topic["words"], topic.get("except", ())) for name, topic in data["topic"].items()
        },
        contradictions=tuple((pair["left"], pair["right"]) for pair in data["contradiction"]),
        # One word may stand in between: "no bright sun".
        negated=re.compile(rf"(?:\b(?:{english})\s+(?:\w+\s+)?|(?:{chinese}))$", re.IGNORECASE),
    )


def _topic(entries: Sequence[str], excepted: Sequence[str]) -> Topic:
    names = [entry.split("|") for entry in entries]
    latin = _pattern([[name for name in entry if _is_latin(name)] for entry in names], excepted, latin=True)
    chinese = _pattern(
        [[name for name in entry if not _is_latin(name)] for entry in names], excepted, latin=False
    )
    return Topic(latin, chinese)


def _pattern(
    entries: Sequence[Sequence[str]], excepted: Sequence[str], *, latin: bool
) -> re.Pattern[str] | None:
    """Join a script's phrases so that the engine tries them by their first letter, where a word begins."""
    groups = [
        f"({'|'.join(map(_phrase, sorted(names, key=len, reverse=True)))})" for names in entries if names
    ]
    if not groups:
        return None
    others = [_phrase(phrase) for phrase in excepted if _is_latin(phrase) is latin]
    phrases = "|".join([*others, *groups])
    # \b would take the Chinese characters beside a Latin word for letters of it.
    return re.compile(rf"(?<![a-z0-9])(?:{phrases})(?![a-z0-9])" if latin else phrases)


def _phrase(written: str) -> str:
    """Return an alternative of an entry as a regular expression (the signs stand at the top of the file)."""
    text = re.escape(written.lower())
    for sign, meaning in (
        (r"\ \.\.\.\ ", rf"\b{_GAP}\b"),
        (r"\.\.\.", _GAP),
        (r"\ ", r"[\s-]+"),
        (r"\+", r"(?:s|es)?"),
        (r"\*", "[a-z]{3,}" if written.startswith("*") else "[a-z]*"),
        ("'", "['’]"),
    ):
        text = text.replace(sign, meaning)
    return text


def _is_latin(phrase: str) -> bool:
    return phrase[0].isascii()


def _lowered(text: str) -> str:
    """Return the text in small letters, each where it was: a few grow longer and stay as they are."""
    lowered = text.lower()
    return (
        lowered
        if len(lowered) == len(text)
        else "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    )

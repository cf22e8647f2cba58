"""What many people write about, by words alone: English and other words, and Chinese by pairs of signs."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.trends import Remark

MOST_THEMES = 6
FEWEST_PEOPLE = 2
"""What one person alone writes is no theme."""
_HAN = re.compile(r"[㐀-䶿一-鿿]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORTEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A word that people use, and how many of them; None where a language model has said it in its words."""

    text: str
    people: int | None = None


def frequent_words(remarks: Iterable[Remark], most: int = MOST_THEMES) -> tuple[Theme, ...]:
    """Return the words that most people use, most people first; each person counts once for each word.

    Blocks for some milliseconds on a thousand remarks.
    """
    people: defaultdict[str, set[int]] = defaultdict(set)
    forms: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for remark in remarks:
        for word in _words(remark.text):
            root = _root(word)
            people[root].add(remark.user_id)
            forms[root][word] += 1
    shared = [root for root, users in people.items() if len(users) >= FEWEST_PEOPLE]
    shared.sort(key=lambda root: (-len(people[root]), root))
    found: list[Theme] = []
    for root in shared:
        form = max(sorted(forms[root]), key=lambda word: forms[root][word])
        theme = Theme(text=form, people=len(people[root]))
        if not _said_already(theme, found):
            found.append(theme)
    return tuple(found[:most])


def _words(text: str) -> Iterator[str]:
    english, signs, pairs = _stop_words()
    for run in _HAN.findall(text):
        for part in re.split(f"[{signs}]", run):
            yield from (part[at : at + 2] for at in range(len(part) - 1) if part[at : at + 2] not in pairs)
    for word in _WORD.findall(_HAN.sub(" ", text.lower().replace("’", "'"))):
        if len(word) >= _SHORTEST and word not in english:
            yield word


def _root(word: str) -> str:
    """Return the word without the ending of a plural, so that one hand and two hands are one theme."""
    if len(word) > _SHORTEST and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _said_already(theme: Theme, found: Sequence[Theme]) -> bool:
    """Say whether as many people used a pair that overlaps: it is then a piece of the same longer word."""
    return _HAN.fullmatch(theme.text) is not None and any(
        other.people == theme.people
        and len(other.text) == 2
        and (theme.text[0] == other.text[1] or theme.text[1] == other.text[0])
        for other in found
    )


@cache
def _stop_words() -> tuple[frozenset[str], str, frozenset[str]]:
    data = tomllib.loads(Path(__file__).with_name("stopwords.toml").read_text(encoding="utf-8"))
    signs = "".join(data["chinese_signs"].split())
    return frozenset(data["english"].split()), signs, frozenset(data["chinese_words"].split())

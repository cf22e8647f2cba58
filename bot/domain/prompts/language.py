"""Which language a prompt is in, as far as the rules know any."""

import re
import unicodedata
from collections import Counter
from enum import StrEnum
from functools import cache

from bot.domain.prompts.data import read_data


class Language(StrEnum):
    """The languages that rules and additions exist in, and all others."""

    ENGLISH = "en"
    SIMPLIFIED = "zh-hans"
    TRADITIONAL = "zh-hant"
    OTHER = "other"

    @property
    def is_chinese(self) -> bool:
        """Whether sentences end with 。 and follow without a space."""
        return self in {Language.SIMPLIFIED, Language.TRADITIONAL}


def language_of(text: str) -> Language:
    """Tell the language by its letters, and English from other Latin ones by their small words.

    A few Latin words in a Chinese prompt (names, "4K") leave it Chinese. Text without letters is English.
    """
    letters = Counter(_script(char) for char in text if char.isalpha())
    if letters["KANA"] or letters["OTHER"] > letters["LATIN"]:
        return Language.OTHER
    if letters["CJK"] * 3 > letters["LATIN"]:  # a Chinese word has two letters, an English one five
        return _chinese(text)
    english, foreign, _, _ = _marks()
    words = re.findall(r"[^\W\d_]+", text.lower())
    ours, theirs = (sum(word in known for word in words) for known in (english, foreign))
    return Language.OTHER if theirs > ours else Language.ENGLISH


def _chinese(text: str) -> Language:
    _, _, simplified, traditional = _marks()
    score = sum((char in traditional) - (char in simplified) for char in text)
    return Language.TRADITIONAL if score > 0 else Language.SIMPLIFIED


def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    if name.startswith("LATIN") or char.isascii():
        return "LATIN"
    if name.startswith("CJK"):
        return "CJK"
    return "KANA" if name.startswith(("HIRAGANA", "KATAKANA")) else "OTHER"


@cache
def _marks() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    data = read_data("language")
    return (
        frozenset(data["english"]),
        frozenset(data["foreign"]),
        frozenset(data["simplified"]),
        frozenset(data["traditional"]),
    )

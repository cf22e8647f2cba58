"""The offline enhancer: fills what a prompt lacks of the six parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain.prompts.check import contradictions
from bot.domain.prompts.data import read_data
from bot.domain.prompts.language import Language, language_of
from bot.domain.prompts.lexicon import LONGEST, lexicon
from bot.domain.prompts.parts import followed

_SIX = {
    "subject": ("detail",),
    "scene": ("place",),
    "action": ("action", "ambient"),
    "camera": ("camera",),
    "light": ("light",),
    "style": ("style",),
}
"""The six parts, and the lists that show that a prompt has one."""


@dataclass(frozen=True, slots=True)
class _Addition:
    when: tuple[str, ...]
    unless: tuple[str, ...]
    sentences: Mapping[Language, str]


def enhance(text: str) -> str:
    """Return the prompt with a sentence for each of the six parts that it lacks, in its own language.

    The member's words stay first and whole. What is added is chosen by what the prompt is about and
    contradicts nothing in it; a second time adds nothing. At most 1,000 characters longer. A prompt in a
    language that the rules do not know comes back as it is, and so does one of over 4,000 characters.
    """
    own, language = text.strip(), language_of(text)
    if not own or language is Language.OTHER or len(own) > LONGEST:
        return own
    whole = own
    for part, topics in _SIX.items():
        if any(lexicon().says(topic, own) for topic in topics):
            continue
        sentence = next(_fitting(part, own, whole, language), None)
        if sentence is not None:
            whole = followed(whole, sentence, chinese=language.is_chinese)
    return whole


def _fitting(part: str, own: str, whole: str, language: Language) -> Iterator[str]:
    """Yield the sentences that fit what the member wrote; nothing that was added counts there."""
    words, before = lexicon(), len(contradictions(own))
    for addition in _additions()[part]:
        if not all(words.says(topic, own) for topic in addition.when):
            continue
        if any(words.says(topic, own) for topic in addition.unless):
            continue
        sentence = addition.sentences[language]
        if len(contradictions(followed(whole, sentence, chinese=language.is_chinese))) <= before:
            yield sentence


@cache
def _additions() -> Mapping[str, Sequence[_Addition]]:
    languages = (Language.ENGLISH, Language.SIMPLIFIED, Language.TRADITIONAL)
    data = read_data("additions")
    return {
        part: tuple(
            _Addition(
                when=tuple(row.get("when", ())),
                unless=tuple(row.get("unless", ())),
                sentences={language: row[language] for language in languages},
            )
            for row in data[part]
        )
        for part in _SIX
    }

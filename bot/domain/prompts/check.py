"""What may go wrong with a prompt, as hints before anything is paid. Never a reason to refuse."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.prompts.language import Language, language_of
from bot.domain.prompts.lexicon import LONGEST, Found, lexicon

MOST_SUBJECTS = 3
MOST_ACTIONS = 3
"""In one clip; the good prompts of the seeds stay within both."""


class NoteKind(StrEnum):
    """What a hint is about (seeds: 000, 7.5; the last three: 001, restrictions)."""

    CONTRADICTION = "contradiction"
    VAGUE = "vague"
    MANY_SUBJECTS = "many-subjects"
    MANY_ACTIONS = "many-actions"
    SEVERAL_SCENES = "several-scenes"
    PHYSICS = "physics"
    NO_CAMERA = "no-camera"
    NO_LIGHT = "no-light"
    REAL_PERSON = "real-person"
    FACE = "face"
    PROTECTED = "protected"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptNote:
    """One hint; `words` stand in the prompt as they are here. Of a contradiction they are the two sides."""

    kind: NoteKind
    words: tuple[str, ...] = ()


def check_prompt(text: str, *, picture: bool = False) -> tuple[PromptNote, ...]:
    """Return the hints, the gravest first: one for each contradicting pair, of the other kinds one at most.

    With `picture` there is one about faces in it, with the prompt's words for people. In languages that the
    rules do not know, nothing is said to be missing. Of a longer prompt the first 4,000 characters are read.
    """
    return tuple(_notes(text[:LONGEST], picture))


def contradictions(text: str) -> tuple[PromptNote, ...]:
    """Return the pairs of words that exclude each other, unless one thing becomes another in the prompt."""
    words = lexicon()
    if words.says("transition", text):
        return ()
    notes = []
    for left, right in words.contradictions:
        one, other = words.found(left, text), words.found(right, text)
        if one and other:
            notes.append(PromptNote(kind=NoteKind.CONTRADICTION, words=(one[0].text, other[0].text)))
    return tuple(notes)


def _notes(text: str, picture: bool) -> Iterator[PromptNote]:
    if text.strip():
        yield from contradictions(text)
        yield from _impossible(text)
        yield from _too_much(text)
        yield from _listed(NoteKind.VAGUE, "vague", text)
        yield from _missing(text)
        yield from _listed(NoteKind.REAL_PERSON, "real-person", text)
        yield from _listed(NoteKind.PROTECTED, "protected", text)
    if picture:
        yield PromptNote(kind=NoteKind.FACE, words=_texts(lexicon().found("person", text)))


def _impossible(text: str) -> Iterator[PromptNote]:
    if not lexicon().says("dream", text):
        yield from _listed(NoteKind.PHYSICS, "physics", text)


def _too_much(text: str) -> Iterator[PromptNote]:
    words = lexicon()
    yield from _listed(NoteKind.SEVERAL_SCENES, "several-scenes", text)
    subjects = tuple(
        first for topic in ("person", "animal", "vehicle") for first in _different(words.found(topic, text))
    )
    if len(subjects) > MOST_SUBJECTS:
        yield PromptNote(kind=NoteKind.MANY_SUBJECTS, words=_texts(subjects))
    actions = _different(words.found("action", text))
    if len(actions) > MOST_ACTIONS:
        yield PromptNote(kind=NoteKind.MANY_ACTIONS, words=_texts(actions))


def _missing(text: str) -> Iterator[PromptNote]:
    if language_of(text) is Language.OTHER:
        return
    for kind, topic in ((NoteKind.NO_CAMERA, "camera"), (NoteKind.NO_LIGHT, "light")):
        if not lexicon().says(topic, text):
            yield PromptNote(kind=kind)


def _listed(kind: NoteKind, topic: str, text: str) -> Iterator[PromptNote]:
    found = lexicon().found(topic, text)
    if found:
        yield PromptNote(kind=kind, words=_texts(found))


def _different(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """Keep the first word for each thing."""
    first: dict[int, Found] = {}
    for word in found:
        first.setdefault(word.thing, word)
    return tuple(first.values())


def _texts(found: tuple[Found, ...]) -> tuple[str, ...]:
    """Return the words as they stand, each once however it is written."""
    first: dict[str, str] = {}
    for word in found:
        first.setdefault(word.text.lower(), word.text)
    return tuple(first.values())

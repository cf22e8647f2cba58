"""An idea in scenes, without a language model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain.prompts.check import contradictions
from bot.domain.prompts.data import read_data
from bot.domain.prompts.language import Language, language_of
from bot.domain.prompts.lexicon import lexicon
from bot.domain.prompts.parts import joined
from bot.domain.prompts.story import MOST_SCENES

_LONGEST_SUBJECT = 60
"""Characters; what is longer before the verb is more than a subject."""


@dataclass(frozen=True, slots=True)
class _Rules:
    breaks: re.Pattern[str]
    pronoun: re.Pattern[str]
    beats: Mapping[Language, Sequence[str]]


def split_scenes(idea: str, count: int) -> tuple[str, ...]:
    """Return exactly `count` scene prompts (1 to 10): the idea's own steps, else its course in as many steps.

    A step that begins with "it" or with what is done names the subject of the first one instead, so that it
    can be rendered alone. A draft: it is shown for editing.

    Raises:
        ValueError: the idea is empty, or `count` is not 1 to 10.
    """
    whole = " ".join(idea.split())
    if not whole or not 1 <= count <= MOST_SCENES:
        raise ValueError("an idea and 1 to 10 scenes are needed")
    if count == 1:
        return (whole,)
    language = language_of(whole)
    steps = _steps(whole, language)
    if len(steps) >= count:
        groups = [
            steps[part * len(steps) // count : (part + 1) * len(steps) // count] for part in range(count)
        ]
        return tuple(joined(group, chinese=language.is_chinese) for group in groups)
    return tuple(_beat(steps[part * len(steps) // count], part, count, language) for part in range(count))


def _steps(whole: str, language: Language) -> list[str]:
    """Cut at sentences and at words of sequence."""
    rules = _rules()
    sentences = re.split(r"(?<=[.!?;])\s+|(?<=[。！？；])", whole)
    pieces = [piece.strip(" ,，;；") for sentence in sentences for piece in rules.breaks.split(sentence)]
    steps: list[str] = []
    alone = ""  # "It finally sleeps" is cut behind its "it"
    for piece in filter(None, pieces):
        step = f"{alone} {piece}".strip()
        alone = step if rules.pronoun.fullmatch(step) else ""
        if not alone and any(char.isalnum() for char in step):
            steps.append(step)
    subject = _subject(steps[0], language) if steps else None
    if subject is None:
        return steps or [whole]
    return [steps[0], *(_alone(step, subject, language) for step in steps[1:])]


def _subject(step: str, language: Language) -> str | None:
    """Return what stands before the first verb, as "the same ...", or None where that is no plain subject."""
    verbs = [start for topic in ("action", "ambient") for start, _ in lexicon().topics[topic].matches(step)]
    before = step[: min(verbs, default=0)]
    if language.is_chinese:
        before = before.split("在")[0].rstrip("，, 正")
        subject = "同" + before if before.startswith("一") else before
    else:
        bare = re.sub(r"^(?:an?|the|some)\s+", "", before.strip(), flags=re.IGNORECASE)
        bare = re.sub(r"\s+(?:is|are|was|were)$", "", bare)
        subject = f"The same {bare}" if bare else ""
    plain = 0 < len(before) <= _LONGEST_SUBJECT and not re.search("[,，:：]", before)
    return subject if subject and plain else None


def _alone(step: str, subject: str, language: Language) -> str:
    pronoun = _rules().pronoun.match(step)
    rest = step[pronoun.end() :] if pronoun else step
    verb_first = any(start == 0 for start, _ in lexicon().topics["action"].matches(step))
    if pronoun is None and not verb_first and not step.startswith("在"):
        return step
    return subject + rest if language.is_chinese else f"{subject} {rest.lstrip()}"


def _beat(step: str, part: int, count: int, language: Language) -> str:
    beats = _rules().beats[language if language.is_chinese else Language.ENGLISH]
    beat = beats[round(part * (len(beats) - 1) / (count - 1))]
    scene = f"{beat}：{step}" if language.is_chinese else f"{beat}: {step}"
    return step if len(contradictions(scene)) > len(contradictions(step)) else scene


@cache
def _rules() -> _Rules:
    data = read_data("scenes")
    breaks, pronouns = data["breaks"], data["pronouns"]
    english = "|".join(word.replace(" ", r"\s+") for word in breaks["en"])
    return _Rules(
        breaks=re.compile(
            rf"[,;]?\s*\b(?:{english})\b,?\s+|[，,；]?(?:{'|'.join(breaks['zh'])})[，,]?", re.IGNORECASE
        ),
        pronoun=re.compile(
            rf"(?:{'|'.join(pronouns['en'])})\b|(?:{'|'.join(pronouns['zh'])})", re.IGNORECASE
        ),
        beats={Language(name): tuple(steps) for name, steps in data["beats"].items()},
    )

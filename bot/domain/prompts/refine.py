"""The improvement loop's ratings, and what a low one changes in the prompt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.domain.prompts.data import read_data
from bot.domain.prompts.enhance import enhance
from bot.domain.prompts.language import Language, language_of
from bot.domain.prompts.parts import followed

WEAK_BELOW = 7
GOOD_FROM = 8


class Criterion(StrEnum):
    """What a render is rated for, 1 to 10 each."""

    VISUAL = "visual-quality"
    ADHERENCE = "prompt-adherence"
    CONSISTENCY = "consistency"
    NARRATIVE = "narrative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One rating of one render.

    Raises:
        ValueError: a score is not 1 to 10; names the criterion.
    """

    visual: int
    adherence: int
    consistency: int
    narrative: int

    def __post_init__(self) -> None:
        for criterion, score in self.by_criterion.items():
            if not 1 <= score <= 10:
                raise ValueError(f"{criterion} must be 1 to 10, not {score}")

    @property
    def by_criterion(self) -> Mapping[Criterion, int]:
        """Each criterion's score."""
        return {
            Criterion.VISUAL: self.visual,
            Criterion.ADHERENCE: self.adherence,
            Criterion.CONSISTENCY: self.consistency,
            Criterion.NARRATIVE: self.narrative,
        }

    @property
    def overall(self) -> float:
        """The mean."""
        return sum(self.by_criterion.values()) / len(Criterion)

    @property
    def weak(self) -> tuple[Criterion, ...]:
        """What the prompt is revised for: every criterion below 7."""
        return tuple(criterion for criterion, score in self.by_criterion.items() if score < WEAK_BELOW)

    @property
    def good_enough(self) -> bool:
        """Whether the loop ends here: 8 or more overall."""
        return self.overall >= GOOD_FROM


def revise(prompt: str, weak: Sequence[Criterion]) -> str:
    """Return the prompt changed for each weak criterion by the rules of `revisions.toml`.

    What it lacks is filled in where it was not followed; then each criterion adds its first sentence that is
    not there yet, so that a second low rating adds another. Unchanged where all is said.
    """
    text = " ".join(prompt.split())
    if not text:
        return text
    if Criterion.ADHERENCE in weak:
        text = enhance(text)
    language = language_of(prompt)
    for criterion in Criterion:
        if criterion not in weak:
            continue
        steps = _revisions()[criterion][language if language.is_chinese else Language.ENGLISH]
        following = next((step for step in steps if step not in text), None)
        if following is not None:
            text = followed(text, following, chinese=language.is_chinese)
    return text


@cache
def _revisions() -> Mapping[Criterion, Mapping[Language, Sequence[str]]]:
    """Read each criterion's sentences, the first to add first."""
    data = read_data("revisions")
    return {
        criterion: {Language(language): tuple(steps) for language, steps in data[criterion].items()}
        for criterion in Criterion
    }

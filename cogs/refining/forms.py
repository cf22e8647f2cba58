"""The forms of a refinement. What was sent is read off the event alone, so a form outlives a restart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.board import Board
from bot.domain.evaluation import Evaluation
from bot.domain.prompts.refine import Criterion, Scores
from bot.domain.refinement import Revision
from cogs.score_form import score_form, sent_fields
from cogs.texts import Texts

FORM_ID = re.compile(r"reelbot-form:(?P<verb>rate|edit):(?P<board>[0-9A-Z]{5}):(?P<number>[0-9]{1,6})")
WORDS = "words"
WORDS_TYPED = 4000
"""What a text field of a modal takes (https://discord.com/developers/docs/components/reference)."""
HIGHEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent: which one, and the fields by their names."""

    verb: str
    short_id: str
    number: int
    fields: Mapping[str, str]

    @property
    def scores(self) -> Scores:
        """Read the ratings.

        Raises:
            ValueError: they are not those of the form.
        """
        try:
            given = {criterion: int(self.fields[criterion]) for criterion in Criterion}
        except KeyError as error:
            raise ValueError(f"the form has no {error}") from error
        return Scores(
            visual=given[Criterion.VISUAL],
            adherence=given[Criterion.ADHERENCE],
            consistency=given[Criterion.CONSISTENCY],
            narrative=given[Criterion.NARRATIVE],
        )


def rating_form(board: Board, position: int, before: Evaluation | None, texts: Texts) -> discord.ui.Modal:
    """Ask for the four criteria and a comment; what was said before stands there already."""
    return score_form(
        title=texts("refine-form-title", round=str(position)),
        custom_id=f"reelbot-form:rate:{board.short_id}:{position}",
        questions=[
            discord.ui.Label(
                text=texts(f"criterion-{criterion}-label"),
                description=texts(f"criterion-{criterion}-asks"),
                component=_scale(criterion, None if before is None else before.scores.get(criterion), texts),
            )
            for criterion in Criterion
        ],
        comment=texts("refine-form-comment"),
        comment_asks=texts("refine-form-comment-asks"),
        before=before,
    )


def words_form(board: Board, revision: Revision, texts: Texts) -> discord.ui.Modal:
    """Ask for other words in the place of those that wait."""
    modal = discord.ui.Modal(
        title=texts("refine-words-title", round=str(board.clips[-1].position + 1)),
        custom_id=f"reelbot-form:edit:{board.short_id}:{revision.number}",
    )
    words: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=WORDS,
        style=discord.TextStyle.paragraph,
        default=revision.prompt[:WORDS_TYPED],
        max_length=WORDS_TYPED,
    )
    modal.add_item(discord.ui.Label(text=texts("board-change-label"), component=words))
    return modal


def sent_form(interaction: discord.Interaction) -> Sent | None:
    """Read a form of ours off an event, None for everything else."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    data: Any = interaction.data
    found = FORM_ID.fullmatch(data["custom_id"])
    if found is None:
        return None
    number = int(found["number"])
    return Sent(verb=found["verb"], short_id=found["board"], number=number, fields=sent_fields(data))


def _scale(criterion: Criterion, chosen: int | None, texts: Texts) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(label=str(score), value=str(score), default=score == chosen)
        for score in range(HIGHEST, 0, -1)
    ]
    return discord.ui.Select(
        custom_id=criterion.value, placeholder=texts("refine-form-scale"), options=options
    )

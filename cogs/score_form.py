"""The form of a rating in detail: a question for each criterion, and room for words.

It is named and read off the event alone, so that it outlives a restart.
"""

from collections.abc import Iterable
from typing import Any

import discord

from bot.domain.evaluation import Evaluation

COMMENT = "comment"
COMMENT_TYPED = 400


def score_form(
    *,
    title: str,
    custom_id: str,
    questions: Iterable[discord.ui.Label[Any]],
    comment: str,
    comment_asks: str,
    before: Evaluation | None,
) -> discord.ui.Modal:
    """Build the form; the words that were said before stand there already."""
    modal = discord.ui.Modal(title=title, custom_id=custom_id)
    for question in questions:
        modal.add_item(question)
    words: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=COMMENT,
        style=discord.TextStyle.paragraph,
        default=before.comment if before is not None and before.comment else None,
        max_length=COMMENT_TYPED,
        required=False,
    )
    modal.add_item(discord.ui.Label(text=comment, description=comment_asks, component=words))
    return modal


def sent_fields(data: Any) -> dict[str, str]:
    """Read what was chosen and typed, by the fields' names, off the event's data."""
    fields = {}
    for part in data["components"]:
        field = part.get("component") or {}
        if "custom_id" in field:
            values = field.get("values") or [field.get("value") or ""]
            fields[field["custom_id"]] = str(values[0])
    return fields

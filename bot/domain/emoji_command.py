"""Reactions that are commands rather than votes."""

from enum import StrEnum
from typing import assert_never

from bot.domain.feedback import FeedbackSettings
from bot.domain.ratings import plain


class EmojiCommand(StrEnum):
    """What a member can ask for by a reaction; the value is the emoji, as `plain` writes it."""

    LETTER = "✉"
    FAVOURITE = "⭐"
    REMOVAL = "❌"


def read_command(emoji: str) -> EmojiCommand | None:
    """Read an emoji as a command; others are none."""
    sign = plain(emoji)
    return next((command for command in EmojiCommand if command.value == sign), None)


def is_switched_on(command: EmojiCommand, settings: FeedbackSettings) -> bool:
    """Say whether the server wants the command; an emoji that it votes by is a vote and nothing else."""
    if settings.scale.value(command.value) is not None:
        return False
    match command:
        case EmojiCommand.LETTER:
            return settings.letter
        case EmojiCommand.FAVOURITE:
            return settings.favourite
        case EmojiCommand.REMOVAL:
            return settings.removal
        case _:
            assert_never(command)

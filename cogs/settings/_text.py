"""A server's settings of feedback in words."""

from bot.domain.emoji_command import EmojiCommand, is_switched_on
from bot.domain.feedback import FeedbackSettings
from bot.domain.ratings import RatingStyle, Scale
from cogs.texts import Texts

SHOWN_AS = {EmojiCommand.LETTER: "✉️", EmojiCommand.FAVOURITE: "⭐", EmojiCommand.REMOVAL: "❌"}


def settings_text(settings: FeedbackSettings, texts: Texts) -> str:
    """Write everything that is set, a line a topic."""
    commands = [
        texts("settings-reaction", emoji=shown, on="yes" if is_switched_on(command, settings) else "no")
        for command, shown in SHOWN_AS.items()
    ]
    lines = [
        texts("settings-title"),
        texts("settings-ratings", scale=scale_text(settings.scale)),
        texts("settings-authors", vote="yes" if settings.author_votes else "no"),
        texts("settings-reactions", reactions=" · ".join(commands)),
        _best(settings, texts),
        _reel(settings, texts),
    ]
    return "\n".join(lines)


def scale_text(scale: Scale) -> str:
    """Write the emoji in their order, with weights where the server has chosen them."""
    if scale.style is RatingStyle.OWN:
        return " · ".join(f"{emoji} {value}" for emoji, value in scale.values.items())
    return " ".join(scale.values)


def _best(settings: FeedbackSettings, texts: Texts) -> str:
    if settings.best_channel_id is None:
        return texts("settings-best-none")
    return texts("settings-best", channel=f"<#{settings.best_channel_id}>", stars=f"{settings.best_from} ⭐")


def _reel(settings: FeedbackSettings, texts: Texts) -> str:
    if settings.reel_every is None or settings.reel_channel_id is None:
        return texts("settings-reel-none")
    return texts("settings-reel", every=settings.reel_every.value, channel=f"<#{settings.reel_channel_id}>")

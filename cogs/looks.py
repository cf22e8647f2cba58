"""The names of looks as members read them."""

from bot.domain.prompts.styles import presets
from cogs.texts import Texts


def shown_style(name: str, texts: Texts) -> str:
    """Name a look: a built-in one in the reader's language, a server's own as it was called."""
    return texts(f"style-{name}") if name in presets() else name

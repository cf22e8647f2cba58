"""Command texts in every language, from the same files as all others."""

import discord
from discord import app_commands

from bot.client import Reelbot
from cogs.services import services_of
from cogs.texts import DEFAULT_LOCALE, Library


class CommandTranslator(app_commands.Translator):
    """Looks up `locale_str`s: the message is the key, the extras fill its places.

    The name of a context menu is found by the library under the message itself, so there `key` is an extra.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        _context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the text in this language, None where there is none (Discord then shows English)."""
        if locale.value != DEFAULT_LOCALE and locale.value not in self._library.locales:
            return None
        texts = self._library.texts(locale.value)
        places = dict(string.extras)
        key = places.pop("key", string.message)
        return texts(key, **places) if texts.has(key) else None


async def setup(bot: Reelbot) -> None:
    """Translate every command text."""
    await bot.tree.set_translator(CommandTranslator(services_of(bot).library))

"""`/animate` and *Animate this picture*: the same as `/video`, beginning with a picture."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.domain.capabilities import Option
from bot.jobs.models import Models, Options
from cogs.answers import say, texts_of
from cogs.errors import answered
from cogs.services import Services, services_of
from cogs.texts import DEFAULT_LOCALE, Texts
from cogs.video._asking import Given, ask
from cogs.video._form import Field, build_command
from cogs.video._pictures import check_attachment, first_picture

PROMPT_TYPED = 4000
"""What a text field of a modal takes (https://discord.com/developers/docs/components/reference)."""


def build_animate() -> app_commands.Command[Any, ..., None]:
    """Return `/animate`."""
    fields = [
        Field(name="image", kind=discord.Attachment, text="option-animate-image", required=True),
        Field(name="prompt", kind=str, text="option-animate-prompt"),
    ]
    return build_command("animate", "command-animate", fields, _animate)


def build_menu(services: Services) -> app_commands.ContextMenu:
    """Return the entry of a message's menu. Discord names it when it is used, so its name is the text."""
    name = services.library.texts(DEFAULT_LOCALE)("menu-animate")
    return app_commands.ContextMenu(name=locale_str(name, key="menu-animate"), callback=_animate_message)


async def _animate(interaction: discord.Interaction, given: Mapping[str, Any]) -> None:
    await _ask(interaction, given["image"], given.get("prompt"))


async def _animate_message(interaction: discord.Interaction, message: discord.Message) -> None:
    picture = first_picture(message)
    if picture is None:
        await say(interaction, texts_of(interaction)("animate-no-picture"))
        return
    check_attachment(picture)
    await interaction.response.send_modal(PromptModal(picture, texts_of(interaction)))


async def _ask(interaction: discord.Interaction, picture: discord.Attachment, prompt: str | None) -> None:
    gently = texts_of(interaction)("animate-prompt")
    options = Options(prompt=prompt or gently, model=_model(services_of(interaction.client).videos.models))
    await ask(interaction, Given(options=options, image=picture, hints=options.prompt != gently))


def _model(models: Models) -> str | None:
    """Return the default model, or where it takes no pictures the first that does."""
    return models.taking(Option.PICTURE)


class PromptModal(discord.ui.Modal):
    """Asks for the words to a picture of a message."""

    def __init__(self, picture: discord.Attachment, texts: Texts) -> None:
        super().__init__(title=texts("animate-title"))
        self._picture = picture
        self._prompt: discord.ui.TextInput[PromptModal] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            default=texts("animate-prompt"),
            required=False,
            max_length=PROMPT_TYPED,
        )
        self.add_item(discord.ui.Label(text=texts("animate-label"), component=self._prompt))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Go on as with `/animate`."""
        await answered(interaction, _ask(interaction, self._picture, self._prompt.value.strip()))

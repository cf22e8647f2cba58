"""One kind of button for everything that can be done with a job, and what happens when it is pressed.

The first await of a press answers Discord, because 3 s are short.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Self

import discord

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, NotYourJob, TryLater
from bot.domain.job import JobId
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import actor_of, cancel_and_say, decider_of, say, texts_of, think
from cogs.buttons.verbs import Verb
from cogs.errors import answered
from cogs.services import services_of
from cogs.video._places import check_place
from cogs.withdrawing import withdraw

BUTTON_ID = r"reelbot:(?P<verb>[a-z-]{1,40}):(?P<job>[0-9A-Z]{5})"


class JobButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=BUTTON_ID):
    """A button `reelbot:<verb>:<short id>`; verbs of other versions are understood as far as to say so."""

    def __init__(
        self,
        verb: Verb | str,
        short_id: str,
        *,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        row: int | None = None,
    ) -> None:
        super().__init__(
            discord.ui.Button(label=label, style=style, custom_id=f"reelbot:{verb}:{short_id}", row=row)
        )
        self._verb = verb
        self._short_id = short_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["verb"], match["job"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says and answer the one who pressed."""
        await answered(interaction, press(self._verb, interaction, self._short_id))


async def press(verb: str, interaction: discord.Interaction, short_id: str) -> None:
    """Do what the verb says.

    Raises:
        BotError: with the sentence for the one who pressed.
    """
    known = PRESSES.get(verb)
    if known is None:
        raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
    await known(interaction, short_id)


async def cancel(interaction: discord.Interaction, short_id: str) -> None:
    """Stop the job of this status message."""
    await think(interaction)
    await cancel_and_say(interaction, short_id)


async def try_again(interaction: discord.Interaction, short_id: str) -> None:
    """Order an unsure job once more."""
    await think(interaction)
    actor = await decider_of(interaction)
    job = await services_of(interaction.client).decisions.try_again(short_id, actor)
    await say(interaction, texts_of(interaction)("try-again-done", id=job.short_id))


async def give_up(interaction: discord.Interaction, short_id: str) -> None:
    """End an unsure job."""
    await think(interaction)
    actor = await decider_of(interaction)
    job = await services_of(interaction.client).decisions.give_up(short_id, actor)
    await say(interaction, texts_of(interaction)("give-up-done", id=job.short_id))


async def retry(interaction: discord.Interaction, short_id: str) -> None:
    """Go on with what is paid for."""
    await think(interaction)
    job = await services_of(interaction.client).decisions.retry(short_id, actor_of(interaction))
    await say(interaction, texts_of(interaction)("retry-done", id=job.short_id))


async def again(interaction: discord.Interaction, short_id: str) -> None:
    """Ask for the same once more, as the one who pressed; each press is a job of its own."""
    check_place(interaction, texts_of(interaction))
    if interaction.guild_id is not None and not interaction.permissions.use_application_commands:
        raise NotYourJob(code=Code.COMMAND_NOT_ALLOWED)
    message_id = await defer_publicly(interaction)
    job = await services_of(interaction.client).videos.again(
        short_id,
        actor_of(interaction),
        key=JobId(str(interaction.id)),
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
    )
    await show_accepted(interaction, job)


async def delete(interaction: discord.Interaction, short_id: str) -> None:
    """Ask once, privately."""
    await think(interaction)
    job = await services_of(interaction.client).decisions.to_delete(short_id, actor_of(interaction))
    texts = texts_of(interaction)
    view = discord.ui.View(timeout=None)
    view.add_item(
        JobButton(
            Verb.DELETE_YES,
            job.short_id,
            label=texts("button-delete-yes"),
            style=discord.ButtonStyle.danger,
        )
    )
    await say(interaction, texts("delete-ask", id=job.short_id), view=view)


async def delete_yes(interaction: discord.Interaction, short_id: str) -> None:
    """Delete the messages, then the files; pressed again after a crash it does the rest."""
    await interaction.response.defer()
    decisions, texts = services_of(interaction.client).decisions, texts_of(interaction)
    actor = actor_of(interaction)
    job = await decisions.to_delete(short_id, actor)
    try:
        gone = await withdraw(interaction.client, job)
    except TryLater:
        await say(interaction, texts("delete-later", id=job.short_id))
        return
    await decisions.deleted(job, actor)
    text = texts("delete-done" if gone else "delete-unreachable", id=job.short_id)
    await interaction.edit_original_response(content=text, view=None)


Press = Callable[[discord.Interaction, str], Awaitable[None]]

PRESSES: Mapping[str, Press] = MappingProxyType(
    {
        Verb.CANCEL: cancel,
        Verb.TRY_AGAIN: try_again,
        Verb.GIVE_UP: give_up,
        Verb.RETRY: retry,
        Verb.AGAIN: again,
        Verb.DELETE: delete,
        Verb.DELETE_YES: delete_yes,
    }
)

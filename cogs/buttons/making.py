"""Making another video by a press: whoever presses makes a job of their own."""

import discord

from bot.domain.codes import Code
from bot.domain.errors import NotYourJob
from bot.domain.job import JobId
from cogs.accepting import job_locale, place_of, show_accepted
from cogs.acknowledging import defer_publicly
from cogs.answers import actor_of, texts_of
from cogs.places import check_place
from cogs.services import services_of


def check_may_make(interaction: discord.Interaction) -> None:
    """Refuse where a command would be refused: a button has no permissions of its own.

    Raises:
        PlaceUnusable: the result could not be posted here.
        NotYourJob: the one who pressed may not use commands here.
    """
    check_place(interaction, texts_of(interaction))
    if interaction.guild_id is not None and not interaction.permissions.use_application_commands:
        raise NotYourJob(code=Code.COMMAND_NOT_ALLOWED)


async def again(interaction: discord.Interaction, short_id: str) -> None:
    """Ask for the same once more, as the one who pressed; each press is a job of its own."""
    check_may_make(interaction)
    message_id = await defer_publicly(interaction)
    job = await services_of(interaction.client).videos.again(
        short_id,
        actor_of(interaction),
        key=JobId(str(interaction.id)),
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
    )
    await show_accepted(interaction, job)

"""An accepted job appears: the deferred answer becomes its status message."""

import logging

import discord

from bot.domain.errors import DeliveryError, StorageError
from bot.domain.job import Job, Place
from cogs.discord_errors import mapped
from cogs.services import services_of

log = logging.getLogger(__name__)


def place_of(interaction: discord.Interaction, message_id: int) -> Place:
    """Return where the job that is asked for here belongs."""
    return Place(
        channel_id=interaction.channel_id or 0,
        guild_id=interaction.guild_id,
        status_message_id=message_id,
    )


def job_locale(interaction: discord.Interaction) -> str:
    """Return the language of messages that everybody sees: the server's, else the member's."""
    return str(interaction.guild_locale or interaction.locale)


async def show_accepted(interaction: discord.Interaction, job: Job) -> None:
    """Turn the deferred answer into the status message, then let the engine start."""
    services = services_of(interaction.client)

    async def first_edit(text: str) -> None:
        with mapped():
            await interaction.edit_original_response(content=text, view=services.announcer.view(job))

    try:
        standing = await services.videos.standing(job)
        await services.announcer.board.open(job, standing, first_edit)
    except (DeliveryError, StorageError) as error:
        # The job is accepted all the same; later edits go to the message by its id.
        log.warning("job %s: the first status could not be shown: %s", job.short_id, error)
    finally:
        if not services.drives:
            services.announcer.forget(job.id)
        services.videos.start()

"""Buttons whose state stands in their id, so that they work after a restart."""

import re
from typing import Any, Self

import discord

from bot.domain.job import Job
from bot.domain.states import CANCELLABLE
from cogs.answers import cancel_and_say
from cogs.errors import on_command_error
from cogs.texts import Texts


class CancelButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"reelbot:cancel:(?P<job>[0-9A-Z]{5})"
):
    """Cancels the job of its status message, for the author or a moderator."""

    def __init__(self, short_id: str, label: str = "") -> None:
        super().__init__(
            discord.ui.Button(
                label=label or None,
                style=discord.ButtonStyle.secondary,
                custom_id=f"reelbot:cancel:{short_id}",
            )
        )
        self._short_id = short_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Cancel and say so to the one who pressed."""
        try:
            await cancel_and_say(interaction, self._short_id)
        except Exception as error:  # noqa: BLE001 - logged there; a button has no error handler of its own
            await on_command_error(interaction, error)


def status_view(job: Job, texts: Texts) -> discord.ui.View | None:
    """Return the buttons of a job's status message, None where there is nothing left to press."""
    if job.state not in CANCELLABLE or job.cancel_requested:
        return None
    view = discord.ui.View(timeout=None)
    view.add_item(CancelButton(job.short_id, texts("button-cancel")))
    return view

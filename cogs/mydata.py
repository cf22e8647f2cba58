"""`/mydata`: a copy of what is kept about whoever asks, and its deletion."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Mapping
from typing import Any, Self

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.errors import DeliveryError, Forbidden, Gone, StorageError, TryLater
from bot.domain.mydata import Holdings
from bot.jobs.mydata import Copy, MyData
from cogs.answers import say, texts_of, think
from cogs.delivery import UPLOAD_SECONDS
from cogs.discord_errors import mapped
from cogs.errors import answered
from cogs.services import services_of
from cogs.texts import Texts
from cogs.withdrawing import DELETE_SECONDS

log = logging.getLogger(__name__)

ROWS, MESSAGES = "rows", "messages"
"""What a press deletes: what is kept here, or the messages with one's videos too."""
LINKS_SHOWN = 8
AGAIN_SECONDS = 60.0
"""After so long messages are tried again that Discord did not delete."""


class MyDataCommands(
    commands.GroupCog, name="MyData", group_name="mydata", group_description=locale_str("command-mydata")
):
    """The commands; every answer is for the asking member alone. Deletions that were cut short go on."""

    def __init__(self, bot: Reelbot, mydata: MyData) -> None:
        self._bot = bot
        self._mydata = mydata
        self._due = False
        self._work: asyncio.Task[None] | None = None

    async def cog_unload(self) -> None:
        """Stop deleting messages."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Go on with deletions that an end of the program has cut short."""
        self._go_on()

    @app_commands.command(name="export", description=locale_str("command-mydata-export"))
    async def export(self, interaction: discord.Interaction) -> None:
        """Hand out everything that is kept about the member, in ZIP files."""
        await think(interaction)
        texts, limit = texts_of(interaction), interaction.filesize_limit
        async with (
            self._mydata.copying(interaction.user.id, key=str(interaction.id), limit=limit) as copy,
            contextlib.aclosing(self._mydata.parts(copy)) as parts,
        ):
            async for part in parts:
                with mapped():
                    async with asyncio.timeout(UPLOAD_SECONDS):
                        await interaction.followup.send(
                            texts("mydata-part", part=str(copy.parts)),
                            file=discord.File(part, f"my-data-{copy.parts}.zip"),
                            ephemeral=True,
                        )
        await say(interaction, copy_text(copy, texts))

    @app_commands.command(name="delete", description=locale_str("command-mydata-delete"))
    async def delete(self, interaction: discord.Interaction) -> None:
        """Say what would go and what would stay, and ask."""
        await think(interaction)
        texts = texts_of(interaction)
        holdings = await self._mydata.holdings(interaction.user.id)
        view = discord.utils.MISSING
        if not holdings.under_way:
            view = discord.ui.View(timeout=None)
            view.add_item(DeleteButton(ROWS, label=texts("mydata-delete-yes")))
            view.add_item(DeleteButton(MESSAGES, label=texts("mydata-delete-messages")))
        await say(interaction, question_text(holdings, texts), view=view)

    async def press(self, interaction: discord.Interaction, what: str) -> None:
        """Delete what the button says, and say what came of it."""
        await interaction.response.defer()
        await self._mydata.forget(interaction.user.id, messages=what == MESSAGES)
        self._go_on()
        text = texts_of(interaction)("mydata-deleted", messages="yes" if what == MESSAGES else "no")
        await interaction.edit_original_response(content=text, view=None)

    def _go_on(self) -> None:
        """Look for what deletions have left, also if somebody is just looking."""
        self._due = True
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._finish(), name="deletions")

    async def _finish(self) -> None:
        """Do what deletions have left, and what fails once more some time later."""
        while self._due:
            self._due = False
            try:
                await self._mydata.clear()
                left = await self._mydata.take_back(self._delete_message)
            except (StorageError, DeliveryError) as error:
                log.warning("a deletion is not finished yet: %s", error)
                left = 1
            if left:
                await asyncio.sleep(AGAIN_SECONDS)
                self._due = True

    async def _delete_message(self, channel_id: int, message_id: int) -> bool:
        """Delete a message; say whether nothing is left to try."""
        channel = self._bot.get_partial_messageable(channel_id)
        try:
            with mapped():
                async with asyncio.timeout(DELETE_SECONDS):
                    await channel.get_partial_message(message_id).delete()
        except TryLater:
            return False
        except (Gone, Forbidden):
            pass  # somebody was quicker, or it is out of reach
        except DeliveryError as error:
            log.warning("a message could not be deleted: %s", error)
        return True


class DeleteButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=f"reelbot-mydata:(?P<what>{ROWS}|{MESSAGES})"
):
    """Deletes the data of whoever presses it: `reelbot-mydata:<what>`."""

    def __init__(self, what: str, *, label: str | None = None) -> None:
        super().__init__(
            discord.ui.Button(
                label=label, custom_id=f"reelbot-mydata:{what}", style=discord.ButtonStyle.danger
            )
        )
        self._what = what

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Delete it."""
        cog = interaction.client.get_cog("MyData") if isinstance(interaction.client, Reelbot) else None
        if not isinstance(cog, MyDataCommands):
            raise TypeError("the client was not built by bot.app")
        await answered(interaction, cog.press(interaction, self._what))


def question_text(holdings: Holdings, texts: Texts) -> str:
    """Say what there is, what would go, and what would stay."""
    counts: Mapping[str, int] = {
        "videos": holdings.videos,
        "votes": holdings.votes,
        "favourites": holdings.favourites,
        "evaluations": holdings.evaluations,
        "comparisons": holdings.comparisons,
        "boards": holdings.boards,
        "drafts": holdings.drafts,
    }
    lines = [texts("mydata-holdings", **{name: str(count) for name, count in counts.items()})]
    if holdings.under_way:
        ids = ", ".join(holdings.under_way[:LINKS_SHOWN])
        lines.append(texts("mydata-under-way", count=len(holdings.under_way), ids=ids))
    else:
        lines += [texts("mydata-goes"), texts("mydata-stays"), texts("mydata-messages")]
    return "\n".join(lines)


def copy_text(copy: Copy, texts: Texts) -> str:
    """Say that this was all, and which videos are only where they were posted."""
    lines = [texts("mydata-whole", parts=copy.parts)]
    if copy.left_out:
        lines.append(texts("mydata-left-out", count=len(copy.left_out)))
        lines += [f"- {link}" for link in copy.left_out[:LINKS_SHOWN]]
    return "\n".join(lines)


async def setup(bot: Reelbot) -> None:
    """Add the commands, and answer every question that was ever asked."""
    mydata = services_of(bot).mydata
    if mydata is not None:
        bot.add_dynamic_items(DeleteButton)
        await bot.add_cog(MyDataCommands(bot, mydata))

"""`/queue`: what is being made, who waits how long, and a menu to cancel; all of it survives a restart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.job import Job, JobId
from bot.domain.line import Turn
from bot.domain.prompt import shorten
from bot.domain.states import CANCELLABLE, JobState
from cogs.answers import actor_of, cancel_and_say, say, texts_of
from cogs.errors import answered
from cogs.services import services_of
from cogs.status import as_typed
from cogs.texts import Texts
from cogs.waits import wait_facts

PAGE = 10
"""Jobs on a page: with every character of the prompts escaped they still fit into a message."""
PROMPT_SHOWN = 50
ALL, MINE = "all", "mine"
_WHICH = f"(?P<show>{ALL}|{MINE}):(?P<page>[0-9]{{1,4}})"


@dataclass(frozen=True, slots=True)
class Page:
    """Which jobs, and which ten of them; 0 is the first page."""

    show: str
    number: int = 0

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Read it out of a component's id."""
        return cls(match["show"], int(match["page"]))

    def __str__(self) -> str:
        return f"{self.show}:{self.number}"


class QueueCommand(commands.Cog):
    """The command itself."""

    @app_commands.command(name="queue", description=locale_str("command-queue"))
    @app_commands.describe(show=locale_str("option-queue-show"))
    @app_commands.choices(
        show=[
            app_commands.Choice(name=locale_str("choice-queue-all"), value=ALL),
            app_commands.Choice(name=locale_str("choice-queue-mine"), value=MINE),
        ]
    )
    async def queue(self, interaction: discord.Interaction, show: str = ALL) -> None:
        """List what is being made and what waits."""
        text, view = await queue_answer(interaction, Page(show))
        await say(interaction, text, view=view or discord.utils.MISSING)


class QueuePageButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=f"reelbot:queue-page:{_WHICH}"
):
    """Turns to a page."""

    def __init__(self, page: Page, label: str = "") -> None:
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label or None, custom_id=f"reelbot:queue-page:{page}", row=1
        )
        super().__init__(button)
        self._page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id alone."""
        return cls(Page.of(match))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page as it is now."""
        await answered(interaction, _turn_to(interaction, self._page))


class QueueCancelMenu(
    discord.ui.DynamicItem[discord.ui.Select[Any]], template=f"reelbot:queue-cancel:{_WHICH}"
):
    """Cancels one of the jobs on the page."""

    def __init__(
        self, page: Page, options: list[discord.SelectOption] = discord.utils.MISSING, hint: str = ""
    ) -> None:
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"reelbot:queue-cancel:{page}", placeholder=hint or None, options=options, row=0
        )
        super().__init__(select)
        self._page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from its id; what was chosen comes with the event."""
        return cls(Page.of(match))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Cancel what was chosen and bring the list up to date."""
        await answered(interaction, self._cancel(interaction))

    async def _cancel(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        for short_id in self.item.values:
            await cancel_and_say(interaction, short_id)
        await _turn_to(interaction, self._page)


async def _turn_to(interaction: discord.Interaction, page: Page) -> None:
    if not interaction.response.is_done():
        await interaction.response.defer()
    text, view = await queue_answer(interaction, page)
    await interaction.edit_original_response(content=text, view=view)


async def queue_answer(interaction: discord.Interaction, page: Page) -> tuple[str, discord.ui.View | None]:
    """Build the list as it is now, for whoever asks; a page that is no more becomes the last one."""
    videos = services_of(interaction.client).videos
    texts, actor = texts_of(interaction), actor_of(interaction)
    jobs = await videos.queue(actor, mine=page.show == MINE)
    turns = await videos.turns()
    jobs.sort(key=lambda job: _order(job, turns))
    pages = max(1, -(-len(jobs) // PAGE))
    page = Page(page.show, min(page.number, pages - 1))
    shown = jobs[page.number * PAGE :][:PAGE]
    mine_to_stop = [job for job in shown if job.state in CANCELLABLE and actor.may_act_on(job)]
    view = queue_view(page, pages, [job for job in mine_to_stop if not job.cancel_requested], texts)
    if not jobs:
        return texts("queue-empty"), view
    lines = [
        texts("queue-title", count=len(jobs)),
        *(queue_line(job, turns.get(job.id), texts) for job in shown),
    ]
    if pages > 1:
        lines.append(texts("queue-page", page=page.number + 1, pages=pages))
    return "\n".join(lines), view


def queue_view(page: Page, pages: int, to_stop: list[Job], texts: Texts) -> discord.ui.View | None:
    """Return the menu of what may be cancelled and the buttons to other pages; None if there is neither."""
    view = discord.ui.View(timeout=None)
    if to_stop:
        options = [
            discord.SelectOption(
                label=shorten(texts("choice-job", id=job.short_id, prompt=job.request.prompt), 100),
                value=job.short_id,
            )
            for job in to_stop
        ]
        view.add_item(QueueCancelMenu(page, options, texts("queue-cancel-hint")))
    if page.number > 0:
        view.add_item(QueuePageButton(Page(page.show, page.number - 1), texts("button-back")))
    if page.number < pages - 1:
        view.add_item(QueuePageButton(Page(page.show, page.number + 1), texts("button-next")))
    return view if view.children else None


def _order(job: Job, turns: Mapping[JobId, Turn]) -> tuple[bool, int, int]:
    """Running ones first, then the line in its order."""
    turn = turns.get(job.id)
    return job.state is JobState.QUEUED, turn.place if turn is not None else 1 << 30, job.created_at


def queue_line(job: Job, turn: Turn | None, texts: Texts) -> str:
    """Say who asked for the job, and how far it is or when it starts."""
    facts = {
        "id": job.short_id,
        "member": f"<@{job.user_id}>",
        "prompt": as_typed(shorten(job.request.prompt, PROMPT_SHOWN)),
    }
    if job.state is JobState.UNSURE:
        return texts("queue-line-unsure", **facts)
    if job.state is not JobState.QUEUED:
        return texts("queue-line-running", stage=texts(f"stage-{job.state}"), **facts)
    if job.failure is not None:
        return texts("queue-line-trouble", when=f"<t:{job.due_at // 1000 + 1}:R>", **facts)
    if turn is None:
        return texts("queue-line-far", **facts)
    if turn.wait is None:
        return texts("queue-line-place", place=turn.place, **facts)
    return texts("queue-line-wait", place=turn.place, **facts, **wait_facts(turn.wait))


async def setup(bot: Reelbot) -> None:
    """Add the command, and answer the components of every list that was ever shown."""
    bot.add_dynamic_items(QueuePageButton, QueueCancelMenu)
    await bot.add_cog(QueueCommand())

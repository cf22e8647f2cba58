"""The menu of periods under an answer; which videos count stands in its id, so it outlives restarts."""

import re
from typing import Any, Self

import discord

from bot.domain.trends import Period
from cogs.acknowledging import defer_publicly
from cogs.answers import texts_of, think
from cogs.errors import answered
from cogs.services import services_of
from cogs.texts import Texts
from cogs.trends.answer import Wish, answer_to, mark_of, marked_model

MENU_ID = r"reelbot-trends:(?P<member>[0-9]{1,20}):(?P<model>[0-9a-f]{1,8})"


class PeriodMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=MENU_ID):
    """A menu `reelbot-trends:<member or 0>:<signs of the model or 0>`."""

    def __init__(
        self, member: int | None, mark: str, *, options: list[discord.SelectOption] | None = None
    ) -> None:
        shown = options or [discord.SelectOption(label=period.value) for period in Period]
        super().__init__(discord.ui.Select(custom_id=f"reelbot-trends:{member or 0}:{mark}", options=shown))
        self._member = member
        self._mark = mark

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu from its id; what was chosen comes with the event."""
        return cls(int(match["member"]) or None, match["model"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the chosen period."""
        await answered(interaction, self._show(interaction, Period(self.item.values[0])))

    async def _show(self, interaction: discord.Interaction, period: Period) -> None:
        """Change one's own answer; one that all see stays as it is, and who presses gets an own one."""
        model = marked_model(self._mark, services_of(interaction.client).videos.models)
        wish = Wish(period=period, member=self._member, model=model)
        if interaction.message is None or not interaction.message.flags.ephemeral:
            await show(interaction, wish, public=False)
            return
        await interaction.response.defer()
        answer = await answer_to(interaction, wish)
        view = view_for(wish, texts_of(interaction))
        await interaction.edit_original_response(content=answer.text, attachments=answer.files, view=view)


async def show(interaction: discord.Interaction, wish: Wish, *, public: bool) -> None:
    """Answer with the trends, to all or to who asks alone."""
    if public:
        await defer_publicly(interaction)
    else:
        await think(interaction)
    answer = await answer_to(interaction, wish)
    view = view_for(wish, texts_of(interaction))
    await interaction.followup.send(answer.text, files=answer.files, view=view, ephemeral=not public)


def view_for(wish: Wish, texts: Texts) -> discord.ui.View:
    """Return the menu with the shown period chosen."""
    options = [
        discord.SelectOption(
            label=texts(f"choice-period-{period}"),
            value=period.value,
            default=period is wish.period,
        )
        for period in Period
    ]
    view = discord.ui.View(timeout=None)
    view.add_item(PeriodMenu(wish.member, mark_of(wish.model), options=options))
    return view

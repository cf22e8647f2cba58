"""`/history` and `/gallery`, and what the buttons of their pages do."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.domain.gallery import SEARCH_LIMIT, Page, Rating, Wish
from bot.domain.progress import Progress
from bot.domain.states import JobState
from bot.jobs.gallery import Galleries, Sight
from bot.jobs.models import address
from cogs.answers import actor_of, say, texts_of, think
from cogs.buttons.views import result_view
from cogs.gallery.button import COG
from cogs.gallery.page import show_page, votes_text
from cogs.gallery.sight import sight_of
from cogs.services import Services
from cogs.status import facts_line
from cogs.video._choices import meant_style, model_choices, style_choices

RATINGS = [
    app_commands.Choice(name=locale_str("choice-rating-liked"), value=Rating.LIKED.value),
    app_commands.Choice(name=locale_str("choice-rating-disliked"), value=Rating.DISLIKED.value),
    app_commands.Choice(name=locale_str("choice-rating-unrated"), value=Rating.UNRATED.value),
    app_commands.Choice(name=locale_str("choice-rating-favourites"), value=Rating.FAVOURITES.value),
]
Words = app_commands.Range[str, 1, SEARCH_LIMIT]


class GalleryCommands(commands.Cog, name=COG):
    """Looking through finished videos; every answer is for the asking member alone."""

    def __init__(self, services: Services) -> None:
        if services.galleries is None:
            raise TypeError("the services were built without galleries")
        self._galleries: Galleries = services.galleries
        self._services = services

    @app_commands.command(name="history", description=locale_str("command-history"))
    @app_commands.describe(
        search=locale_str("option-gallery-search"),
        style=locale_str("option-gallery-style"),
        model=locale_str("option-gallery-model"),
        rating=locale_str("option-gallery-rating"),
    )
    @app_commands.choices(rating=RATINGS)
    async def history(
        self,
        interaction: discord.Interaction,
        search: Words | None = None,
        style: Words | None = None,
        model: Words | None = None,
        rating: str | None = None,
    ) -> None:
        """List the member's own videos, wherever they were made."""
        await self._begin(interaction, self._wish(interaction, search, style, model, rating), of_server=False)

    @app_commands.command(name="gallery", description=locale_str("command-gallery"))
    @app_commands.describe(
        search=locale_str("option-gallery-search"),
        style=locale_str("option-gallery-style"),
        model=locale_str("option-gallery-model"),
        rating=locale_str("option-gallery-rating"),
        member=locale_str("option-gallery-member"),
    )
    @app_commands.choices(rating=RATINGS)
    @app_commands.guild_only()
    async def gallery(
        self,
        interaction: discord.Interaction,
        search: Words | None = None,
        style: Words | None = None,
        model: Words | None = None,
        rating: str | None = None,
        member: discord.User | None = None,
    ) -> None:
        """List the videos of this server that the member may see."""
        wish = self._wish(interaction, search, style, model, rating, member)
        await self._begin(interaction, wish, of_server=True)

    @history.autocomplete("style")
    @gallery.autocomplete("style")
    async def _styles(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        if self._services.styles is None:
            return []
        offered = await self._services.styles.offered(interaction.guild_id)
        return style_choices(offered, typed, texts_of(interaction))

    @history.autocomplete("model")
    @gallery.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return model_choices(self._services.videos.models, typed, texts_of(interaction))

    def _wish(
        self,
        interaction: discord.Interaction,
        search: str | None,
        style: str | None,
        model: str | None,
        rating: str | None,
        member: discord.User | discord.Member | None = None,
    ) -> Wish:
        """Read the options; names that members know are turned into those that rows have."""
        named = None if model is None else self._services.videos.models.named(model.strip())
        if named is not None:
            model = address(named[0].name, named[1].model)
        return Wish(
            search=search.strip() or None if search is not None else None,
            style=None if style is None else meant_style(style, texts_of(interaction)),
            model=model,
            rating=None if rating is None else Rating(rating),
            member_id=None if member is None else member.id,
        )

    async def _begin(self, interaction: discord.Interaction, wish: Wish, *, of_server: bool) -> None:
        await think(interaction)
        sight = sight_of(interaction, of_server=of_server)
        page = await self._galleries.open(
            str(interaction.id), actor_of(interaction), wish, sight, of_server=of_server
        )
        await self._show(interaction, page, sight)

    async def turn(self, interaction: discord.Interaction, gallery_id: str, number: int) -> None:
        """Turn to a page, seen as it may be seen now."""
        await interaction.response.defer()
        gallery = await self._galleries.find(gallery_id, actor_of(interaction))
        sight = sight_of(interaction, of_server=gallery.guild_id is not None)
        await self._show(interaction, await self._galleries.turn(gallery, number, sight), sight)

    async def open(self, interaction: discord.Interaction, short_id: str) -> None:
        """Show a video with everything that can be done with it."""
        await think(interaction)
        texts = texts_of(interaction)
        job, tally = await self._services.videos.show(short_id, actor_of(interaction))
        lines = [self._services.announcer.render(job, Progress())]
        if job.state is JobState.DELIVERED:
            lines.append(facts_line(job, texts))
        lines.append(votes_text(tally, texts))
        await say(interaction, "\n".join(filter(None, lines)), view=result_view(job, texts))

    async def _show(self, interaction: discord.Interaction, page: Page, sight: Sight) -> None:
        sheet = await self._galleries.sheet(page, sight)
        shown = show_page(page, sheet, texts_of(interaction))
        await interaction.edit_original_response(embed=shown.embed, attachments=shown.files, view=shown.view)

"""The whole answer to `/trends`: a line, the picture, the table, and a menu of periods."""

import asyncio
import hashlib
import io
import logging
from dataclasses import dataclass

import discord

from bot.domain.codes import Code
from bot.domain.errors import CannotFit, InvalidRequest
from bot.domain.trends import Period
from bot.jobs.models import Models, address
from bot.jobs.trends import Trends, TrendService
from cogs.acknowledging import LOST
from cogs.answers import texts_of
from cogs.services import services_of
from cogs.status import as_typed
from cogs.texts import Texts
from cogs.trends.picture import Names, alt_text, percent, trends_chart
from cogs.trends.table import trends_table
from cogs.video._choices import shown_model

log = logging.getLogger(__name__)

NAME_SECONDS = 3.0
"""For a name that the picture can do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which videos are to count."""

    period: Period = Period.QUARTER
    member: int | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent; without votes there are no files."""

    text: str
    files: list[discord.File]


async def answer_to(interaction: discord.Interaction, wish: Wish) -> Answer:
    """Add up, draw and write.

    Raises:
        InvalidRequest: the model is none of this bot's; outside of a server.
    """
    services, texts = services_of(interaction.client), texts_of(interaction)
    if services.trends is None:
        raise TypeError("the client was built without trends")
    if interaction.guild_id is None:
        raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
    models = services.videos.models
    if wish.model is not None and models.named(wish.model) is None:
        raise InvalidRequest(code=Code.MODEL_UNKNOWN, model=wish.model[:60])
    trends = await services.trends.trends(
        interaction.guild_id, period=wish.period, member=wish.member, model=wish.model
    )
    names = await _names(interaction, wish, models, texts)
    if trends.empty:
        return Answer(text=texts("trends-none", which=_which(trends, wish, names, texts)), files=[])
    return await _shown(services.trends, trends, wish, names, texts)


async def _shown(service: TrendService, trends: Trends, wish: Wish, names: Names, texts: Texts) -> Answer:
    chart, whole = trends_chart(trends, names, texts), trends.whole
    which = _which(trends, wish, names, texts)
    lines = [texts("trends-said", which=which, approval=percent(whole.approval or 0), votes=whole.votes)]
    table = await asyncio.to_thread(trends_table, trends, names, texts)
    files = [discord.File(io.BytesIO(table), "trends.csv", description=texts("trends-table"))]
    try:
        picture = await service.draw(chart)
    except (CannotFit, OSError) as error:
        log.warning("trends could not be drawn: %s", error)
        lines.append(texts("trends-no-picture"))
    else:
        files.insert(0, discord.File(io.BytesIO(picture), "trends.jpg", description=alt_text(chart)))
    return Answer(text="\n".join(lines), files=files)


async def _names(interaction: discord.Interaction, wish: Wish, models: Models, texts: Texts) -> Names:
    guild = interaction.guild

    def shown(name: str) -> str:
        named = models.named(name)
        return name if named is None else shown_model(named[0].label, named[1], texts)

    return Names(
        server=guild.name if guild is not None else texts("trends-this-server"),
        member=None if wish.member is None else await _member(guild, wish.member, texts),
        model=shown,
    )


async def _member(guild: discord.Guild | None, user_id: int, texts: Texts) -> str:
    """Return a member's name here, if it can be had in time: without a privileged intent nobody is known."""
    known = None if guild is None else guild.get_member(user_id)
    if guild is None or known is not None:
        return known.display_name if known is not None else texts("trends-one-member")
    try:
        async with asyncio.timeout(NAME_SECONDS):
            return (await guild.fetch_member(user_id)).display_name
    except (discord.HTTPException, *LOST, TimeoutError) as error:
        log.info("the name of member %s is not known: %s", user_id, error)
        return texts("trends-one-member")


def _which(trends: Trends, wish: Wish, names: Names, texts: Texts) -> str:
    """Say in a message which videos count; whom it is about is a mention there, which calls nobody."""
    parts = [texts(f"choice-period-{trends.period}")]
    if wish.member is not None:
        parts.append(texts("trends-of-member", member=f"<@{wish.member}>"))
    if wish.model is not None:
        parts.append(as_typed(names.model(wish.model)))
    return " · ".join(parts)


def mark_of(model: str | None) -> str:
    """Return a few signs that stand for a model in the id of a component, whatever its address is."""
    return "0" if model is None else hashlib.sha256(model.encode()).hexdigest()[:8]


def marked_model(mark: str, models: Models) -> str | None:
    """Return the model of these signs.

    Raises:
        InvalidRequest: it is none of this bot's any more.
    """
    if mark == mark_of(None):
        return None
    known = (address(provider.name, model.model) for provider in models.all() for model in provider.models)
    found = next((name for name in known if mark_of(name) == mark), None)
    if found is None:
        raise InvalidRequest(code=Code.BUTTON_UNKNOWN)
    return found

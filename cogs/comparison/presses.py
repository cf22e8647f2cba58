"""What the buttons of comparisons do."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

import discord

from bot.domain.codes import Code
from bot.domain.comparison import Comparison, ComparisonId, Side
from bot.domain.errors import DeliveryError, InvalidRequest
from bot.domain.job import Job
from bot.jobs.comparisons import USUAL_ENOUGH, USUAL_HOURS, Comparisons
from cogs.accepting import job_locale, place_of
from cogs.acknowledging import defer_publicly
from cogs.answers import actor_of, say, texts_of, think
from cogs.buttons.making import check_may_make
from cogs.comparison.audience import may_be_shown
from cogs.comparison.verbs import ComparisonVerb
from cogs.comparison.words import NAMES, moment
from cogs.discord_errors import mapped
from cogs.services import services_of

log = logging.getLogger(__name__)

FIRST_EDIT_SECONDS = 5.0

Press = Callable[[discord.Interaction, ComparisonId], Awaitable[None]]


def comparisons_of(client: discord.Client) -> Comparisons:
    """Return the use cases of comparisons."""
    comparisons = services_of(client).comparisons
    if comparisons is None:
        raise TypeError("the client was built without comparisons")
    return comparisons


async def compare(
    interaction: discord.Interaction,
    first: str,
    second: str | None = None,
    *,
    enough: int = USUAL_ENOUGH,
    hours: int = USUAL_HOURS,
) -> None:
    """Begin a comparison in this channel; without a second video the likeliest relative is taken.

    Raises:
        UserError: refused; nothing is kept.
    """
    check_may_make(interaction)
    comparisons, actor = comparisons_of(interaction.client), actor_of(interaction)
    message_id = await defer_publicly(interaction)
    one = await comparisons.find(first, actor)
    other = await _sibling(interaction, one) if second is None else await comparisons.find(second, actor)
    for job in (one, other):
        if not await may_be_shown(interaction, job):
            raise InvalidRequest(code=Code.COMPARE_AUDIENCE, id=job.short_id)
    comparison = await comparisons.begin(
        one,
        other,
        key=ComparisonId(str(interaction.id)),
        actor=actor,
        place=place_of(interaction, message_id),
        locale=job_locale(interaction),
        enough=enough,
        hours=hours,
    )
    await _show_begun(interaction, comparison)


async def press_compare(interaction: discord.Interaction, short_id: str) -> None:
    """Begin a comparison of this video with its likeliest relative."""
    await compare(interaction, short_id)


async def _show_begun(interaction: discord.Interaction, comparison: Comparison) -> None:
    """Say that the videos are being made ready, then let them be: the edit that follows is another's."""
    try:
        with mapped():
            async with asyncio.timeout(FIRST_EDIT_SECONDS):
                await interaction.edit_original_response(content=texts_of(interaction)("compare-preparing"))
    except DeliveryError as error:
        log.warning("comparison %s: its first text could not be shown: %s", comparison.id, error)
    finally:
        await comparisons_of(interaction.client).start(comparison)


async def _sibling(interaction: discord.Interaction, job: Job) -> Job:
    if job.place.guild_id is not None:
        for other in await comparisons_of(interaction.client).siblings(job, job.place.guild_id):
            if await may_be_shown(interaction, other):
                return other
    raise InvalidRequest(code=Code.COMPARE_NO_SIBLING, id=job.short_id)


async def _choose(interaction: discord.Interaction, key: ComparisonId, side: Side) -> None:
    await think(interaction)
    comparison = await comparisons_of(interaction.client).vote(key, side, interaction.user.id)
    texts = texts_of(interaction)
    if comparison.revealed_at is not None:
        await say(interaction, texts("compare-chosen-last", side=NAMES[side]))
        return
    until = moment(comparison.ends_at)
    await say(interaction, texts("compare-chosen", side=NAMES[side], until=until, enough=comparison.enough))


async def choose_a(interaction: discord.Interaction, key: ComparisonId) -> None:
    """Note that the member likes A better."""
    await _choose(interaction, key, Side.A)


async def choose_b(interaction: discord.Interaction, key: ComparisonId) -> None:
    """Note that the member likes B better."""
    await _choose(interaction, key, Side.B)


async def end(interaction: discord.Interaction, key: ComparisonId) -> None:
    """End it before its time, for the one who began it and moderators."""
    await think(interaction)
    await comparisons_of(interaction.client).end(key, actor_of(interaction))
    await say(interaction, texts_of(interaction)("compare-ended"))


PRESSES: Mapping[str, Press] = MappingProxyType(
    {ComparisonVerb.A: choose_a, ComparisonVerb.B: choose_b, ComparisonVerb.END: end}
)

"""*Rate*: a form for what a vote cannot say. What was sent is read off the event: it outlives a restart."""

import re
from collections.abc import Mapping
from typing import Any

import discord
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.evaluation import HIGHEST, Aspect, Evaluation, EvaluationKind
from bot.domain.job import Job
from bot.jobs.evaluating import Evaluating
from cogs.answers import actor_of, say, texts_of, think
from cogs.errors import answered
from cogs.score_form import COMMENT, score_form, sent_fields
from cogs.services import services_of
from cogs.texts import Texts

FORM_ID = re.compile(r"reelbot-rating:(?P<job>[0-9A-Z]{5})")


class RatingForm(commands.Cog):
    """Takes the forms, also those that another process has opened: the library knows only its own."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Keep a rating that was sent."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Any = interaction.data
        found = FORM_ID.fullmatch(data["custom_id"])
        if found is not None:
            await answered(interaction, _keep(interaction, found["job"], sent_fields(data)))


async def press_rate(interaction: discord.Interaction, short_id: str) -> None:
    """Ask, with what was said before filled in."""
    evaluating = evaluating_of(interaction.client)
    job, before = await evaluating.to_rate(short_id, actor_of(interaction))
    await interaction.response.send_modal(rating_form(job, before, texts_of(interaction)))


def evaluating_of(client: discord.Client) -> Evaluating:
    """Return the use case of ratings in detail."""
    evaluating = services_of(client).evaluating
    if evaluating is None:
        raise TypeError("the client was built without ratings in detail")
    return evaluating


def rating_form(job: Job, before: Evaluation | None, texts: Texts) -> discord.ui.Modal:
    """Build the form: three questions with five answers each, and room for words."""
    return score_form(
        title=texts("rating-title", id=job.short_id),
        custom_id=f"reelbot-rating:{job.short_id}",
        questions=[
            discord.ui.Label(
                text=texts(f"criterion-{aspect}-label"),
                description=texts(f"rating-{aspect}-asks"),
                component=_scale(aspect, None if before is None else before.scores.get(aspect), texts),
            )
            for aspect in Aspect
        ],
        comment=texts("rating-comment"),
        comment_asks=texts("rating-comment-asks"),
        before=before,
    )


def _scale(aspect: Aspect, chosen: int | None, texts: Texts) -> discord.ui.RadioGroup[Any]:
    options = [
        discord.RadioGroupOption(
            label=texts("rating-score", score=score), value=str(score), default=score == chosen
        )
        for score in range(HIGHEST[EvaluationKind.DETAIL], 0, -1)
    ]
    return discord.ui.RadioGroup(custom_id=aspect.value, options=options)


async def _keep(interaction: discord.Interaction, short_id: str, fields: Mapping[str, str]) -> None:
    await think(interaction)
    evaluating, actor = evaluating_of(interaction.client), actor_of(interaction)
    try:
        scores = {aspect: int(fields[aspect]) for aspect in Aspect}
        job = await evaluating.rate(short_id, actor, scores, fields.get(COMMENT, ""))
    except (KeyError, ValueError) as error:
        raise InvalidRequest(f"not our form: {error}", code=Code.BUTTON_UNKNOWN) from error
    await say(interaction, texts_of(interaction)("rating-kept", id=job.short_id))


async def setup(bot: Reelbot) -> None:
    """Take the forms."""
    await bot.add_cog(RatingForm())

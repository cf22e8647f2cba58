"""What the buttons and forms of a refinement do."""

import discord

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.refinement import Judge, Loop
from bot.jobs.refining import RefiningService
from cogs.answers import actor_of, say, texts_of, think
from cogs.buttons.making import check_may_make
from cogs.refining.forms import WORDS, Sent, rating_form, words_form
from cogs.refining.showing import show_next, words_content, words_embeds
from cogs.refining.views import words_view
from cogs.refining.words import score_text
from cogs.services import services_of


def refining_of(client: discord.Client) -> RefiningService:
    """Return the use cases of refinements."""
    refining = services_of(client).refining
    if refining is None:
        raise TypeError("the client was built without refining")
    return refining


async def rate(interaction: discord.Interaction, short_id: str, position: int) -> None:
    """Ask for the ratings of this round."""
    actor = actor_of(interaction)
    board, before = await refining_of(interaction.client).to_rate(short_id, position, actor)
    await interaction.response.send_modal(rating_form(board, position, before, texts_of(interaction)))


async def go_on(interaction: discord.Interaction, short_id: str, position: int) -> None:
    """Show the author what follows from the ratings."""
    await think(interaction)
    board = await refining_of(interaction.client).go_on(short_id, position, actor_of(interaction))
    await show_next(interaction, board, texts_of(interaction))


async def render(interaction: discord.Interaction, short_id: str, number: int) -> None:
    """Order the next round with these words."""
    check_may_make(interaction)
    await interaction.response.defer()
    board = await refining_of(interaction.client).render(short_id, number, actor_of(interaction))
    text = texts_of(interaction)("refine-round-ordered", round=str(board.clips[-1].position))
    await interaction.edit_original_response(content=text, embeds=[], view=None)


async def edit(interaction: discord.Interaction, short_id: str, number: int) -> None:
    """Ask for other words."""
    refining = refining_of(interaction.client)
    board, revision = await refining.waiting_words(short_id, number, actor_of(interaction))
    await interaction.response.send_modal(words_form(board, revision, texts_of(interaction)))


async def rate_sent(interaction: discord.Interaction, sent: Sent) -> None:
    """Keep the ratings; where the author alone rates, show at once what follows."""
    await think(interaction)
    refining, actor, texts = refining_of(interaction.client), actor_of(interaction), texts_of(interaction)
    try:
        scores = sent.scores
    except ValueError as error:
        raise InvalidRequest(str(error), code=Code.BUTTON_UNKNOWN) from error
    comment = sent.fields.get("comment", "")
    board = await refining.rate(sent.short_id, sent.number, actor, scores, comment)
    loop = Loop.of(board)
    if loop.judge is Judge.AUTHOR:
        await show_next(interaction, await refining.go_on(sent.short_id, sent.number, actor), texts)
        return
    verdict = loop.verdicts[sent.number]
    score = score_text(verdict.overall)
    text = texts("refine-vote-counts", round=str(sent.number), votes=verdict.votes, score=score)
    await say(interaction, text)


async def words_sent(interaction: discord.Interaction, sent: Sent) -> None:
    """Put the author's words in the place of those that wait, and show them."""
    await interaction.response.defer()
    texts, refining = texts_of(interaction), refining_of(interaction.client)
    words = sent.fields.get(WORDS, "")
    board = await refining.edit(sent.short_id, sent.number, actor_of(interaction), words)
    revision = Loop.of(board).revision
    if revision is None:  # another press has ordered it meanwhile
        raise InvalidRequest(code=Code.WORDS_PAST)
    await interaction.edit_original_response(
        content=words_content(board, revision, interaction.client, texts),
        embeds=words_embeds(board, revision, texts),
        view=words_view(board, revision, texts),
    )

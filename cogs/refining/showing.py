"""The words for the next round, shown to their author alone before anything is ordered."""

from itertools import takewhile

import discord

from bot.domain.board import Board
from bot.domain.prompt import shorten
from bot.domain.refinement import Loop, Revision
from cogs.boards.proposal import boards_of
from cogs.refining.views import words_view
from cogs.refining.words import criteria_text, end_text, one_round, score_text, verdict_text
from cogs.status import as_typed
from cogs.texts import Texts

WORDS_SHOWN = 1300
"""Characters of each text; escaped they may be twice as many, and all embeds together hold 6,000."""
LEAD_IN = 80
"""Characters that stay of what both texts begin with, where they are too long to be shown whole."""


def words_content(board: Board, revision: Revision, client: discord.Client, texts: Texts) -> str:
    """Write what the round came to, what the words were changed for, and what the next one takes."""
    loop, last = Loop.of(board), board.clips[-1].position
    verdict, lines = loop.verdicts.get(last), []
    if verdict is not None:
        lines.append(
            texts(
                "refine-came-to",
                round=str(last),
                score=score_text(verdict.overall),
                scores=verdict_text(verdict, texts),
            )
        )
    unchanged = revision.prompt == board.clips[-1].plan.prompt
    lines += [
        texts(
            "refine-words-unchanged" if unchanged else "refine-words-changed",
            next=str(last + 1),
            rounds=str(loop.rounds),
            criteria=criteria_text(revision.aims, texts),
            writer=revision.writer.value,
        ),
        one_round(boards_of(client).quote(board), texts),
    ]
    return "\n".join(lines)


def words_embeds(board: Board, revision: Revision, texts: Texts) -> list[discord.Embed]:
    """Return both texts; of long ones the part where they differ."""
    last = board.clips[-1]
    before, after = _differing(last.plan.prompt, revision.prompt)
    return [
        discord.Embed(title=texts("refine-words-of", round=str(number)), description=as_typed(text))
        for number, text in ((last.position, before), (last.position + 1, after))
    ]


async def show_next(interaction: discord.Interaction, board: Board, texts: Texts) -> None:
    """Answer with the words that wait for the author's press, or with how the loop has ended."""
    revision = Loop.of(board).revision
    if revision is None:
        await interaction.followup.send(end_text(board, texts), ephemeral=True)
        return
    await interaction.followup.send(
        words_content(board, revision, interaction.client, texts),
        embeds=words_embeds(board, revision, texts),
        view=words_view(board, revision, texts),
        ephemeral=True,
    )


def _differing(before: str, after: str) -> tuple[str, str]:
    if max(len(before), len(after)) > WORDS_SHOWN:
        pairs = zip(before, after, strict=False)
        cut = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) - LEAD_IN
        if cut > 0:
            before, after = f"… {before[cut:]}", f"… {after[cut:]}"
    return shorten(before, WORDS_SHOWN), shorten(after, WORDS_SHOWN)

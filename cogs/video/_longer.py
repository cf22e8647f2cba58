"""`/video` with more seconds than a model makes at once: parts that follow on, proposed as a board."""

from dataclasses import dataclass

import discord
from discord import app_commands

from bot.domain.board import Board, BoardId, BoardKind, ClipPlan
from bot.domain.capabilities import Option, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.lengths import MOST_PARTS, parts_of
from bot.domain.prompt import shorten
from bot.domain.video import Size
from bot.jobs.drafts import loses_much
from bot.jobs.models import Models, Options
from bot.jobs.sketch import Quote, Sketch
from cogs.answers import say, texts_of
from cogs.boards.proposal import boards_of, keep_proposal
from cogs.boards.text import facts_line, first_line, quote_line
from cogs.boards.views import proposal_view
from cogs.status import as_typed
from cogs.texts import Texts

CHOICE_NAME = 100
WORDS_SHOWN = 600
"""Characters of the enhanced words: escaped they grow, and a message has 2,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The lengths of the parts of a video of `asked` seconds, of which `longest` are made at once."""

    asked: int
    longest: int
    lengths: tuple[int, ...]


def parts_needed(models: Models, options: Options) -> Parts | None:
    """Return the parts of a video that is longer than its model can, None where that is not so.

    A model that cannot begin with a picture cannot go on from one.

    Raises:
        InvalidRequest: there is no such model, or so long a video cannot be made of parts either.
    """
    _, model = models.choose(options.model)
    longest = max(model.seconds)
    if options.seconds is None or options.seconds <= longest:
        return None
    if model.known(Option.PICTURE).support is Support.NO:
        return None
    lengths = parts_of(options.seconds, model.seconds)
    if not lengths:
        most = MOST_PARTS * longest
        raise InvalidRequest(code=Code.TOO_LONG_TO_JOIN, seconds=str(options.seconds), most=str(most))
    return Parts(asked=options.seconds, longest=longest, lengths=lengths)


def longer_choices(
    models: Models, chosen: str | None, typed: str, texts: Texts
) -> list[app_commands.Choice[int]]:
    """Offer a typed number of seconds that takes parts, and say so."""
    try:
        seconds = int(typed)
        parts = parts_needed(models, Options(prompt="", seconds=seconds, model=chosen))
    except (ValueError, InvalidRequest):
        return []
    if parts is None:
        return []
    name = texts("choice-longer", seconds=typed.strip(), parts=" + ".join(map(str, parts.lengths)))
    return [app_commands.Choice(name=shorten(name, CHOICE_NAME), value=seconds)]


async def propose_parts(
    interaction: discord.Interaction,
    options: Options,
    parts: Parts,
    picture: bytes | None,
    shape: Size | None = None,
) -> None:
    """Show the author alone what the parts will take; the first begins with the picture, of this shape.

    Raises:
        UserError: refused; nothing is kept.
    """
    name = None
    if picture is not None:
        name = await boards_of(interaction.client).keep_picture(BoardId(str(interaction.id)), picture)
    board = await keep_proposal(interaction, longer_sketch(options, parts, name))
    texts, quote = texts_of(interaction), boards_of(interaction.client).quote(board)
    cropped = shape is not None and loses_much(Size.parse(board.size), shape)
    text = longer_text(board, parts, quote, texts, cropped=cropped)
    await say(interaction, text, view=proposal_view(board, texts))


def longer_sketch(options: Options, parts: Parts, picture: str | None) -> Sketch:
    """Return the board of these parts, all of the same words."""
    clips = [
        ClipPlan(
            prompt=options.prompt,
            seconds=seconds,
            seed=options.seed,
            negative=options.negative,
            audio=options.audio,
            style=options.style,
            typed=options.typed,
            picture=picture if number == 0 else None,
        )
        for number, seconds in enumerate(parts.lengths)
    ]
    return Sketch(
        kind=BoardKind.LONGER,
        clips=tuple(clips),
        model=options.model,
        size=options.size,
        chained=True,
        joins=True,
    )


def longer_text(board: Board, parts: Parts, quote: Quote, texts: Texts, *, cropped: bool = False) -> str:
    """Write the proposal: how it is made, how long it will be, what it will take."""
    made = texts(
        "longer-parts",
        most=str(parts.longest),
        count=str(len(parts.lengths)),
        parts=" + ".join(map(str, parts.lengths)),
        seconds=str(sum(parts.lengths)),
        asked=str(parts.asked),
        exact="yes" if sum(parts.lengths) == parts.asked else "no",
    )
    lines = [first_line(board, texts), made, quote_line(quote, texts), facts_line(board, texts)]
    if cropped:
        lines.insert(2, texts("longer-cropped"))
    plan = board.clips[0].plan
    if plan.typed is not None and plan.typed != plan.prompt:
        lines.insert(1, texts("longer-words", prompt=as_typed(shorten(plan.prompt, WORDS_SHOWN))))
    return "\n".join(lines)

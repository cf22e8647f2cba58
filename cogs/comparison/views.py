"""Which buttons the message of a comparison has."""

import discord

from bot.domain.comparison import Comparison, Side
from cogs.buttons.button import JobButton
from cogs.buttons.verbs import Verb
from cogs.comparison.button import ComparisonButton
from cogs.comparison.verbs import ComparisonVerb
from cogs.comparison.words import NAMES, End
from cogs.texts import Texts


def open_view(comparison: Comparison, texts: Texts) -> discord.ui.View:
    """Return the buttons to choose with. There is none for a tie: half of the votes each is one."""
    view = discord.ui.View(timeout=None)
    for verb, side in ((ComparisonVerb.A, Side.A), (ComparisonVerb.B, Side.B)):
        label = texts("button-better", side=NAMES[side])
        style = discord.ButtonStyle.primary
        view.add_item(ComparisonButton(verb, comparison.id, label=label, style=style))
    view.add_item(ComparisonButton(ComparisonVerb.END, comparison.id, label=texts("button-compare-end")))
    return view


def end_view(end: End, texts: Texts) -> discord.ui.View:
    """Return a button for the details of each video."""
    view = discord.ui.View(timeout=None)
    for side, job in ((Side.A, end.left), (Side.B, end.right)):
        label = texts("button-details-of", side=NAMES[side])
        view.add_item(JobButton(Verb.DETAILS, job.short_id, label=label))
    return view

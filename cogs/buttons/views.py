"""Which buttons a message has: pure functions of the job. The order of rows is one everywhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import discord

from bot.domain.comparison import may_be_compared
from bot.domain.job import Job
from bot.domain.recovery import Remedy, remedy
from bot.domain.states import CANCELLABLE, JobState
from bot.jobs.comparing import may_be_varied
from bot.jobs.continuing import has_part_before, may_be_continued
from bot.jobs.lineage import may_be_reworded
from cogs.buttons.button import JobButton
from cogs.buttons.verbs import Verb
from cogs.texts import Texts


@dataclass(frozen=True, slots=True)
class Entry:
    """A button of results: what it does, its text, and whether a job has it."""

    verb: Verb
    text: str
    fits: Callable[[Job], bool]


def not_deleted(job: Job) -> bool:
    """Say whether the video stands somewhere, or will in a moment."""
    return job.state is not JobState.DELIVERED or job.result is not None


def may_be_shown_beside(job: Job) -> bool:
    """Say whether the video stands on a server, where others can compare it with one of its family."""
    guild_id = job.place.guild_id
    return guild_id is not None and may_be_compared(job, guild_id=guild_id)


def always(_job: Job) -> bool:
    """Every job has it."""
    return True


MAKING = (
    Entry(Verb.AGAIN, "button-again", may_be_reworded),
    Entry(Verb.VARIATIONS, "button-variations", may_be_varied),
    Entry(Verb.REMIX, "button-remix", may_be_reworded),
    Entry(Verb.CONTINUE, "button-continue", may_be_continued),
)
"""The row that makes another video."""
ORIGINAL = Entry(Verb.ORIGINAL, "button-original", not_deleted)
KEEPING = (
    Entry(Verb.DETAILS, "button-details", always),
    Entry(Verb.RATE, "button-rate", not_deleted),
    ORIGINAL,
    Entry(Verb.DELETE, "button-delete", not_deleted),
)
"""The row about this one."""
JOINING = (Entry(Verb.JOIN, "button-join", has_part_before),)
"""The row of a next part."""
FAMILY = Entry(Verb.FAMILY, "button-family", always)
COMPARE = Entry(Verb.COMPARE, "button-compare", may_be_shown_beside)
"""Beside the family, for it chooses one of them."""


def status_view(job: Job, texts: Texts) -> discord.ui.View | None:
    """Return the buttons of a job's status message, None where there is nothing left to press."""
    if job.state in CANCELLABLE and not job.cancel_requested:
        return _view(JobButton(Verb.CANCEL, job.short_id, label=texts("button-cancel")))
    if job.state is JobState.UNSURE:
        return _view(
            JobButton(
                Verb.TRY_AGAIN,
                job.short_id,
                label=texts("button-try-again"),
                style=discord.ButtonStyle.danger,
            ),
            JobButton(Verb.GIVE_UP, job.short_id, label=texts("button-give-up")),
        )
    if job.state is JobState.FAILED:
        return _failed_view(job, texts)
    return None


def result_view(job: Job, texts: Texts) -> discord.ui.View:
    """Return the buttons under a delivered video."""
    return _rows(job, texts, MAKING, KEEPING, JOINING)


def details_view(job: Job, texts: Texts, *, family: bool) -> discord.ui.View:
    """Return the buttons under the details of a job, which are for one member alone."""
    return _rows(job, texts, MAKING, (ORIGINAL, FAMILY, COMPARE) if family else (ORIGINAL,))


def _rows(job: Job, texts: Texts, *rows: Iterable[Entry]) -> discord.ui.View:
    return _view(
        *(
            JobButton(entry.verb, job.short_id, label=texts(entry.text), row=number)
            for number, row in enumerate(rows)
            for entry in row
            if entry.fits(job)
        )
    )


def _failed_view(job: Job, texts: Texts) -> discord.ui.View | None:
    match remedy(job):
        case Remedy.RETRY:
            return _view(JobButton(Verb.RETRY, job.short_id, label=texts("button-retry")))
        case Remedy.OTHERWISE:
            return None
        case _ if not may_be_reworded(job):  # a join is its board's; of a found one nobody knows the words
            return None
        case Remedy.ANEW:
            return _view(JobButton(Verb.AGAIN, job.short_id, label=texts("button-retry")))
        case Remedy.ANEW_COSTS:
            return _view(JobButton(Verb.AGAIN, job.short_id, label=texts("button-again")))


def _view(*buttons: JobButton) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view

"""Which buttons a message has: pure functions of the job. The order of rows is one everywhere."""

import discord

from bot.domain.job import Job
from bot.domain.recovery import Remedy, remedy
from bot.domain.states import CANCELLABLE, JobState
from cogs.buttons.button import JobButton
from cogs.buttons.verbs import Verb
from cogs.texts import Texts

MAKE, KEEP = 0, 1
"""The row that makes another video, and the row about this one."""


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
    buttons = [JobButton(Verb.DELETE, job.short_id, label=texts("button-delete"), row=KEEP)]
    if job.request.prompt:
        buttons.insert(0, JobButton(Verb.AGAIN, job.short_id, label=texts("button-again"), row=MAKE))
    return _view(*buttons)


def _failed_view(job: Job, texts: Texts) -> discord.ui.View | None:
    match remedy(job):
        case Remedy.RETRY:
            return _view(JobButton(Verb.RETRY, job.short_id, label=texts("button-retry")))
        case Remedy.OTHERWISE:
            return None
        case _ if not job.request.prompt:  # found by its owner, and nobody knows what was asked for
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

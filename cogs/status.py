"""The words of a job's status message: pure functions from the row to a text."""

import discord

from bot.domain.codes import Code
from bot.domain.job import Failure, Job, Venue
from bot.domain.progress import Progress
from bot.domain.prompt import shorten
from bot.domain.recovery import Remedy, remedy
from bot.domain.states import DRIVEN, TERMINAL, JobState
from cogs.texts import Texts
from cogs.waits import wait_facts

CELLS = 10
PROMPT_SHOWN = 200


def as_typed(text: str) -> str:
    """Return the text so that Discord shows it as it was typed: no markdown, mention or link preview."""
    escaped = discord.utils.escape_markdown(text, ignore_links=False)
    return discord.utils.escape_mentions(escaped).replace("<", "\\<").replace("://", ":\u200b//")


def bar(percent: int) -> str:
    """Draw ten cells; a full bar means finished, so 99 % still has an empty cell."""
    full = max(0, min(CELLS, percent * CELLS // 100))
    return "▰" * full + "▱" * (CELLS - full)


def clock_time(milliseconds: int) -> str:
    """Write a length of time as 0:07, 12:34 or 1:02:03."""
    seconds = max(0, milliseconds) // 1000
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def status_text(job: Job, progress: Progress, now: int, texts: Texts, *, prompt: bool = True) -> str:
    """Write the whole status message: prompt, stage, facts; without facts once the job is delivered.

    Without `prompt` nothing stands in it that the member typed: a server's filters may refuse that.
    """
    stage = stage_line(job, progress, now, texts)
    first = texts("status-prompt-refused")
    if prompt:
        first = texts("status-prompt", prompt=as_typed(shorten(job.request.prompt, PROMPT_SHOWN)))
    if job.state is JobState.DELIVERED:
        return f"{first}\n{stage}"
    return f"{first}\n{stage}\n{facts_line(job, texts)}"


def facts_line(job: Job, texts: Texts) -> str:
    """Write size, length and id."""
    request = job.request
    size = str(request.size).replace("x", "×")
    if request.model:
        return texts(
            "status-facts-model",
            size=size,
            seconds=str(request.seconds),
            model=as_typed(request.model),
            id=job.short_id,
        )
    return texts("status-facts", size=size, seconds=str(request.seconds), id=job.short_id)


def stage_line(job: Job, progress: Progress, now: int, texts: Texts) -> str:
    """Say where the job stands."""
    if job.cancel_requested and job.state in {JobState.SUBMITTING, JobState.RENDERING}:
        return texts("status-cancelling")
    if job.cancel_requested and job.state in DRIVEN:
        return texts("status-cancel-late")
    if job.state is JobState.QUEUED:
        return _queued(job, progress, texts)
    if job.state in TERMINAL or job.state is JobState.UNSURE:
        return _ended(job, texts)
    key = f"status-{job.state}"
    elapsed = clock_time(now - (job.started_at or job.created_at))
    if progress.trouble and progress.reason is not None:
        return _held(job, progress.reason, texts)
    if progress.trouble and job.state is JobState.FETCHING and job.deadline_at is not None:
        return texts("status-fetching-trouble-until", when=_due(job), until=_moment(job.deadline_at))
    if progress.trouble:
        return texts(f"{key}-trouble", when=_due(job), elapsed=elapsed)
    if progress.percent is not None and job.state in {JobState.RENDERING, JobState.FITTING}:
        percent = progress.percent
        return texts(f"{key}-percent", bar=bar(percent), percent=str(percent), elapsed=elapsed)
    return texts(key, elapsed=elapsed)


def _queued(job: Job, progress: Progress, texts: Texts) -> str:
    if progress.reason is not None:
        return texts("status-queued-held", reason=texts(f"trouble-{progress.reason}"))
    if job.failure is not None and progress.trouble:
        reason = texts(f"trouble-{job.failure.code}")
        return texts("status-queued-trouble", reason=reason, when=_due(job))
    if progress.place is None:
        return texts("status-queued")
    place, next_one = progress.place, progress.place == 1
    if progress.wait is None:
        return texts("status-queued-next") if next_one else texts("status-queued-place", place=place)
    key = "status-queued-next-wait" if next_one else "status-queued-place-wait"
    return texts(key, place=place, **wait_facts(progress.wait))


def _ended(job: Job, texts: Texts) -> str:
    if job.state is JobState.DELIVERED:
        return _delivered(job, texts)
    failure = job.failure
    if job.state is JobState.CANCELLED and failure is None:
        return texts("status-cancelled" if job.remote_id is None else "status-cancelled-paid")
    reason = failure_reason(job, failure, texts) if failure is not None else ""
    match job.state:
        case JobState.CANCELLED:
            return texts("status-cancelled-because", reason=reason)
        case JobState.UNSURE:
            return texts("status-unsure", reason=reason) + "\n" + texts("status-hint-decide")
    hints = {Remedy.RETRY: "status-hint-retry", Remedy.ANEW_COSTS: "status-hint-again-costs"}
    hint = hints.get(remedy(job))
    return texts("status-failed", reason=reason) + (f"\n{texts(hint)}" if hint is not None else "")


def failure_reason(job: Job, failure: Failure, texts: Texts) -> str:
    """Write the sentence why the job has ended without a video."""
    paid = "no" if job.remote_id is None and job.submit_intent_at is None else "perhaps"
    known = {"id": job.short_id, "paid": paid, "kept": "no" if job.result_file is None else "yes"}
    return texts.error(failure.code, {**known, **failure.facts})


def _delivered(job: Job, texts: Texts) -> str:
    if job.result is None:
        return texts("status-deleted")
    elapsed = clock_time((job.finished_at or job.created_at) - job.created_at)
    match job.venue:
        case Venue.DIRECT:
            return texts("status-delivered-direct", elapsed=elapsed)
        case Venue.PARENT:
            return texts("status-delivered-parent", elapsed=elapsed, link=jump_link(job))
        case Venue.PLACE if job.still_file is not None:
            return texts("status-delivered-still", elapsed=elapsed, link=jump_link(job))
        case Venue.PLACE:
            return texts("status-delivered", elapsed=elapsed, link=jump_link(job))


def _held(job: Job, reason: Code, texts: Texts) -> str:
    """Say what this machine lacks, and whether anything is paid or at stake meanwhile."""
    sentence = texts(f"trouble-{reason}")
    if job.state is JobState.SUBMITTING and job.submit_intent_at is None:
        return texts("status-held-unpaid", reason=sentence)
    if job.state is JobState.FETCHING and job.deadline_at is not None:
        return texts("status-held-until", reason=sentence, until=_moment(job.deadline_at))
    return texts("status-held", reason=sentence)


def _due(job: Job) -> str:
    """Write when the next attempt is due."""
    return _moment(job.due_at + 1000)


def _moment(at: int) -> str:
    """Write a moment (ms); Discord counts down to it by itself."""
    return f"<t:{at // 1000}:R>"


def jump_link(job: Job) -> str:
    """Return the address of the delivered message."""
    if job.result is None:
        return ""
    guild = "@me" if job.venue is Venue.DIRECT else job.place.guild_id or "@me"
    return f"https://discord.com/channels/{guild}/{job.result.channel_id}/{job.result.message_id}"


def edit_interval(age_ms: int, busy: int) -> float:
    """Return seconds between two edits of one status message.

    `age_ms` is the job's age, `busy` the number of live status messages in the channel: a channel takes about
    5 edits in 5 s, and messages older than an hour 3 in 6 s (reference: discord, HTTP rate limits).
    """
    minutes = age_ms / 60_000
    if minutes < 1:
        base = 2.0
    elif minutes < 5:
        base = 5.0
    elif minutes < 60:
        base = 15.0
    else:
        base = 60.0
    return max(base, 1.2 * busy)

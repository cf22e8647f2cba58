"""The words of a job's status message: pure functions from the row to a text."""

import discord

from bot.domain.job import Job
from bot.domain.progress import Progress
from bot.domain.prompt import shorten
from bot.domain.states import TERMINAL, JobState
from cogs.texts import Texts

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


def status_text(job: Job, progress: Progress, now: int, texts: Texts) -> str:
    """Write the whole status message: prompt, stage, facts; one line of it once the job is delivered."""
    stage = stage_line(job, progress, now, texts)
    prompt = texts("status-prompt", prompt=as_typed(shorten(job.request.prompt, PROMPT_SHOWN)))
    if job.state is JobState.DELIVERED:
        return f"{prompt}\n{stage}"
    return f"{prompt}\n{stage}\n{facts_line(job, texts)}"


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
    if job.state is JobState.QUEUED:
        return _queued(job, progress, texts)
    if job.state in TERMINAL or job.state is JobState.UNSURE:
        return _ended(job, texts)
    key = f"status-{job.state}"
    elapsed = clock_time(now - (job.started_at or job.created_at))
    if progress.trouble:
        return texts(f"{key}-trouble", when=_due(job), elapsed=elapsed)
    if progress.percent is not None and job.state in {JobState.RENDERING, JobState.FITTING}:
        percent = progress.percent
        return texts(f"{key}-percent", bar=bar(percent), percent=str(percent), elapsed=elapsed)
    return texts(key, elapsed=elapsed)


def _queued(job: Job, progress: Progress, texts: Texts) -> str:
    if job.failure is not None and progress.trouble:
        reason = texts(f"trouble-{job.failure.code}")
        return texts("status-queued-trouble", reason=reason, when=_due(job))
    if progress.place is None:
        return texts("status-queued")
    if progress.place == 1:
        return texts("status-queued-next")
    return texts("status-queued-place", place=progress.place)


def _ended(job: Job, texts: Texts) -> str:
    if job.state is JobState.DELIVERED:
        elapsed = clock_time((job.finished_at or job.created_at) - job.created_at)
        return texts("status-delivered", elapsed=elapsed, link=jump_link(job))
    if job.state is JobState.CANCELLED:
        return texts("status-cancelled" if job.remote_id is None else "status-cancelled-paid")
    key = "status-failed" if job.state is JobState.FAILED else "status-unsure"
    failure = job.failure
    reason = texts.error(failure.code, failure.facts) if failure is not None else ""
    return texts(key, reason=reason)


def _due(job: Job) -> str:
    """Write when the next attempt is due; Discord counts it down by itself."""
    return f"<t:{job.due_at // 1000 + 1}:R>"


def jump_link(job: Job) -> str:
    """Return the address of the delivered message."""
    guild = job.place.guild_id or "@me"
    return f"https://discord.com/channels/{guild}/{job.place.channel_id}/{job.result_message_id}"


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

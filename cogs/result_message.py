"""The words around a posted result: pure functions from the row to what is sent."""

import hashlib
from dataclasses import dataclass

from bot.domain.job import Job, Venue
from bot.domain.prompt import shorten, slug
from cogs.status import as_typed, facts_line
from cogs.texts import Texts

PROMPT_SHOWN = 200
ALT_TEXT = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to say it."""

    text: str
    file_name: str
    alt_text: str | None = None


def result_forms(job: Job, texts: Texts, *, in_doubt: bool) -> tuple[Form, ...]:
    """Return the message, and plainer ones for a server whose filters refuse its words.

    Whole; without what the member typed; the mention alone; the file alone.
    """
    head = _head(job, texts, in_doubt=in_doubt)
    prompt = texts("result-prompt", prompt=as_typed(shorten(job.request.prompt, PROMPT_SHOWN)))
    facts = facts_line(job, texts)
    plain_name = f"video-{_ending(job)}"
    return (
        Form(
            text="\n".join([*head, prompt, facts]),
            file_name=f"{slug(job.request.prompt)}-{_ending(job)}",
            alt_text=shorten(job.request.prompt, ALT_TEXT),
        ),
        Form(text="\n".join([*head, texts("result-prompt-refused"), facts]), file_name=plain_name),
        Form(text=_mention(job), file_name=plain_name),
        Form(text="", file_name=plain_name),
    )


def _head(job: Job, texts: Texts, *, in_doubt: bool) -> list[str]:
    if job.still_file is None:
        lines = [_ready(job, texts)]
    else:
        megabytes = str(-(-(job.result_bytes or 0) // 1_000_000))
        lines = [texts("result-still", member=_mention(job), megabytes=megabytes, id=job.short_id)]
    if job.venue is Venue.PARENT:
        lines.append(texts("result-parent", thread=f"<#{job.place.channel_id}>"))
    elif job.venue is Venue.DIRECT:
        lines.append(texts("result-direct", channel=f"<#{job.place.channel_id}>"))
    if in_doubt:
        lines.append(texts("result-perhaps-twice"))
    return lines


def _ready(job: Job, texts: Texts) -> str:
    """Say that it is there; the clips of one video call nobody, the whole does."""
    if job.request.join is not None:
        return texts("result-joined", member=_mention(job))
    if job.origin.board is not None:
        relation = job.origin.relation or ""
        return texts("result-clip", member=_mention(job), clip=str(job.origin.clip), relation=relation)
    return texts("result-ready", member=_mention(job))


def _mention(job: Job) -> str:
    return f"<@{job.user_id}>"


def _ending(job: Job) -> str:
    return f"{job.short_id}.{'mp4' if job.still_file is None else 'jpg'}"


def is_result_of(job: Job, file_name: str) -> bool:
    """Say whether a posted file is this job's: the id in its name is how the message is found again."""
    return file_name.rpartition(".")[0].endswith(f"-{job.short_id}")


def result_nonce(job: Job) -> str:
    """Return the nonce that makes a repeated post the same message for some minutes."""
    whole = f"r{job.id}"
    return whole if len(whole) <= 25 else "r" + hashlib.sha256(whole.encode()).hexdigest()[:24]

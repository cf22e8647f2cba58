"""The words around a posted result: pure functions from the row to what is sent."""

import hashlib
from dataclasses import dataclass, replace

from bot.domain.job import Job, Venue
from bot.domain.prompt import shorten, slug
from bot.domain.reel import is_scheduled
from cogs.status import as_typed, facts_line
from cogs.texts import Texts

PROMPT_SHOWN = 200
ALT_TEXT = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a reel: a line a clip, and a JPEG of them all where one could be made."""

    lines: tuple[str, ...]
    sheet: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to say it. `sheet` is a JPEG that is shown below the video."""

    text: str
    file_name: str
    alt_text: str | None = None
    sheet: bytes | None = None


def result_forms(job: Job, texts: Texts, *, in_doubt: bool, beside: Beside | None = None) -> tuple[Form, ...]:
    """Return the message, and plainer ones for a server whose filters refuse its words.

    Whole; without what the member typed; the mention alone; the file alone. A reel's lines take the place of
    the prompt, and it is said without its sheet first.
    """
    head = _head(job, texts, in_doubt=in_doubt)
    if beside is not None:
        return _reel_forms(job, texts, head, beside)
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


def _reel_forms(job: Job, texts: Texts, head: list[str], beside: Beside) -> tuple[Form, ...]:
    plain_name = f"video-{_ending(job)}"
    facts = facts_line(job, texts)
    whole = Form(
        text="\n".join([*head, *beside.lines, facts]),
        file_name=f"{slug(job.request.prompt)}-{_ending(job)}",
        alt_text=shorten(job.request.prompt, ALT_TEXT),
        sheet=beside.sheet,
    )
    return (
        whole,
        replace(whole, sheet=None),
        Form(text="\n".join([*head, facts]), file_name=plain_name),
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
    if job.request.join is not None and job.request.join.scores:
        title = as_typed(job.request.prompt)
        if is_scheduled(job.id):
            return texts("result-reel", title=title)
        return texts("result-reel-asked", member=_mention(job), title=title)
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

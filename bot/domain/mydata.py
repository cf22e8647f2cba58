"""What is kept about one person: how it is counted, written out, what its deletion leaves to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.job import Job
from bot.domain.join import Join

NOBODY = 0
"""The user id that rows have whose person has had their data deleted."""
EXPORT_EVERY = 3_600_000
"""Milliseconds between two copies of a person's data."""

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""What JSON can say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much there is of a person. `under_way` are the short ids of jobs that have not ended."""

    videos: int = 0
    votes: int = 0
    favourites: int = 0
    evaluations: int = 0
    comparisons: int = 0
    boards: int = 0
    drafts: int = 0
    under_way: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Say whether nothing is kept."""
        return self == Holdings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What a deletion has left to take away: a file, a message, or else the bytes of deleted rows."""

    id: str
    file: str | None = None
    channel_id: int | None = None
    message_id: int | None = None


def job_written_out(job: Job, link: str) -> Mapping[str, Plain]:
    """Return everything about a job that its author would recognise; `link` leads to its message."""
    request, failure = job.request, job.failure
    return {
        "id": job.short_id,
        "prompt": request.prompt,
        "typed_prompt": request.typed,
        "style": request.style,
        "negative": request.negative,
        "api": job.provider,
        "model": request.model,
        "size": str(request.size),
        "seconds": request.seconds,
        "seed": request.seed,
        "sound": request.audio,
        "picture": request.picture,
        "last_picture": request.last_picture,
        "video": job.result_file,
        "joined": None if request.join is None else _join(request.join),
        "made_from": job.origin.parent,
        "made_how": None if job.origin.relation is None else job.origin.relation.value,
        "board": job.origin.board,
        "clip": job.origin.clip,
        "state": job.state.value,
        "failure": None if failure is None else {"code": failure.code.value, **failure.facts},
        "asked_at": moment(job.created_at),
        "started_at": moment(job.started_at),
        "finished_at": moment(job.finished_at),
        "server": None if job.place.guild_id is None else str(job.place.guild_id),
        "channel": str(job.place.channel_id),
        "link": link or None,
        "language": job.locale,
    }


def _join(join: Join) -> Plain:
    return {"sources": list(join.sources), "title": join.title}


def moment(milliseconds: int | None) -> str | None:
    """Write a moment as ISO 8601."""
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")

"""Rows of the jobs tables <-> domain values: the only place that knows both."""

import json
from dataclasses import asdict
from types import MappingProxyType

from bot.domain.codes import Code
from bot.domain.job import Failure, Job, JobEvent, JobId, Place, Venue, WorkerId
from bot.domain.join import Join, Score
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.domain.video import Size, Source, SourceUse, VideoRequest
from storage.database import Row, Value


def job_from_row(row: Row) -> Job:
    """Build the job of a row of `jobs`."""
    owner = row["owner"]
    return Job(
        id=JobId(row["id"]),
        short_id=row["short_id"],
        provider=row["provider"],
        user_id=row["user_id"],
        place=Place(
            channel_id=row["channel_id"],
            guild_id=row["guild_id"],
            status_message_id=row["status_message_id"],
        ),
        request=VideoRequest(
            prompt=row["prompt"],
            size=Size.parse(row["size"]),
            seconds=row["seconds"],
            model=row["model"],
            picture=row["picture"],
            seed=row["seed"],
            negative=row["negative"],
            audio=None if row["audio"] is None else bool(row["audio"]),
            last_picture=row["last_picture"],
            style=row["style"],
            typed=row["typed_prompt"],
            source=_source(row["source"]),
            join=_join(row["joins"]),
        ),
        created_at=row["created_at"],
        locale=row["locale"],
        state=JobState(row["state"]),
        priority=row["priority"],
        due_at=row["due_at"],
        deadline_at=row["deadline_at"],
        attempt=row["attempt"],
        cancel_requested=bool(row["cancel_requested"]),
        owner=None if owner is None else WorkerId(owner),
        fence=row["fence"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        submit_intent_at=row["submit_intent_at"],
        remote_id=row["remote_id"],
        result_url=row["result_url"],
        result_file=row["result_file"],
        result_bytes=row["result_bytes"],
        fitted_file=row["fitted_file"],
        still_file=row["still_file"],
        kept_on=row["kept_on"],
        upload_limit=row["upload_limit"],
        tried_at=row["tried_at"],
        post_intent_at=row["post_intent_at"],
        venue=Venue(row["venue"]),
        result_channel_id=row["result_channel_id"],
        result_message_id=row["result_message_id"],
        failure=_failure(row),
        status_closed=bool(row["status_closed"]),
        origin=Origin(
            parent=row["parent_id"],
            relation=None if row["relation"] is None else Relation(row["relation"]),
            board=row["board_id"],
            clip=row["clip"],
        ),
    )


def job_values(job: Job) -> dict[str, Value]:
    """Return the column values of a job."""
    request, failure = job.request, job.failure
    return {
        "id": job.id,
        "short_id": job.short_id,
        "provider": job.provider,
        "user_id": job.user_id,
        "guild_id": job.place.guild_id,
        "channel_id": job.place.channel_id,
        "status_message_id": job.place.status_message_id,
        "prompt": request.prompt,
        "size": str(request.size),
        "seconds": request.seconds,
        "model": request.model,
        "picture": request.picture,
        "seed": request.seed,
        "negative": request.negative,
        "audio": None if request.audio is None else int(request.audio),
        "last_picture": request.last_picture,
        "style": request.style,
        "typed_prompt": request.typed,
        "source": None if request.source is None else json.dumps(asdict(request.source)),
        "joins": None if request.join is None else json.dumps(asdict(request.join)),
        "parent_id": job.origin.parent,
        "relation": None if job.origin.relation is None else job.origin.relation.value,
        "board_id": job.origin.board,
        "clip": job.origin.clip,
        "created_at": job.created_at,
        "locale": job.locale,
        "state": job.state.value,
        "priority": job.priority,
        "due_at": job.due_at,
        "deadline_at": job.deadline_at,
        "attempt": job.attempt,
        "cancel_requested": int(job.cancel_requested),
        "owner": job.owner,
        "fence": job.fence,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "submit_intent_at": job.submit_intent_at,
        "remote_id": job.remote_id,
        "result_url": job.result_url,
        "result_file": job.result_file,
        "result_bytes": job.result_bytes,
        "fitted_file": job.fitted_file,
        "still_file": job.still_file,
        "kept_on": job.kept_on,
        "upload_limit": job.upload_limit,
        "tried_at": job.tried_at,
        "post_intent_at": job.post_intent_at,
        "venue": job.venue.value,
        "result_channel_id": job.result_channel_id,
        "result_message_id": job.result_message_id,
        "failure_code": None if failure is None else failure.code.value,
        "failure_facts": None if failure is None else json.dumps(dict(failure.facts)),
        "status_closed": int(job.status_closed),
    }


def event_from_row(row: Row) -> JobEvent:
    """Build the event of a row of `job_events`."""
    origin = row["from_state"]
    return JobEvent(
        job_id=JobId(row["job_id"]),
        at=row["at"],
        from_state=None if origin is None else JobState(origin),
        to_state=JobState(row["to_state"]),
        note=row["note"],
    )


def _source(text: str | None) -> Source | None:
    if text is None:
        return None
    kept = json.loads(text)
    return Source(use=SourceUse(kept["use"]), remote_id=kept["remote_id"])


def _join(text: str | None) -> Join | None:
    if text is None:
        return None
    kept = json.loads(text)
    return Join(
        sources=tuple(kept["sources"]),
        fade=kept["fade"],
        title=kept["title"],
        # Rows from before reels have none of these.
        scores=tuple(Score(**score) for score in kept.get("scores", ())),
        left_out=tuple(kept.get("left_out", ())),
        longest=kept.get("longest"),
    )


def _failure(row: Row) -> Failure | None:
    """Read the failure; a code from a newer version falls back to the general sentence."""
    text = row["failure_code"]
    if text is None:
        return None
    code = Code(text) if text in Code._value2member_map_ else Code.INTERNAL
    return Failure(code=code, facts=MappingProxyType(json.loads(row["failure_facts"] or "{}")))

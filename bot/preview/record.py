"""Record: a video as the JSON text by which a later run of the server remembers it."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from bot.preview.clip import Clip
from bot.preview.errors import ApiError, VideoError
from bot.preview.forms import SIZES, create_of
from bot.preview.video import Video

FORMAT = 1

Kind = TypeVar("Kind", str, int, float, bool, dict[str, Any])


def text_of(video: Video) -> str:
    """Return the record of a video, in ASCII. A render that has begun is noted as waiting: it starts anew."""
    clip, error = video.clip, video.error
    fields = {
        "format": FORMAT,
        "number": video.number,
        "request": {
            "prompt": clip.prompt,
            "negative_prompt": clip.negative_prompt,
            "model": video.model,
            "size": video.size,
            "seconds": clip.seconds,
            "seed": clip.seed,
        },
        "has_picture": clip.picture is not None,
        "remixed_from": video.remixed_from,
        "idempotency_key": video.idempotency_key,
        "fingerprint": video.fingerprint,
        "created_at": float(video.created_at),
        "status": "queued" if video.is_pending else video.status,
        "ended_at": None if video.ended_at is None else float(video.ended_at),
        "frames_done": 0 if video.is_pending else video.frames_done,
        "length": video.length,
        "error": None if error is None else {"code": error.code, "message": error.message},
    }
    return json.dumps(fields, indent=1)


def video_of(video_id: str, text: str, picture: Path) -> Video:
    """Return the video of a record; its picture, if it has one, is the file `picture`.

    Raises ValueError if the text is no record, or one of another format.
    """
    fields = _fields_of(text)
    if fields.get("format") != FORMAT:
        raise ValueError(f"its record is not of format {FORMAT}")
    video = Video(
        id=video_id,
        number=_take(fields, "number", int),
        clip=_clip_of(fields, picture),
        model=_take(_take(fields, "request", dict), "model", str),
        size=_take(_take(fields, "request", dict), "size", str),
        created_at=_seconds(fields, "created_at"),
        remixed_from=_text_or_none(fields, "remixed_from"),
        idempotency_key=_text_or_none(fields, "idempotency_key"),
        fingerprint=_take(fields, "fingerprint", str),
    )
    status = fields.get("status")
    if status == "queued":
        return video
    video.ended_at = _seconds(fields, "ended_at")
    video.frames_done = _take(fields, "frames_done", int)
    if status == "completed":
        video.status, video.length = "completed", _take(fields, "length", int)
    elif status == "failed":
        error = _take(fields, "error", dict)
        video.status = "failed"
        video.error = VideoError(code=_take(error, "code", str), message=_take(error, "message", str))
    else:
        raise _wrong("status")
    return video


def _fields_of(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except RecursionError as exc:
        raise ValueError("its record is nested too deep") from exc
    if not isinstance(fields, dict):
        raise ValueError("its record is not a JSON object")
    return fields


def _clip_of(fields: Mapping[str, Any], picture: Path) -> Clip:
    try:
        request = create_of(_take(fields, "request", dict))
    except ApiError as exc:
        raise ValueError(exc.message) from exc
    if request.seed is None:
        raise _wrong("seed")
    width, height = SIZES[request.size]
    return Clip(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        seed=request.seed,
        width=width,
        height=height,
        seconds=request.seconds,
        picture=picture if _take(fields, "has_picture", bool) else None,
    )


def _take(fields: Mapping[str, Any], name: str, kind: type[Kind]) -> Kind:
    value = fields.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _wrong(name)
    return value


def _text_or_none(fields: Mapping[str, Any], name: str) -> str | None:
    return None if fields.get(name) is None else _take(fields, name, str)


def _seconds(fields: Mapping[str, Any], name: str) -> float:
    value = _take(fields, name, float)
    if not math.isfinite(value):
        raise _wrong(name)
    return value


def _wrong(name: str) -> ValueError:
    return ValueError(f"{name} of its record is missing or wrong")

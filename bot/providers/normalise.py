"""From an API's JSON to a `RemoteVideo`. Pure; the rules stand in reference: providers, section 3."""

import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from bot.domain.errors import BadResponse
from bot.domain.remote import RefusedPart, RemoteStatus, RemoteVideo
from bot.providers.reason import read_reason

_WORDS = {
    RemoteStatus.QUEUED: "queued pending submitted not_start not_started created starting preparing "
    "preprocessing in_queue unknown",
    RemoteStatus.RUNNING: "in_progress processing running generating rendering",
    RemoteStatus.DONE: "completed complete succeeded success done finished",
    RemoteStatus.FAILED: "failed failure fail error",
    RemoteStatus.CANCELLED: "cancelled canceled aborted deleted",
    RemoteStatus.EXPIRED: "expired",
}
STATUS_WORDS: Mapping[str, RemoteStatus] = MappingProxyType(
    {word: status for status, words in _WORDS.items() for word in words.split()} | {"": RemoteStatus.QUEUED}
)
ID_KEYS = ("id", "task_id", "video_id")
_WEAK_ID_KEYS = ("request_id", "name")
"""These name a render only where nothing speaks of an error, whose envelope has them too."""

Steps = tuple[str | int, ...]
"""A way into JSON: names lead into objects, numbers into lists."""

_URL_PATHS: tuple[Steps, ...] = (
    ("url",),
    ("video_url",),
    ("output_url",),
    ("download_url",),
    ("urls", 0),
    ("video", "url"),
    ("videos", 0, "url"),
    ("output",),
    ("output", 0),
    ("output", 0, "url"),
    ("output", "url"),
    ("data", 0, "url"),
    ("data", 0, "b64_json"),
    ("b64_json",),
    ("metadata", "url"),
    ("metadata", "video_url"),
    ("result_url",),
    ("unsigned_urls", 0),
)
_URL_LONGEST = 8192
_INLINE = "b64_json"
_INLINE_TYPES = ("data:video/", "data:application/octet-stream")
_HEAD = 40
INLINE_URL = "data:,"
"""Stands for the location of a video inside the answer itself: rows and logs are no place for megabytes."""
_SIZE = re.compile(r"\d{1,5}[x×X]\d{1,5}", re.ASCII)
_MILLISECONDS_FROM = 1e11
_LAST_MOMENT = 253_402_300_799_000
"""The end of the year 9999, in milliseconds: nothing later is a date."""


def read_video(
    data: object,
    *,
    remote_id: str | None = None,
    poll_after: float | None = None,
    secrets: Collection[str] = (),
    moderation: Collection[str] = (),
) -> RemoteVideo:
    """Read one render.

    `remote_id` is the id under which it was created: it stays the id whatever the answer says. `secrets` are
    kept out of the error's text, `moderation` are more words for what content rules refused.

    Raises:
        BadResponse: no object, or one without an id where `remote_id` gives none.
    """
    job = _job(data)
    found = remote_id or read_id(job)
    if found is None:
        raise BadResponse("the answer is a render without an id")
    reason = read_reason(job, secrets=secrets, moderation=moderation)
    blocked = at(job, ("video", "respect_moderation")) is False or job.get("respect_moderation") is False
    status = RemoteStatus.FAILED if blocked else STATUS_WORDS.get(status_word(job), RemoteStatus.RUNNING)
    failed = status is RemoteStatus.FAILED
    return RemoteVideo(
        id=found,
        status=status,
        progress=_progress(job.get("progress")),
        error=reason.text if failed else None,
        moderated=failed and (blocked or reason.moderated),
        refused=RefusedPart.RESULT if blocked else reason.refused if failed else RefusedPart.UNKNOWN,
        poll_after=poll_after,
        created_at=_moment(job.get("created_at")),
        expires_at=_moment(job.get("expires_at")),
        url=_result_url(job) if status is RemoteStatus.DONE else None,
        prompt=_text(job.get("prompt")),
        size=_size(job),
        seconds=_seconds(job),
    )


def status_word(data: object) -> str:
    """Return the status in lower case without spaces around it, "" where there is none."""
    word = _job(data, strict=False).get("status")
    return status_key(word) if isinstance(word, str) else ""


def status_key(word: str) -> str:
    """Return the word as statuses are compared."""
    return word.strip().lower().replace("-", "_").replace(" ", "_")[:40]


def read_id(data: object) -> str | None:
    """Return the id: whole and opaque, it may hold "/" and "=" and have any length.

    One with control characters or halves of surrogate pairs is none: no database and no URL could hold it.
    """
    job = _job(data, strict=False)
    weak = () if any(job.get(key) for key in ("error", "code")) else _WEAK_ID_KEYS
    for key in (*ID_KEYS, *weak):
        value = job.get(key)
        if isinstance(value, str) and value.strip() and value.strip().isprintable():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
            return str(value)
    return None


def is_video(data: object, *, remote_id: str | None = None) -> bool:
    """Say whether the answer is a render at all and no error's envelope, whatever its HTTP status.

    An envelope may have a `status` and an `id` of its own; a render says `"object": "video"`, or carries the
    id that was asked for.
    """
    job = _job(data, strict=False)
    if not isinstance(job.get("status"), str):
        return False
    return job.get("object") == "video" or (
        remote_id is not None and remote_id in map(job.get, (*ID_KEYS, *_WEAK_ID_KEYS))
    )


def _job(data: object, *, strict: bool = True) -> Mapping[str, Any]:
    """Return the render's object, also out of the wrapper {code, message, data: {...}}."""
    if not isinstance(data, dict):
        if strict:
            raise BadResponse("the answer is no JSON object")
        return {}
    inner = data.get("data")
    if isinstance(inner, dict) and not any(key in data for key in ("status", *ID_KEYS)):
        return inner
    return data


def at(value: object, path: Steps) -> object:
    """Return what stands there, None where nothing does."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def find_result(data: object) -> str | None:
    """Return the first location in the order of rule 10, or the video itself as base64 behind "data:".

    A relative location is joined by whoever fetches it.
    """
    job = _job(data, strict=False)
    for path in _URL_PATHS:
        value = at(job, path)
        if not isinstance(value, str):
            continue
        if path[-1] == _INLINE and value.strip():
            return f"data:video/mp4;base64,{value.strip()}"
        if value[:_HEAD].lower().startswith(_INLINE_TYPES):
            return value
        url = value.strip() if len(value) <= _URL_LONGEST else ""
        if url.lower().startswith(("http://", "https://", "/")) and url.isprintable():
            return url
    return None


def is_inline(result: str) -> bool:
    """Say whether what `find_result` returned is the video itself."""
    return result[:5].lower() == "data:"


def _result_url(job: Mapping[str, Any]) -> str | None:
    found = find_result(job)
    return INLINE_URL if found is not None and is_inline(found) else found


def _number(value: object) -> float | None:
    """Return a finite number from a number or a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > 40:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _progress(value: object) -> int | None:
    """Return 0 to 100. A float up to 1 is a fraction, a whole 1 is one percent."""
    percent = isinstance(value, str) and value.strip().endswith("%")
    number = _number(value.strip().rstrip("%") if isinstance(value, str) else value)
    if number is None:
        return None
    fraction = not percent and not isinstance(value, int) and "." in str(value) and 0 <= number <= 1
    return int(min(max(number * 100 if fraction else number, 0), 100))


def _moment(value: object) -> int | None:
    """Return milliseconds since 1970 from seconds, milliseconds or an ISO date; 0 means unknown."""
    number = _number(value)
    if number is None and isinstance(value, str):
        number = _iso_seconds(value.strip()[:40])
    if number is None or number <= 0:
        return None
    milliseconds = number if number > _MILLISECONDS_FROM else number * 1000
    return int(milliseconds) if milliseconds <= _LAST_MOMENT else None


def _iso_seconds(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _seconds(job: Mapping[str, Any]) -> float | None:
    for key in ("seconds", "duration", "duration_s", "n_seconds"):
        value = job.get(key)
        number = _number(value.strip().removesuffix("s") if isinstance(value, str) else value)
        if number is not None and number > 0:
            return number
    return None


def _size(job: Mapping[str, Any]) -> str | None:
    size, width, height = job.get("size"), job.get("width"), job.get("height")
    if isinstance(size, str) and _SIZE.fullmatch(size.strip()):
        return size.strip().lower().replace("×", "x")
    if isinstance(width, int) and isinstance(height, int) and 0 < width < 100_000 and 0 < height < 100_000:
        return f"{width}x{height}"
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None

"""Why an API says no: the many shapes of an error, made short and safe to show."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.domain.remote import RefusedPart

LONGEST = 300
_READ = 4000
"""Characters of a text that are looked at; the patterns below then cost next to nothing."""
_NODES = 200
_DEPTH = 5

MODERATION_WORDS = (
    "moderation_blocked",
    "content_filter",
    "content_policy_violation",
    "sentinel_block",
    "input_moderation",
    "output_moderation",
    "responsibleaipolicyviolation",
    "raimediafiltered",
)
"""Reference: providers, normalisation rule 6; compared in lower case, anywhere in an error."""

_RESULT = re.compile(
    r"output_moderation|raimediafiltered|\bthe output\b"
    r"|\b(?:output|generated|resulting|produced) (?:video|image|audio|media|content)\b"
)
_PICTURE = re.compile(
    r"\binput_reference\b|\bimage_url\b|\b(?:the|your|this) (?:image|picture)\b"
    r"|\b(?:input|reference|source|uploaded|first[ _]frame)[ _-](?:image|picture|frame)s?\b"
)
_PROMPT = re.compile(r"\bprompts?\b|\b(?:input text|text input)\b")

_ERRORS = ("error", "errors", "detail", "failure_reason", "fail_reason", "error_message")
_TEXTS = ("message", "msg", "error", "detail", "description", "reason", "errors", "error_message")
_CODES = ("code", "type", "error_type")

_URL = re.compile(r"(?i)\b(?:https?|wss?)://\S+|\bdata:[\w/+.-]*;base64,\S+")
_KEY = re.compile(
    r"(?i)\b(?:bearer|basic)\s+[\w.*+/=-]{6,}"
    r"|\bapi[-_ ]?key\s*[:=]\s*[\"']?[\w.*+/=-]{6,}"
    r"|\b(?:sk|pk|rk|key)-[\w.*-]{4,}"
)
_REQUEST_ID = re.compile(
    r"(?i)[(\[]?\b(?:x-)?(?:request|trace|correlation|tracking)[-_ ]?id\b[\s:=\"']*[\w-]+[\"']?[)\]]?"
    r"|\breq_\w+"
)
_OPAQUE = re.compile(
    r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"
    r"|\b(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{24,}={0,2}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What was wrong. `text` is safe to show: at most 300 characters without URLs, keys and ids."""

    text: str | None = None
    code: str | None = None
    moderated: bool = False
    refused: RefusedPart = RefusedPart.UNKNOWN


def read_reason(data: object, *, secrets: Collection[str] = (), moderation: Collection[str] = ()) -> Reason:
    """Find the error in an answer: an object, a text, a list, flat, or nested in itself.

    `moderation` are a dialect's own words for what content rules refused, in lower case.
    Reference: providers, normalisation rule 5. Never raises.
    """
    error, around = data, None
    if isinstance(data, dict):
        around = data
        flat = {key: data[key] for key in (*_TEXTS, *_CODES) if key in data}
        error = next((data[key] for key in _ERRORS if data.get(key)), flat)
    return _reason(error, around, secrets, (*MODERATION_WORDS, *moderation))


def clean(text: str, *, secrets: Collection[str] = ()) -> str:
    """Return at most 300 characters of one line without URLs, keys, request ids and other long tokens."""
    text = text[:_READ]
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "")
    for pattern in (_URL, _KEY, _REQUEST_ID, _OPAQUE):
        text = pattern.sub("", text)
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    text = re.sub(r"\(\s*\)|\[\s*\]", "", text).strip(" ,;:-")
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _reason(
    error: object, around: dict[object, object] | None, secrets: Collection[str], moderation: Collection[str]
) -> Reason:
    texts = list(strings(error))
    lowered = " ".join(texts).lower()
    text = clean(_message(error) or "", secrets=secrets)
    return Reason(
        text=text or None,
        code=_code(error) or _code(around),
        moderated=any(word in lowered for word in moderation),
        refused=_refused_part(lowered),
    )


def _refused_part(lowered: str) -> RefusedPart:
    """Read which part the words speak of; they are only worth something where moderation speaks."""
    if _RESULT.search(lowered):
        return RefusedPart.RESULT
    match _PROMPT.search(lowered), _PICTURE.search(lowered):
        case re.Match(), None:
            return RefusedPart.PROMPT
        case None, re.Match():
            return RefusedPart.PICTURE
        case None, None if "input_moderation" not in lowered:
            return RefusedPart.UNKNOWN
        case _:
            return RefusedPart.REQUEST


def _message(error: object, depth: int = 0) -> str | None:
    """Return the first sentence for people, from the inside out."""
    if depth > _DEPTH:
        return None
    if isinstance(error, str):
        return _unwrapped(error, depth)
    if isinstance(error, list):
        found = [message for item in error[:3] if (message := _message(item, depth + 1))]
        return "; ".join(found) or None
    if isinstance(error, dict):
        for key in _TEXTS:
            message = _message(error.get(key), depth + 1)
            if message:
                return message
        return _code(error)
    return None


def _unwrapped(text: str, depth: int) -> str | None:
    """Read a text that is itself an API's JSON; a web page says nothing."""
    text = text.strip()[:_READ]
    if text.startswith(("{", "[")):
        try:
            return _message(json.loads(text), depth + 1) or text
        except (ValueError, RecursionError):
            return text
    return None if text[:9].lower() in {"<!doctype", "<html"} or text.lower().startswith("<html") else text


def _code(error: object) -> str | None:
    """Return the error's own word; numbers are only the HTTP status again."""
    if not isinstance(error, dict):
        return None
    for key in _CODES:
        value = error.get(key)
        if isinstance(value, str) and value.strip() and not value.strip().isdecimal():
            return value.strip()[:100]
    return None


def strings(value: object) -> Iterator[str]:
    """Walk over the texts inside, names too, at most 200 values."""
    waiting, seen = [value], 0
    while waiting and seen < _NODES:
        item = waiting.pop()
        seen += 1
        if isinstance(item, str):
            yield item[:_READ]
        elif isinstance(item, dict):
            waiting.extend([*item, *item.values()][:_NODES])
        elif isinstance(item, list):
            waiting.extend(item[:_NODES])

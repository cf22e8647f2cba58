"""Webhooks of video APIs: whose they are, and which renders they name (reference: providers, 14).

A webhook is a hint and never the truth: whoever believes one asks the API with a GET.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

TOLERANCE = 300
"""Seconds that a signature's time may lie in the past or in the future."""
ID_HEADER, TIME_HEADER, SIGNATURE_HEADER = "webhook-id", "webhook-timestamp", "webhook-signature"
OPENROUTER_HEADER = "x-openrouter-signature"

_PREFIX = "whsec_"
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_ID_NAMES = ("id", "video_id", "job_id", "generation_id", "task_id", "request_id")


class Flaw(StrEnum):
    """Why a webhook is not believed."""

    UNSIGNED = "unsigned"  # a header is missing or unreadable
    STALE = "stale"  # signed too long ago, or in the future
    FORGED = "forged"  # by somebody without the secret


@dataclass(frozen=True, slots=True)
class Signed:
    """A webhook that is believed; `delivery` is the same when it is sent again."""

    delivery: str


@dataclass(frozen=True, slots=True)
class WebhookSecret:
    """A shared secret: as it is written, and the bytes that Standard Webhooks signs with."""

    raw: bytes = field(repr=False)
    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `whsec_<base64>`, or take any other text for the secret itself.

        Raises:
            ValueError: nothing is there, or no base64 follows the prefix; the end of a sentence.
        """
        text = text.strip()
        raw = key = text.encode("utf-8", "surrogateescape")
        if text.startswith(_PREFIX):
            digits = text.removeprefix(_PREFIX).rstrip("=")
            try:
                key = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
            except (ValueError, binascii.Error):
                raise ValueError("it starts with whsec_ but no base64 follows") from None
        if not key:
            raise ValueError("it is empty")
        return cls(raw=raw, key=key)


def check(headers: Mapping[str, str], body: bytes, secret: WebhookSecret, *, now: int) -> Signed | Flaw:
    """Judge a webhook by the scheme that its headers name.

    `headers` are looked up in lower case, `body` is what was sent byte for byte, `now` Unix seconds.
    """
    if OPENROUTER_HEADER in headers:
        return check_openrouter(headers, body, secret, now=now)
    return check_standard(headers, body, secret, now=now)


def check_standard(
    headers: Mapping[str, str], body: bytes, secret: WebhookSecret, *, now: int
) -> Signed | Flaw:
    """Judge by Standard Webhooks 1.0; one right signature of several is enough (keys are rotated so)."""
    delivery, time = headers.get(ID_HEADER, ""), headers.get(TIME_HEADER, "")
    given = [part.partition(",") for part in headers.get(SIGNATURE_HEADER, "").split(" ")]
    signatures = [signature for version, _, signature in given if version == "v1"]
    if not (delivery and delivery.isascii()) or not signatures or not _TIME.fullmatch(time):
        return Flaw.UNSIGNED
    expected = _standard_signature(secret.key, delivery, time, body)
    if not any(_same(expected, signature) for signature in signatures):
        return Flaw.FORGED
    return Signed(delivery) if abs(now - int(time)) <= TOLERANCE else Flaw.STALE


def check_openrouter(
    headers: Mapping[str, str], body: bytes, secret: WebhookSecret, *, now: int
) -> Signed | Flaw:
    """Judge `t=<Unix seconds>,v1=<hex>`: HMAC-SHA256 of the time, a comma and the body."""
    parts = [part.strip().partition("=") for part in headers.get(OPENROUTER_HEADER, "").split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signatures = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not signatures or not _TIME.fullmatch(times[0]):
        return Flaw.UNSIGNED
    expected = hmac.new(secret.raw, times[0].encode() + b"," + body, hashlib.sha256).hexdigest()
    if not any(_same(expected, signature.lower()) for signature in signatures):
        return Flaw.FORGED
    # No id is sent along; the signature of the same words at the same second serves as one.
    return Signed(f"{times[0]},{expected}") if abs(now - int(times[0])) <= TOLERANCE else Flaw.STALE


def sign(secret: WebhookSecret, *, delivery: str, now: int, body: bytes) -> Mapping[str, str]:
    """Return the headers that Standard Webhooks asks of a sender; `now` in Unix seconds."""
    signature = _standard_signature(secret.key, delivery, str(now), body)
    return {ID_HEADER: delivery, TIME_HEADER: str(now), SIGNATURE_HEADER: f"v1,{signature}"}


def remote_ids(body: bytes) -> tuple[str, ...]:
    """Return what may be the render's id in a webhook's body, the likeliest first; () where nothing may.

    OpenAI's event has its own id at the top and the render's in `data`; Replicate sends the render itself.
    Several are fine: an id that is no render's makes nothing due.
    """
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(event, dict):
        return ()
    data = event.get("data")
    tables: list[dict[str, Any]] = [data, event] if isinstance(data, dict) else [event]
    found = [table.get(name) for table in tables for name in _ID_NAMES]
    words = [str(value) for value in found if isinstance(value, str | int) and not isinstance(value, bool)]
    # No database takes NUL or half a surrogate pair as text.
    return tuple(dict.fromkeys(word for word in words if word and word.isprintable()))


def _standard_signature(key: bytes, delivery: str, time: str, body: bytes) -> str:
    signed = b".".join((delivery.encode(), time.encode(), body))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))

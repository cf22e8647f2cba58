"""Forms: what a client asks for, read from JSON or multipart with every size checked."""

import asyncio
import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.preview.errors import invalid, too_large
from bot.preview.picture import MAX_BYTES

SIZES = {"720x1280": (720, 1280), "1280x720": (1280, 720)}
SECONDS = (4, 8, 12)
DEFAULT_SIZE, DEFAULT_SECONDS, DEFAULT_MODEL = "720x1280", 4, "preview"
MAX_PROMPT = 32_000  # characters
MAX_MODEL = 100
MAX_BODY = 30 * 1024 * 1024  # a 20 MiB picture as base64, and some text
MAX_PARTS = 32
BODY_SECONDS = 60.0

DATA_URL = re.compile(r"data:(image/[a-z.+-]+);base64,", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateVideo:
    """A valid request for a video; `picture` is an image file, not yet decoded."""

    prompt: str
    size: str = DEFAULT_SIZE
    seconds: int = DEFAULT_SECONDS
    model: str = DEFAULT_MODEL
    seed: int | None = None
    negative_prompt: str = ""
    picture: bytes | None = None

    def fingerprint(self) -> str:
        """Return a digest that is equal for equal requests."""
        picture = hashlib.sha256(self.picture).hexdigest() if self.picture is not None else ""
        parts = (self.prompt, self.size, self.seconds, self.model, self.seed, self.negative_prompt, picture)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemixVideo:
    """A valid request for another video of the same scene; without a seed that of the source stays."""

    source: str
    prompt: str
    seed: int | None = None

    def fingerprint(self) -> str:
        """Return a digest that is equal for equal requests, and no `CreateVideo`'s."""
        return hashlib.sha256(json.dumps(("remix", self.source, self.prompt, self.seed)).encode()).hexdigest()


async def read_remix(request: web.Request, source: str) -> RemixVideo:
    """Read and check the body of `POST /v1/videos/{source}/remix`. Raises ApiError."""
    fields = await read_fields(request)
    return RemixVideo(source=source, prompt=prompt_of(fields), seed=_seed_of(fields.get("seed")))


async def read_create(request: web.Request) -> CreateVideo:
    """Read and check the body of `POST /v1/videos`. Raises ApiError."""
    fields = await read_fields(request)
    return await asyncio.to_thread(create_of, fields)


async def read_fields(request: web.Request) -> dict[str, Any]:
    """Read a body into its fields, at most `MAX_BODY` bytes within `BODY_SECONDS`. Raises ApiError."""
    if request.content_length is not None and request.content_length > MAX_BODY:
        raise too_large("The request body must not be larger than 30 MiB.")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            if request.content_type == "multipart/form-data":
                return await _read_multipart(request)
            if request.content_type == "application/json":
                return await asyncio.to_thread(_json_fields, await request.read())
    except TimeoutError as exc:
        raise invalid(None, "the request body did not arrive in time", status=408) from exc
    except web.HTTPRequestEntityTooLarge as exc:
        raise too_large("The request body must not be larger than 30 MiB.") from exc
    except (HttpProcessingError, ClientPayloadError) as exc:
        raise invalid(None, "the request body is broken") from exc
    raise invalid(None, "Content-Type must be application/json or multipart/form-data", status=415)


def _json_fields(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise invalid(None, "the request body is not valid JSON") from exc
    if not isinstance(fields, dict):
        raise invalid(None, "the request body must be a JSON object")
    return fields


async def _read_multipart(request: web.Request) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    left = MAX_BODY
    try:
        reader = await request.multipart()
        for _ in range(MAX_PARTS):
            part = await reader.next()
            if part is None:
                return fields
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise invalid(None, "every part of the form must be a named field")
            content = bytearray()
            while chunk := await part.read_chunk(64 * 1024):
                content += chunk
                left -= len(chunk)
                if left < 0:
                    raise too_large("The request body must not be larger than 30 MiB.")
            fields[part.name] = (
                bytes(content) if part.name == "input_reference" else _text(part.name, content)
            )
    except (
        ValueError,
        AssertionError,
        RuntimeError,
        LookupError,
    ) as exc:  # what aiohttp raises for broken forms
        raise invalid(None, "the multipart form is broken") from exc
    raise invalid(None, f"the form must not have more than {MAX_PARTS} fields")


def _text(name: str, content: bytearray) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as exc:
        raise invalid(name, f"{name} is not valid UTF-8") from exc


def create_of(fields: Mapping[str, Any]) -> CreateVideo:
    """Check the fields of a create request; null is absent, unknown ones are ignored. Raises ApiError."""
    given = {name: value for name, value in fields.items() if value is not None}
    return CreateVideo(
        prompt=prompt_of(given),
        size=_size_of(given.get("size", DEFAULT_SIZE)),
        seconds=_seconds_of(given.get("seconds", DEFAULT_SECONDS)),
        model=_model_of(given.get("model", DEFAULT_MODEL)),
        seed=_seed_of(given.get("seed")),
        negative_prompt=_negative_of(given.get("negative_prompt", "")),
        picture=_picture_of(given.get("input_reference")),
    )


def prompt_of(fields: Mapping[str, Any]) -> str:
    """Return the prompt. Raises ApiError if it is missing, blank or longer than the API allows."""
    prompt = fields.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise invalid("prompt", "prompt is required")
    if len(prompt) > MAX_PROMPT:
        raise invalid("prompt", f"prompt must not be longer than {MAX_PROMPT} characters")
    return prompt


def _size_of(value: object) -> str:
    if not isinstance(value, str) or value not in SIZES:
        raise invalid("size", "size must be 720x1280 or 1280x720")
    return value


def _seconds_of(value: object) -> int:
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    for seconds in SECONDS:
        if text == str(seconds):
            return seconds
    raise invalid("seconds", "seconds must be 4, 8 or 12")


def _model_of(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_MODEL:
        raise invalid("model", f"model must be a name of at most {MAX_MODEL} characters")
    return value


def _seed_of(value: object) -> int | None:
    if value is None:
        return None
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) >= 2**63:
        raise invalid("seed", "seed must be a whole number from 0 to 2^63 - 1")
    return int(text)


def _negative_of(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_PROMPT:
        raise invalid("negative_prompt", f"negative_prompt must be text of at most {MAX_PROMPT} characters")
    return value


def _picture_of(value: object) -> bytes | None:
    """Return the bytes of an uploaded file, or of a data URL; this server never fetches anything."""
    if value is None or isinstance(value, bytes):
        return value
    url = value.get("image_url") if isinstance(value, dict) else None
    prefix = DATA_URL.match(url) if isinstance(url, str) else None
    if not isinstance(url, str) or prefix is None:
        raise invalid("input_reference", "input_reference must be a file or {image_url: a base64 data URL}")
    if len(url) > MAX_BYTES * 4 // 3 + 100:
        raise invalid("input_reference", "input_reference must not be larger than 20 MiB")
    try:
        return base64.b64decode(url[prefix.end() :], validate=True)
    except binascii.Error as exc:
        raise invalid("input_reference", "image_url is not valid base64") from exc

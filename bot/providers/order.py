"""The body of a create request, from a `VideoRequest` and a profile. Pure."""

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.capabilities import Option
from bot.domain.codes import Code
from bot.domain.errors import UnsupportedRequest
from bot.domain.video import Size, VideoRequest
from bot.providers.profile import Profile
from bot.providers.profile_create import PICTURES, Create, Encoding, PictureAs, SecondsAs
from bot.providers.profile_source import SourceOrder

Part = tuple[str, tuple[None, str] | tuple[str, bytes, str]]

_SHAPES = ((16, 9), (9, 16), (1, 1), (4, 3), (3, 4), (3, 2), (2, 3), (21, 9), (9, 21))
_NEAR = 0.03
"""1280x704 is sold as 16:9: sizes are whole blocks of pixels."""
_FRAMES = {Option.PICTURE: "first_frame", Option.LAST_PICTURE: "last_frame"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Exactly one of the two bodies, the headers that go with it, and where it is sent.

    `create` is how it was written, `video` the field that names an earlier render.
    """

    route: str
    create: Create
    video: str | None = None
    json: Mapping[str, object] | None = None
    form: tuple[Part, ...] | None = None
    headers: Mapping[str, str]


def make_order(
    profile: Profile,
    request: VideoRequest,
    *,
    picture: bytes | None,
    last_picture: bytes | None = None,
    key: str,
) -> Order:
    """Write the request in the profile's dialect.

    Options that are empty, or that the profile has no field for, are left out. A picture that goes as a file
    is a JPEG with name and type: servers refuse bare bytes (reference: providers, section 6).

    Raises:
        UnsupportedRequest: it goes on from an earlier render, and the dialect has no such order.
    """
    source = request.source
    native = None if source is None else _native(profile, request)
    create = profile.create if native is None else native.create(profile.create)
    route = profile.routes.create if native is None or native.route is None else native.route
    url = profile.url(route, source.remote_id if source is not None else "")
    headers = {create.key_header: key} if create.key_header else {}
    files = dict(zip(PICTURES, (picture, last_picture), strict=True))
    pictures = {
        option: content
        for option, content in files.items()
        if content is not None and option in create.fields
    }
    body: dict[str, object] = dict(create.extra)
    for option, value in _values(request, create).items():
        if option in create.fields and value not in (None, ""):
            _put(body, create.fields[option], value)
    video = None if native is None else native.video
    if source is not None and video is not None:
        _put(body, video, source.remote_id)
    as_files = create.picture_as is PictureAs.FILE
    if not as_files:
        for option, content in pictures.items():
            _put_picture(body, create, option, content)
    has_files = as_files and bool(pictures)
    if create.encoding is Encoding.JSON or (create.encoding is Encoding.MIXED and not has_files):
        return Order(route=url, create=create, video=video, json=body, headers=headers)
    parts: list[Part] = [(name, (None, _text(value))) for name, value in body.items()]
    if as_files:
        for option, content in pictures.items():
            parts.append((create.fields[option], ("reference.jpg", content, "image/jpeg")))
    return Order(route=url, create=create, video=video, form=tuple(parts), headers=headers)


def _native(profile: Profile, request: VideoRequest) -> SourceOrder:
    found = None if request.source is None else profile.sources.get(request.source.use)
    if found is None:
        raise UnsupportedRequest("the dialect cannot go on from an earlier render", code=Code.SOURCE_GONE)
    return found


def sent_options(
    create: Create, request: VideoRequest, *, picture: bytes | None, last_picture: bytes | None
) -> Mapping[Option, str]:
    """Return the options that such an order carries, and the API's names for them."""
    used = {
        Option.PICTURE: picture is not None,
        Option.LAST_PICTURE: last_picture is not None,
        Option.SEED: request.seed is not None,
        Option.NEGATIVE: bool(request.negative),
        Option.AUDIO: request.audio is not None,
    }
    return {
        option: create.fields[option] for option, sent in used.items() if sent and option in create.fields
    }


def _values(request: VideoRequest, create: Create) -> Mapping[str, object]:
    size = request.size
    return {
        "prompt": request.prompt,
        "model": request.model,
        "size": str(size),
        "width": size.width,
        "height": size.height,
        "resolution": resolution(size),
        "aspect_ratio": aspect_ratio(size),
        "seconds": request.seconds if create.seconds_as is SecondsAs.NUMBER else str(request.seconds),
        Option.SEED: request.seed,
        Option.NEGATIVE: request.negative,
        Option.AUDIO: request.audio,
    }


def resolution(size: Size) -> str:
    """Return "720p" and the like, "4K" for 2160 lines."""
    lines = min(size.width, size.height)
    return "4K" if lines == 2160 else f"{lines}p"


def aspect_ratio(size: Size) -> str:
    """Return the usual ratio that the size is meant as, "16:9" and the like."""
    for width, height in _SHAPES:
        if abs(size.ratio * height / width - 1) <= _NEAR:
            return f"{width}:{height}"
    common = math.gcd(size.width, size.height)
    return f"{size.width // common}:{size.height // common}"


def _put(body: dict[str, object], name: str, value: object) -> None:
    """Set a field; a name with dots leads into objects."""
    *outer, last = name.split(".")
    for step in outer:
        inside = body.get(step)
        body[step] = inner = dict(inside) if isinstance(inside, dict) else {}  # never into the profile's own
        body = inner
    body[last] = value


def _put_picture(body: dict[str, object], create: Create, option: Option, content: bytes) -> None:
    url = f"data:image/jpeg;base64,{base64.b64encode(content).decode('ascii')}"
    name = create.fields[option]
    match create.picture_as:
        case PictureAs.DATA_URL_OBJECT:
            _put(body, name, {"image_url": url})
        case PictureAs.FRAMES:
            frame = {"type": "image_url", "image_url": {"url": url}, "frame_type": _FRAMES[option]}
            earlier = body.get(name)
            body[name] = [*(earlier if isinstance(earlier, list) else []), frame]
        case _:
            _put(body, name, url)


def _text(value: object) -> str:
    """Write a value as a part of a form; an object goes as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

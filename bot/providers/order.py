"""The body of a create request, from a `VideoRequest` and a profile. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.capabilities import Option
from bot.domain.video import VideoRequest
from bot.providers.profile import Encoding, Profile

Part = tuple[str, tuple[None, str] | tuple[str, bytes, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Exactly one of the two bodies, and the headers that go with it."""

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

    Options that are empty, or that the profile has no field for, are left out; the length goes as text. The
    picture is a JPEG file with name and type: servers refuse bare bytes (reference: providers, section 6).
    """
    options = {
        "prompt": request.prompt,
        "model": request.model,
        "size": str(request.size),
        "seconds": str(request.seconds),
        "seed": request.seed,
        "negative": request.negative,
        "audio": request.audio,
    }
    fields = {
        profile.fields[option]: value
        for option, value in options.items()
        if option in profile.fields and value not in (None, "")
    }
    headers = {profile.key_header: key} if profile.key_header else {}
    files = {Option.PICTURE: picture, Option.LAST_PICTURE: last_picture}
    sent = {option: content for option, content in files.items() if content is not None}
    if profile.encoding is Encoding.MIXED and not sent:
        return Order(json=fields, headers=headers)
    parts: list[Part] = [(name, (None, str(value))) for name, value in fields.items()]
    for option, content in sent.items():
        parts.append((profile.fields[option], ("reference.jpg", content, "image/jpeg")))
    return Order(form=tuple(parts), headers=headers)

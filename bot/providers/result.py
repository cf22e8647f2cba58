"""The finished video: where it is, in which order that is tried, and one that came inside the answer."""

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator, Sequence
from urllib.parse import unquote_to_bytes

from bot.domain.codes import Code
from bot.domain.container import container_of
from bot.domain.errors import AuthFailed, BadResponse, NotReady, ProviderError, RemoteNotFound, Unavailable
from bot.domain.remote import RemoteVideo
from bot.providers.answers import Answers
from bot.providers.begun import Begun
from bot.providers.http import ProviderHttp
from bot.providers.normalise import INLINE_URL
from bot.providers.profile import Profile
from bot.providers.profile_answer import ResultFirst
from bot.providers.reply import Reply
from bot.providers.result_file import ResultFile

_PIECE = 1024 * 1024


def places(profile: Profile, http: ProviderHttp, video: RemoteVideo) -> Sequence[str]:
    """Return the locations of a finished video in the order of the profile."""
    content = profile.routes.content
    found = []
    if content is not None and not profile.routes.content_by_result:
        found.append(http.base.route(profile.url(content, video.id)))
    if video.url is not None and video.url != INLINE_URL:
        found.append(video.url)
    return found if profile.answer.first is ResultFirst.CONTENT else found[::-1]


async def fetch_first(
    http: ProviderHttp, answers: Answers, locations: Sequence[str], target: ResultFile, *, provider: str
) -> int:
    """Stream the video from the first location that gives one; return its length.

    Raises:
        NotReady, Unavailable, RateLimited, AuthFailed: try again later.
        RemoteNotFound: gone for good. BadResponse: not a video, or too long.
    """
    failure: ProviderError = NotReady(f"{provider} names no result location", provider=provider)
    for location in locations:
        try:
            answer = await http.download(location, target)
            if isinstance(answer, Reply):
                raise answers.refused_result(answer)
        except (AuthFailed, BadResponse, NotReady, RemoteNotFound, Unavailable) as error:
            if error.code is Code.RESULT_TOO_LARGE:
                raise
            failure = error
        else:
            return answer
    raise failure


async def write_inline(url: str, target: ResultFile, *, provider: str) -> int:
    """Write the video that stands in a "data:" URL to the file; return its length.

    Raises:
        BadResponse: no video, or too long. NoRoom, StorageError: the disk does not take it.
    """
    try:
        content = await asyncio.to_thread(_decoded, url)
        return await target.take(Begun(), 200, {"content-length": str(len(content))}, _pieces(content))
    except BadResponse as error:
        raise BadResponse(f"{provider} sent {error}", provider=provider, code=error.code) from error


def _decoded(url: str) -> bytes:
    """Return what a "data:" URL holds (RFC 2397)."""
    head, comma, text = url.partition(",")
    if not comma:
        raise BadResponse("a broken data URL")
    if not head.lower().rstrip().endswith(";base64"):
        return unquote_to_bytes(text)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise BadResponse("a video that is no base64") from exc


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


def check_opening(opening: bytes) -> None:
    """Tell a video from a message by its first bytes; the label is often wrong (LiteLLM says video/mp4).

    Raises:
        BadResponse: it is none.
    """
    if container_of(opening) is None:
        raise BadResponse("something that is no video" if opening else "an empty result")

"""What an HTTP status means where the answer is no render: pure, from a `Reply` to one of our errors."""

from collections.abc import Collection

from bot.domain.codes import Code
from bot.domain.errors import (
    AuthFailed,
    BadResponse,
    ContentRejected,
    NotReady,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    RemoteNotFound,
    Unavailable,
    UnsupportedRequest,
)
from bot.domain.remote import RefusedPart
from bot.providers.profile_answer import USUAL, Answer
from bot.providers.reason import Reason, read_reason
from bot.providers.reply import Reply

_AUTH = frozenset({401, 402, 403})
_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "insufficient_user_quota"})
_UNKNOWN_ID = frozenset({"task_not_exist", "task_not_found", "video_not_found"})
_AGAIN = frozenset({408, 425, 499})
_MOVED = frozenset({301, 307, 308})


def refused_get(
    reply: Reply, *, provider: str, secrets: Collection[str] = (), answer: Answer = USUAL
) -> ProviderError:
    """Return what a GET or DELETE's answer means where nothing else could be read from it."""
    reason = _reason(reply, secrets, answer)
    text = _sentence(provider, reply, reason)
    if reply.status == 429:
        return _limited(reply, reason, provider, text)
    if reason.code in _UNKNOWN_ID or (reply.status in {404, 410} and not reply.is_html):
        return RemoteNotFound(text, provider=provider)
    if reply.status in _AUTH:
        return AuthFailed(text, provider=provider)
    if reply.status in _AGAIN or reply.status >= 500:
        return Unavailable(text, provider=provider, retry_after=reply.retry_after)
    if reply.status < 400 or reply.is_html:
        return BadResponse(text, provider=provider)
    return UnsupportedRequest(text, provider=provider)


def refused_order(
    reply: Reply, *, provider: str, secrets: Collection[str] = (), answer: Answer = USUAL
) -> ProviderError:
    """Return what a POST's answer means for the money (reference: jobs, rule 1).

    Refused is what the status says was refused. Everything else may have been bought: a server error, a
    time-out of somebody in between, an answer that cannot be read.
    """
    reason = _reason(reply, secrets, answer)
    text = _sentence(provider, reply, reason)
    if reply.status == 429:
        return _limited(reply, reason, provider, text)
    if 400 <= reply.status < 500 and reply.status not in _AGAIN:
        if reason.moderated:
            return ContentRejected(text, provider=provider, what=_refused_part(reason), cost="none")
        if reply.status in _AUTH:
            return AuthFailed(text, provider=provider)
        return UnsupportedRequest(text, provider=provider)
    if reply.status in _MOVED:
        return UnsupportedRequest(text, provider=provider)
    return OutcomeUnknown(text, provider=provider)


def refused_result(
    reply: Reply, *, provider: str, secrets: Collection[str] = (), answer: Answer = USUAL
) -> ProviderError:
    """Return what the answer to a download means: nearly everything is "not yet".

    A 404 is that too: servers say so for some moments after "completed", and whether the render itself is
    gone is what a poll tells. Only 410 says that it is gone for good.
    """
    reason = _reason(reply, secrets, answer)
    text = _sentence(provider, reply, reason)
    if reply.status == 429:
        return _limited(reply, reason, provider, text)
    if reply.status == 410:
        return RemoteNotFound(text, provider=provider, code=Code.RESULT_EXPIRED)
    if reply.status in _AUTH:
        return AuthFailed(text, provider=provider)
    if reply.status < 400 and reply.status not in {202, 204}:
        return BadResponse(text, provider=provider)
    if reply.status >= 500:
        return Unavailable(text, provider=provider, retry_after=reply.retry_after)
    return NotReady(text, provider=provider, retry_after=reply.retry_after)


def _reason(reply: Reply, secrets: Collection[str], answer: Answer) -> Reason:
    return read_reason(answer.usual(reply.data()), secrets=secrets, moderation=answer.moderation)


def _refused_part(reason: Reason) -> RefusedPart:
    """Say what was refused before anything was rendered: it cannot be the result."""
    known = reason.refused in {RefusedPart.PROMPT, RefusedPart.PICTURE}
    return reason.refused if known else RefusedPart.REQUEST


def _limited(reply: Reply, reason: Reason, provider: str, text: str) -> ProviderError:
    if reason.code in _NO_CREDIT:
        return AuthFailed(text, provider=provider)
    return RateLimited(text, provider=provider, retry_after=reply.retry_after)


def _sentence(provider: str, reply: Reply, reason: Reason) -> str:
    said = reason.text or ("a web page" if reply.is_html else "" if reply.body.strip() else "nothing")
    return f"{provider} answered {reply.status}: {said}" if said else f"{provider} answered {reply.status}"

"""One API's answers, read by the rules and by what its profile adds to them."""

import logging
from collections.abc import Collection
from dataclasses import replace

from bot.domain.errors import BadResponse, ProviderError
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.providers.base_url import BaseUrl
from bot.providers.normalise import STATUS_WORDS, at, read_video, status_word
from bot.providers.profile import Profile
from bot.providers.refusal import refused_get, refused_order, refused_result
from bot.providers.reply import Reply
from bot.providers.retry_after import poll_hint

_WORDS_KEPT = 100

log = logging.getLogger(__name__)


class Answers:
    """Reads replies; keeps which unknown words were logged."""

    def __init__(self, *, provider: str, base: BaseUrl, profile: Profile, secrets: Collection[str]) -> None:
        self._provider = provider
        self._base = base
        self._profile = profile
        self._secrets = tuple(secrets)
        self._unknown_words: set[str] = set()

    def data(self, reply: Reply) -> object:
        """Return the answer in the usual shape, None where it is no JSON."""
        return self._profile.answer.usual(reply.data())

    def video(self, data: object, reply: Reply, *, remote_id: str | None = None) -> RemoteVideo:
        """Read a render out of what `data` returned.

        Raises:
            BadResponse: it is none.
        """
        self._note_word(status_word(data))
        try:
            video = read_video(
                data,
                remote_id=remote_id,
                poll_after=poll_hint(reply),
                secrets=self._secrets,
                moderation=self._profile.answer.moderation,
            )
        except BadResponse as exc:
            raise BadResponse(f"{self._provider}: {exc}", provider=self._provider) from exc
        content = self._profile.routes.content
        if content is None or not self._profile.routes.content_by_result:
            return video
        return replace(
            video, url=self._by_result(content, data) if video.status is RemoteStatus.DONE else None
        )

    def refused(self, reply: Reply) -> ProviderError:
        """Return what a GET's or DELETE's answer means that is no render."""
        answer = self._profile.answer
        return refused_get(reply, provider=self._provider, secrets=self._secrets, answer=answer)

    def refused_order(self, reply: Reply) -> ProviderError:
        """Return what a POST's answer means for the money."""
        answer = self._profile.answer
        return refused_order(reply, provider=self._provider, secrets=self._secrets, answer=answer)

    def refused_result(self, reply: Reply) -> ProviderError:
        """Return what a download's answer means that is no video."""
        answer = self._profile.answer
        error = refused_result(reply, provider=self._provider, secrets=self._secrets, answer=answer)
        error.retry_after = answer.wait if error.retry_after is None else error.retry_after
        return error

    def _by_result(self, content: str, data: object) -> str | None:
        """Return where the file is that has an id of its own."""
        found = at(data, ("result",))
        if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).isprintable():
            return None
        return self._base.route(self._profile.url(content, str(found)[:1000])) if str(found) else None

    def _note_word(self, word: str) -> None:
        if word in STATUS_WORDS or len(self._unknown_words) >= _WORDS_KEPT:
            return
        if word not in self._unknown_words:
            log.warning("%s says %r of a render, which is taken as running", self._provider, word)
        self._unknown_words.add(word)

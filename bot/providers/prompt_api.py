"""Chat completions at any OpenAI-compatible address, as a writer of prompts."""

import asyncio
from collections.abc import Sequence

from bot.domain.codes import Code
from bot.domain.errors import BadResponse, NotSent, ProviderError
from bot.domain.prompts.refine import Criterion
from bot.ports_prompt import PromptApiError
from bot.providers.http import ProviderHttp
from bot.providers.prompt_answer import read_prompt, read_scenes, read_themes, said
from bot.providers.prompt_instructions import to_digest, to_enhance, to_revise, to_split
from bot.providers.reason import read_reason
from bot.providers.reply import Reply

TIME_LIMIT = 20.0
"""Seconds for one answer with everything around it; somebody waits for it in front of a form."""
ANSWER_LIMIT = 512 * 1024
"""Bytes; far more than any prompt, and little enough to read."""
LONGEST_COMMENT = 1000
_AUTH = frozenset({401, 402, 403})


class PromptApi:
    """A `bot.ports_prompt.PromptWriter`. Nothing is streamed and no answer asked for twice.

    The request has nothing in it that only some servers take: no temperature, no limit of tokens, no format.
    """

    def __init__(
        self,
        http: ProviderHttp,
        *,
        model: str | None,
        secrets: Sequence[str] = (),
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._http = http
        self._model = model
        self._secrets = tuple(secrets)
        self._time_limit = time_limit

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def enhance(self, text: str) -> str:
        """Return the prompt with what it lacks; raises `PromptApiError`."""
        return read_prompt(await self._ask(to_enhance(), text))

    async def split(self, idea: str, count: int) -> tuple[str, ...]:
        """Return exactly `count` scene prompts; raises `PromptApiError`."""
        return read_scenes(await self._ask(to_split(count), idea), count)

    async def revise(self, prompt: str, weak: Sequence[Criterion], comment: str = "") -> str:
        """Return the prompt changed for the weak criteria; raises `PromptApiError`."""
        said_too = f"\n\nIts author says: {comment[:LONGEST_COMMENT]}" if comment.strip() else ""
        return read_prompt(await self._ask(to_revise(weak, comment=bool(said_too)), prompt + said_too))

    async def themes(self, remarks: Sequence[str], most: int) -> tuple[str, ...]:
        """Name what the remarks say most often, most often first; raises `PromptApiError`."""
        return read_themes(await self._ask(to_digest(most), "\n".join(f"- {text}" for text in remarks)), most)

    async def _ask(self, instruction: str, text: str) -> str:
        body: dict[str, object] = {
            "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": text}],
            "stream": False,
        }
        if self._model is not None:
            body["model"] = self._model
        try:
            async with asyncio.timeout(self._time_limit):
                reply = await self._post(body)
        except TimeoutError as exc:
            raise PromptApiError("no answer in time", code=Code.PROMPT_API_UNREACHABLE) from exc
        except ProviderError as exc:
            raise _no_answer(exc) from exc
        if not reply.ok:
            raise _refused(reply, self._secrets)
        data = reply.data()
        if isinstance(data, dict) and data.get("error") and not data.get("choices"):
            raise _refused(reply, self._secrets)
        return said(data)

    async def _post(self, body: dict[str, object]) -> Reply:
        """Send it; a second time where no connection was made. An answer may cost the owner something."""
        for last in (False, True):
            try:
                return await self._http.post(
                    "/chat/completions", json=body, limit=ANSWER_LIMIT, patience=self._time_limit
                )
            except NotSent:
                if last:
                    raise
        raise AssertionError("unreachable")


def _no_answer(error: ProviderError) -> PromptApiError:
    """Tell an answer that is far too long from none."""
    nonsense = isinstance(error.__cause__, BadResponse)
    code = Code.PROMPT_API_NONSENSE if nonsense else Code.PROMPT_API_UNREACHABLE
    return PromptApiError(str(error), code=code)


def _refused(reply: Reply, secrets: Sequence[str]) -> PromptApiError:
    reason = read_reason(reply.data(), secrets=secrets)
    text = f"the prompt API answered {reply.status}" + (f": {reason.text}" if reason.text else "")
    if reason.moderated:
        code = Code.PROMPT_API_REFUSED
    elif reply.status in _AUTH or reason.code == "insufficient_quota":
        code = Code.PROMPT_API_AUTH
    elif reply.status == 429:
        code = Code.PROMPT_API_BUSY
    else:
        code = Code.PROMPT_API_FAILED
    return PromptApiError(text, code=code)

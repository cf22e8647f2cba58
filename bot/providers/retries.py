"""When a GET is begun again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.errors import Unavailable
from bot.providers.reply import Reply

_BUSY = frozenset({429, 500, 502, 503, 504})

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """At most `count` more tries, none begun later than `budget` seconds after the first.

    Waits as long as the server asks, else with full jitter over a span that doubles from `base` seconds.
    """

    count: int = 2
    budget: float = 10.0
    base: float = 0.5
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    rng: random.Random = field(default_factory=random.Random)

    async def run(self, attempt: Callable[[], Awaitable[_T]], reply_of: Callable[[_T], Reply | None]) -> _T:
        """Return the first answer that is no busy reply, else the last answer.

        `reply_of` returns None for an answer that settles the matter whatever its status.

        Raises:
            Unavailable: the last attempt did.
        """
        started, tries = time.monotonic(), 0
        while True:
            pause = self.rng.uniform(0, self.base * 2**tries)
            try:
                answer = await attempt()
            except Unavailable:
                if not self._may_go_on(tries, started, pause):
                    raise
            else:
                reply = reply_of(answer)
                if reply is None or reply.status not in _BUSY:
                    return answer
                pause = pause if reply.retry_after is None else reply.retry_after
                if not self._may_go_on(tries, started, pause):
                    return answer
            tries += 1
            await self.sleep(pause)

    def _may_go_on(self, tries: int, started: float, pause: float) -> bool:
        return tries < self.count and time.monotonic() - started + pause <= self.budget

"""Tells the owners, in a channel of their own, of jobs that ended for reasons that are theirs to look at."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.domain.codes import Code
from bot.domain.errors import DeliveryError, StorageError, TryLater
from bot.domain.job import Job, JobEvent, JobId
from bot.domain.states import JobState
from bot.ports import Clock
from cogs.discord_errors import mapped
from cogs.status import as_typed, clock_time
from cogs.texts import Texts

log = logging.getLogger(__name__)

PAUSE_SECONDS = 20.0
"""Between two messages: what ends meanwhile shares the next one."""
SEND_SECONDS = 30.0
ATTEMPTS = 6
NAMED = 15
"""So many further jobs are named; the rest is counted."""
REASON_SHOWN = 900

MEMBERS_BUSINESS = frozenset({Code.PROVIDER_MODERATED, Code.GIVEN_UP})
"""Ends that a member brought about and can read for themselves."""

History = Callable[[JobId], Awaitable[Sequence[JobEvent]]]


class OperatorLog:
    """Writes to the log channel; whatever goes wrong there is one line in the log and nothing else."""

    def __init__(
        self, *, client: discord.Client, channel_id: int, history: History, texts: Texts, clock: Clock
    ) -> None:
        self._client = client
        self._channel_id = channel_id
        self._history = history
        self._texts = texts
        self._clock = clock
        self._waiting: list[Job] = []
        self._task: asyncio.Task[None] | None = None
        self._refused = False

    def report(self, job: Job) -> None:
        """Tell of the job's end soon, if it is the operator's business; never waits, never fails."""
        if self._refused or not is_operators_business(job):
            return
        self._waiting.append(job)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tell_all(), name="operator log")

    async def stop(self) -> None:
        """End at once; what was not told stands in the log and in the table."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _tell_all(self) -> None:
        try:
            while self._waiting:
                first, *others = self._waiting
                self._waiting.clear()
                await self._send(await self._text(first, others))
                await self._clock.sleep(PAUSE_SECONDS)
        except (DeliveryError, StorageError) as error:
            self._refused = not isinstance(error, TryLater | StorageError)
            lost = len(self._waiting) + 1
            self._waiting.clear()
            log.error("the log channel %d was not told of %d jobs: %s", self._channel_id, lost, error)

    async def _text(self, first: Job, others: Sequence[Job]) -> str:
        text = report_text(first, await self._history(first.id), self._texts)
        if not others:
            return text
        named = ", ".join(f"`{job.short_id}`" for job in others[:NAMED])
        return f"{text}\n{self._texts('operator-more', count=len(others), ids=named)}"

    async def _send(self, text: str) -> None:
        channel = self._client.get_partial_messageable(self._channel_id)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with mapped():
                    async with asyncio.timeout(SEND_SECONDS):
                        await channel.send(
                            text, allowed_mentions=discord.AllowedMentions.none(), suppress_embeds=True
                        )
            except TryLater as error:
                if attempt == ATTEMPTS:
                    raise
                await self._clock.sleep(error.retry_after or 2.0**attempt)
            else:
                return


def is_operators_business(job: Job) -> bool:
    """Say whether owners want to know: the member's own wrong prompt is none of it."""
    if job.state not in {JobState.FAILED, JobState.UNSURE}:
        return False
    return job.failure is None or job.failure.code not in MEMBERS_BUSINESS


def report_text(job: Job, history: Sequence[JobEvent], texts: Texts) -> str:
    """Write who, where, which way the job went and why it ended."""
    head = texts(
        "operator-unsure" if job.state is JobState.UNSURE else "operator-failed",
        id=job.short_id,
        code=job.failure.code if job.failure is not None else Code.INTERNAL,
        provider=as_typed(job.provider),
        member=f"<@{job.user_id}>",
        channel=f"<#{job.place.channel_id}>",
    )
    path = " → ".join(f"{event.to_state} {clock_time(event.at - job.created_at)}" for event in history)
    notes = [event.note for event in history if event.note]
    reason = as_typed(notes[-1][:REASON_SHOWN]) if notes else ""
    return "\n".join(line for line in (head, f"-# {path}" if path else "", reason) if line)

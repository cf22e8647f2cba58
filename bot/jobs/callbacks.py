"""Callbacks: each end of a job is offered to its server's own program until it takes it, for a day.

Nothing here can delay a job: ends are found in the history once they are written, and sent beside the engine.
"""

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from bot.domain.callback import (
    KEY_BYTES,
    Callback,
    JobEnd,
    check_address,
    end_body,
    new_secret,
    trial_body,
    wait_after,
)
from bot.domain.errors import ProviderError, StorageError
from bot.domain.job import Job
from bot.domain.webhooks import sign
from bot.ports import Clock

log = logging.getLogger(__name__)

TICK_SECONDS = 2.0
CRASH_SECONDS = 60.0
POST_SECONDS = 15.0
LEASE_MS = 60_000
"""A process that dies while it sends holds an end up for so long; it may then arrive a second time."""
TOGETHER = 8
OVERLAP = 600_000
"""Milliseconds that are looked at again: a transaction may commit long after it took the time."""
GIVE_UP_SECONDS = 600.0


class Answer(StrEnum):
    """What came of a POST."""

    TAKEN = "taken"
    REFUSED = "refused"  # it answered, and not with a 2xx
    SILENT = "silent"  # no answer
    FORBIDDEN = "forbidden"  # the address may not be reached from here


class CallbackStore(Protocol):
    """Callbacks and the outbox; all raise `DatabaseUnavailable`."""

    async def get(self, guild_id: int) -> Callback | None:
        """Return the server's callback."""

    async def set(self, callback: Callback) -> None:
        """Keep the callback; ends from now on are told, and those the address before did not take."""

    async def remove(self, guild_id: int) -> bool:
        """Forget the callback and what was on its way; say whether there was one."""

    async def collect(self, since: int) -> int:
        """Take down the ends since then, at most a day old, that any server wants; return the time, ms."""

    async def claim(self, *, lease_ms: int, limit: int) -> list[tuple[JobEnd, Job, Callback | None]]:
        """Take the next end of each server for so long, at most `limit` of them."""

    async def done(self, end: JobEnd) -> None:
        """Note that the end was taken, or that nobody wants it any more."""

    async def put_off(self, end: JobEnd, wait_ms: int, *, whole_server: bool) -> None:
        """Offer the end again after so long; with `whole_server` none of the server's ends before that."""

    async def give_up(self) -> list[int]:
        """Stop offering what is older than a day; return whose it was, a server for each end."""


class Post(Protocol):
    """The way to addresses that members name: https and public alone, no redirects."""

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
        """Send one POST and return the status of its answer.

        Raises:
            ValueError: the address must not be reached.
            ProviderError: no answer.
        """


class CallbackService:
    """What `/callback` sets, and the sending."""

    def __init__(self, *, store: CallbackStore, post: Post, clock: Clock) -> None:
        self._store = store
        self._post = post
        self._clock = clock
        self._since = 0

    async def set(self, guild_id: int, url: str) -> str:
        """Have the server's ends told to this address, and return the new secret, which is never shown again.

        Raises:
            ValueError: the address is wrong; its only argument is an `AddressFlaw`.
        """
        url = url.strip()
        flaw = check_address(url)
        if flaw is not None:
            raise ValueError(flaw)
        secret = new_secret(os.urandom(KEY_BYTES))
        await self._store.set(Callback(guild_id=guild_id, url=url, secret=secret))
        return secret

    async def off(self, guild_id: int) -> bool:
        """Tell the server's ends to nobody any more; say whether anybody was told."""
        return await self._store.remove(guild_id)

    async def test(self, guild_id: int) -> tuple[Answer, int] | None:
        """Send a POST that tells of nothing; return what came of it and the status, None if none is set."""
        callback = await self._store.get(guild_id)
        if callback is None:
            return None
        now = self._clock.now()
        return await self._send(callback, f"reelbot_test_{now}", trial_body(guild_id, now))

    async def run(self) -> None:
        """Send until cancelled; a database that is away is only waited for."""
        away, given_up_at = False, float("-inf")
        while True:
            pause = TICK_SECONDS
            try:
                await self.send_due()
                if self._clock.now() / 1000 - given_up_at > GIVE_UP_SECONDS:
                    await self._give_up()
                    given_up_at = self._clock.now() / 1000
                away = False
            except StorageError as error:
                if not away:
                    log.warning("callbacks wait for the database: %s", error)
                away = True
            except Exception:
                log.exception("callbacks failed unexpectedly")
                pause = CRASH_SECONDS
            await self._clock.sleep(pause)

    async def send_due(self) -> None:
        """Find new ends and offer everything that is due, server by server.

        Raises:
            StorageError: the database does not answer; what was sent already may be sent again.
        """
        self._since = await self._store.collect(self._since) - OVERLAP
        while claimed := await self._store.claim(lease_ms=LEASE_MS, limit=TOGETHER):
            async with asyncio.TaskGroup() as group:
                for end, job, callback in claimed:
                    group.create_task(self._offer(end, job, callback))

    async def _offer(self, end: JobEnd, job: Job, callback: Callback | None) -> None:
        try:
            await self._tell(end, job, callback)
        except StorageError as error:  # the lease runs out by itself
            log.warning("job %s: what came of its callback could not be noted: %s", job.short_id, error)
        except Exception:  # one end that cannot be told must not hold up the others
            log.exception("job %s: its callback failed unexpectedly", job.short_id)

    async def _tell(self, end: JobEnd, job: Job, callback: Callback | None) -> None:
        if callback is None:
            await self._store.done(end)
            return
        answer, status = await self._send(callback, end.delivery, end_body(job, end))
        if answer is Answer.TAKEN:
            log.debug("job %s: %s was told of its end", job.short_id, callback.host)
            await self._store.done(end)
            return
        wait = wait_after(end.attempt)
        level = logging.INFO if end.attempt > 1 else logging.WARNING
        log.log(
            level,
            "job %s: the callback to %s failed (%s %d), again in %d s",
            job.short_id,
            callback.host,
            answer,
            status,
            wait,
        )
        # An address that refuses may dislike this one end; one that is silent is away for all of them.
        await self._store.put_off(end, wait * 1000, whole_server=answer is not Answer.REFUSED)

    async def _send(self, callback: Callback, delivery: str, body: bytes) -> tuple[Answer, int]:
        signature = sign(callback.key, delivery=delivery, now=self._clock.now() // 1000, body=body)
        headers = {"content-type": "application/json", "user-agent": "reelbot", **signature}
        try:
            async with asyncio.timeout(POST_SECONDS):
                status = await self._post.post(callback.url, body=body, headers=headers)
        except ValueError:
            return Answer.FORBIDDEN, 0
        except (ProviderError, TimeoutError):
            return Answer.SILENT, 0
        return (Answer.TAKEN if 200 <= status < 300 else Answer.REFUSED), status

    async def _give_up(self) -> None:
        for guild_id, number in Counter(await self._store.give_up()).items():
            log.warning(
                "server %d: %d ends were not told: its callback took none for a day", guild_id, number
            )

"""Sends what the bot owes channels, once each, from whichever process; deletes what is taken back.

Whoever claims a row writes along that it may be sent. So one that was claimed before is looked for first, and
where nobody can look it is sent again only while Discord would know it by its nonce.
"""

import asyncio
import logging
import random
from collections.abc import Mapping
from typing import Protocol

from bot.domain.errors import DeliveryError, Forbidden, Gone, StorageError, TryLater
from bot.domain.job import WorkerId
from bot.domain.posting import Posting, PostingId, PostingKind, PostingState
from bot.jobs.decide import DELIVERY_PATIENCE, NONCE, SECOND, backoff
from bot.ports import Clock
from bot.ports_posting import PostingAnnouncer, PostingStore, PostingWriter

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
TOGETHER = 5
"""Postings at the same time: results and status messages need Discord's limits more."""


class Lease(Protocol):
    """What is needed of the runner: who this process is, and whether others know that it is alive."""

    @property
    def worker(self) -> WorkerId:
        """Return the name under which the lease is held."""

    def lease_is_good(self) -> bool:
        """Say whether no other process can have taken over."""


class PostingRunner:
    """Looks at postings that are due, every second."""

    def __init__(
        self,
        *,
        store: PostingStore,
        announcer: PostingAnnouncer,
        writers: Mapping[PostingKind, PostingWriter],
        lease: Lease,
        clock: Clock,
        rng: random.Random,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._writers = writers
        self._lease = lease
        self._clock = clock
        self._rng = rng
        self._in_hand: dict[PostingId, asyncio.Task[None]] = {}
        self._left_over: list[Posting] = []
        """What still stands as this process's own in the table, but is in nobody's hand."""

    async def run(self) -> None:
        """Post until cancelled; a database that is away is only waited for."""
        away = False
        try:
            while True:
                try:
                    await self.take_up()
                    away = False
                except StorageError as error:
                    if not away:
                        log.error("postings wait for the database: %s", error)
                    away = True
                await self._clock.sleep(TICK_SECONDS)
        finally:
            for task in self._in_hand.values():
                task.cancel()
            await self.finish()

    async def take_up(self) -> None:
        """Begin to send or delete what is due now, some of it at a time.

        Raises:
            StorageError: nothing could be claimed.
        """
        if not self._lease.lease_is_good():
            return  # without a lease whatever is claimed may be another's again at once
        while self._left_over:
            await self._store.put_off(self._left_over[-1], 0)
            self._left_over.pop()
        room = TOGETHER - len(self._in_hand)
        for posting in await self._store.claim(self._lease.worker, room) if room > 0 else ():
            if posting.id in self._in_hand:  # taken before the lease was lost and this process renamed
                self._left_over.append(posting)
            else:
                task = asyncio.create_task(self._deal(posting), name=f"posting {posting.id}")
                self._in_hand[posting.id] = task

    async def finish(self) -> None:
        """Wait until nothing is in hand."""
        await asyncio.gather(*self._in_hand.values(), return_exceptions=True)

    async def _deal(self, posting: Posting) -> None:
        """Send or delete one; whatever goes wrong with it is no matter for the others."""
        try:
            await self._attempt(posting)
        except StorageError as error:
            log.warning("posting %s: what came of it could not be noted: %s", posting.id, error)
            self._left_over.append(posting)
        finally:
            del self._in_hand[posting.id]

    async def _attempt(self, posting: Posting) -> None:
        try:
            if posting.state is PostingState.LEAVING:
                await self._take_away(posting)
            else:
                await self._post(posting)
        except StorageError:
            raise
        except TryLater as error:
            await self._try_later(posting, error)
        except DeliveryError as error:
            log.warning("posting %s is given up: %s: %s", posting.id, type(error).__name__, error)
            await self._store.give_up(posting)
        except Exception:
            log.exception("posting %s failed unexpectedly", posting.id)
            await self._put_off(posting, None)

    async def _take_away(self, posting: Posting) -> None:
        message_id = posting.message_id or await self._announcer.find(posting)
        if message_id is not None:
            await self._announcer.delete(posting, message_id)
        await self._store.give_up(posting)

    async def _post(self, posting: Posting) -> None:
        message_id = await self._sent(posting)
        if message_id is not None:
            await self._store.posted(posting, message_id)

    async def _sent(self, posting: Posting) -> int | None:
        """Return the message, found or sent; None where there was nothing to say."""
        if posting.attempt > 1:
            found = await self._found(posting)
            if found is not None:
                return found
        writer = self._writers.get(posting.kind)
        notice = await writer.write(posting) if writer is not None else None
        if notice is None:
            log.info("posting %s: there is nothing to say any more", posting.id)
            await self._store.give_up(posting)
            return None
        if not self._lease.lease_is_good():
            raise StorageError("the lease ran out before the post: another may have sent it meanwhile")
        return await self._announcer.send(posting, notice)

    async def _found(self, posting: Posting) -> int | None:
        """Look for what an earlier attempt may have sent; rather none than two where nobody can know."""
        try:
            return await self._announcer.find(posting)
        except (Forbidden, Gone):
            if self._clock.now() - (posting.intent_at or 0) > NONCE:
                raise
            return None

    async def _try_later(self, posting: Posting, error: TryLater) -> None:
        waits = posting.state is PostingState.DUE
        if waits and self._clock.now() - posting.created_at > DELIVERY_PATIENCE:
            log.warning("posting %s is given up, Discord does not take it: %s", posting.id, error)
            await self._store.give_up(posting)
            return
        log.info("posting %s, again later: %s", posting.id, error)
        await self._put_off(posting, error.retry_after)

    async def _put_off(self, posting: Posting, retry_after: float | None) -> None:
        wait = max(retry_after or 0.0, backoff(posting.attempt, self._rng))
        await self._store.put_off(posting, int(wait * SECOND))
